/** What a parameter of a request is called in the wire formats that have it. */
export interface RequestParam {
  readonly openaiChat?: readonly string[];
  readonly anthropicMessages?: readonly string[];
}

/**
 * The parameters that a `transform` rule may bound, by their names in policies. `maxTokens` is the
 * language's own word; all others are called as the formats call them. Where several fields say the
 * same, each of them is bounded. A format that is missing has no such parameter.
 */
export const requestParams: Readonly<Record<string, RequestParam>> = {
  maxTokens: {
    openaiChat: ["max_completion_tokens", "max_tokens"],
    anthropicMessages: ["max_tokens"],
  },
  temperature: { openaiChat: ["temperature"], anthropicMessages: ["temperature"] },
  top_p: { openaiChat: ["top_p"], anthropicMessages: ["top_p"] },
  top_k: { anthropicMessages: ["top_k"] },
  frequency_penalty: { openaiChat: ["frequency_penalty"] },
  presence_penalty: { openaiChat: ["presence_penalty"] },
  seed: { openaiChat: ["seed"] },
  n: { openaiChat: ["n"] },
  logprobs: { openaiChat: ["logprobs"] },
  top_logprobs: { openaiChat: ["top_logprobs"] },
  parallel_tool_calls: { openaiChat: ["parallel_tool_calls"] },
  reasoning_effort: { openaiChat: ["reasoning_effort"] },
  verbosity: { openaiChat: ["verbosity"] },
  service_tier: { openaiChat: ["service_tier"], anthropicMessages: ["service_tier"] },
  inference_geo: { anthropicMessages: ["inference_geo"] },
};
