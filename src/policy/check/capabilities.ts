/** How far one format goes with an effect at a point. */
export type Reach =
  /** Carried out. */
  | "yes"
  /** The format has nothing to carry it out with; `note` says what holds instead. */
  | "recorded"
  /** Does not load. */
  | "no";

/** One thing a rule may ask for, where it can be carried out, and how. */
export interface Capability {
  /** The field of a rule. */
  readonly effect: string;
  readonly point: "request" | "response" | "tool.list" | "tool.call" | "tool.result";
  readonly openaiChat: Reach;
  readonly anthropicMessages: Reach;
  /** Whether it can be done while the proxy keeps the bodies of answers (`NONE`). */
  readonly withoutAnswers: boolean;
  readonly note: string;
}

const everywhere = { openaiChat: "yes", anthropicMessages: "yes" } as const;
const nowhere = { openaiChat: "no", anthropicMessages: "no" } as const;
const told = { openaiChat: "recorded", anthropicMessages: "recorded" } as const;

/**
 * What this version carries out: what the loader refuses (E09) and the documentation are both made
 * from this table. Requests are always seen whole, as no other body mode is accepted for them.
 */
export const capabilities: readonly Capability[] = [
  {
    effect: "redact",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "Texts of the body and of headers. A value in a path, in a query or in a text that is signed cannot be edited: the request is refused with `obligation_conflict`.",
  },
  {
    effect: "redact",
    point: "response",
    ...everywhere,
    withoutAnswers: false,
    note: "All texts of an answer, arguments of calls included, are at place `response`; a running answer is edited while it runs.",
  },
  {
    effect: "redact",
    point: "tool.list",
    ...nowhere,
    withoutAnswers: true,
    note: "Redact under `llm.generate` instead.",
  },
  {
    effect: "redact",
    point: "tool.call",
    ...everywhere,
    withoutAnswers: false,
    note: "Values in the arguments of a call in an answer, which are at place `tool_args` here. They are on the way back, so `directions` must have `response`. Where a rule about the answer covers a value too, the stronger method counts.",
  },
  {
    effect: "redact",
    point: "tool.result",
    ...everywhere,
    withoutAnswers: true,
    note: "Values in the results of tools that a request tells the model, at place `tool_result`; `directions` must have `request`. The decision on the request comes first and takes such a value for one that is left. Where a rule restricts results, each tool's are a decision of their own: what nobody permits, or belongs to no call in the request, refuses it.",
  },
  {
    effect: "quota",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "Reserved before a request leaves, settled from the provider's count. A quota of `tool_calls` counts the calls in the answer.",
  },
  {
    effect: "quota",
    point: "tool.list",
    ...nowhere,
    withoutAnswers: true,
    note: "That a tool is listed uses nothing: put the quota on a rule of `tool.call`.",
  },
  {
    effect: "quota",
    point: "tool.call",
    ...everywhere,
    withoutAnswers: false,
    note: "Asked for each call before it leaves; one that is over the budget is denied with `quota_exceeded`, and what was reserved for calls that do not leave is given back. `requests` and `tool_calls` count a call as one. A call by itself has neither tokens nor a price: with these units a rule about tools alone does not load, except where a `usd` quota has a `cost` that does without tokens. A budget that the request draws on already counts the calls there.",
  },
  {
    effect: "quota",
    point: "tool.result",
    ...nowhere,
    withoutAnswers: true,
    note: "A result uses nothing: put the quota on a rule of `tool.call`.",
  },
  {
    effect: "deny",
    point: "response",
    ...everywhere,
    withoutAnswers: false,
    note: "A whole answer is replaced by a refusal; a running one ends with an error event.",
  },
  {
    effect: "deny",
    point: "tool.list",
    ...everywhere,
    withoutAnswers: true,
    note: "The tool is taken out of the request, or the request is refused (`offeredTools` of the listener).",
  },
  {
    effect: "deny",
    point: "tool.call",
    ...everywhere,
    withoutAnswers: false,
    note: "The answer is refused or ended before the call leaves. What a provider's own tools did by then is done.",
  },
  {
    effect: "deny",
    point: "tool.result",
    ...everywhere,
    withoutAnswers: true,
    note: "The request that tells the model the result is refused.",
  },
  {
    effect: "warn",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "`x-chancery-warning` of the answer, and the record.",
  },
  {
    effect: "warn",
    point: "tool.list",
    ...everywhere,
    withoutAnswers: true,
    note: "`x-chancery-warning` of the answer.",
  },
  {
    effect: "warn",
    point: "tool.call",
    ...everywhere,
    withoutAnswers: false,
    note: "The record of the call, and `x-chancery-warning` where the headers of the answer have not left: of one that comes whole under `FULL_DUPLEX_STREAMED` or `BUFFERED`. A running answer, and any under `STREAMED`, has sent them by then.",
  },
  {
    effect: "warn",
    point: "tool.result",
    ...everywhere,
    withoutAnswers: true,
    note: "`x-chancery-warning` of the answer, and the record of the result.",
  },
  {
    effect: "transform.params",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "A field that is missing is added, but not to requests that only count tokens. A format without the parameter has nothing to bound.",
  },
  {
    effect: "transform.retention.store",
    point: "request",
    openaiChat: "yes",
    anthropicMessages: "recorded",
    withoutAnswers: true,
    note: "`store` of Chat Completions. Anthropic's Messages API stores nothing that could be fetched again, and has no such field.",
  },
  {
    effect: "transform.retention.training",
    point: "request",
    ...told,
    withoutAnswers: true,
    note: "No API has a field for it: your contract with the provider holds, and the record says what was asked for.",
  },
  {
    effect: "transform.retention.maxDays",
    point: "request",
    ...told,
    withoutAnswers: true,
    note: "No API has a field for it: choose models by `retention` of their catalog, and the record says what was asked for.",
  },
  {
    effect: "transform.tools.remove",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "A choice of tools that names one of them goes as well, and so do settings of tools once none is left.",
  },
  {
    effect: "transform.tools.requireApproval",
    point: "tool.call",
    ...everywhere,
    withoutAnswers: false,
    note: "A call that nobody has approved is denied with `approval_required`.",
  },
  {
    effect: "transform.prompt.prepend",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "Before the system prompt, or as one. Models that bind their thinking to what stood before it may refuse a conversation that began without.",
  },
  {
    effect: "transform.headers.set",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "Headers of the request, in the place of the caller's. Not those of the connection, of the body, of credentials or of proxies.",
  },
  {
    effect: "transform.route.only",
    point: "request",
    ...everywhere,
    withoutAnswers: true,
    note: "Part of the decision itself.",
  },
];

/** Headers that describe the connection, the body or the way, or that others answer for. */
const reservedHeaders: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"],
  ...["upgrade", "host", "content-length", "content-type", "content-encoding", "expect"],
  ...["authorization", "proxy-authorization", "proxy-authenticate", "x-api-key", "api-key"],
  ...["x-goog-api-key", "cookie", "x-request-id", "x-forwarded-for", "x-forwarded-proto"],
  ...["x-forwarded-client-cert"],
]);

/** True for a request header that no policy sets. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return (
    reservedHeaders.has(lower) || lower.startsWith("x-chancery-") || lower.startsWith("x-envoy-")
  );
}
