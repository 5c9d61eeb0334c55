import { schemaNames } from "../json-schema.ts";
import { Vocabulary } from "../json-vocabulary.ts";

/** Names this format reads or that its bodies are full of. */
export const openaiChatVocabulary = new Vocabulary([
  ...schemaNames,
  ...["model", "messages", "stream", "temperature", "max_tokens", "max_completion_tokens"],
  ...["tools", "functions", "function", "custom", "parameters", "properties", "description"],
  ...[
    "type",
    "required",
    "items",
    "enum",
    "strict",
    "tool_choice",
    "response_format",
    "prediction",
  ],
  ...["role", "name", "content", "text", "refusal", "tool_calls", "tool_call_id", "function_call"],
  ...["arguments", "input", "image_url", "url", "input_audio", "data", "file", "file_id"],
  ...["file_data", "filename", "audio", "transcript", "annotations", "reasoning"],
  ...["reasoning_content", "reasoning_details", "signature", "format", "system", "user"],
  ...["id", "object", "created", "choices", "index", "message", "delta", "finish_reason"],
  ...["logprobs", "token", "token_ids", "logprob", "bytes", "top_logprobs", "usage"],
  ...["prompt_tokens", "completion_tokens", "total_tokens", "system_fingerprint"],
  ...["prompt_tokens_details", "completion_tokens_details", "cached_tokens", "audio_tokens"],
  ...["reasoning_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens"],
  ...["stream_options", "include_usage", "json_schema", "schema", "detail", "url_citation"],
  ...["service_tier", "obfuscation", "error", "code", "param", "metadata"],
]);
