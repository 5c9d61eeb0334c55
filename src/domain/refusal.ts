/** A refusal before it is rendered in the caller's own wire format (policy-model 5.3). */
export interface Refusal {
  /** HTTP status: 400, 401, 403, 413, 429 or 503. */
  readonly status: number;
  /** `message.code` of the primary rule, else the reason. */
  readonly code: string;
  /** One sentence for people; the decision id is added when it is rendered. */
  readonly message: string;
  /** When trying again makes sense, if it does at all. */
  readonly retryAfterSeconds?: number;
  /** True: clients that try again by themselves are told not to. */
  readonly isFinal?: boolean;
  /** The exchange id, given to the caller as the decision id. */
  readonly decisionId: string;
}
