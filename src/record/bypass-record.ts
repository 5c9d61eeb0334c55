/**
 * An exchange passed unjudged because a route or overload rule says so: one each, instead of a
 * decision, never aggregated (audit-and-operations 2.2).
 */
export interface BypassRecord {
  readonly exchange: string;
  readonly reason: "route" | "overload" | "fault" | "audit";
  readonly route?: string | undefined;
  readonly requestId?: string | undefined;
  readonly tenant?: string | undefined;
  readonly app?: string | undefined;
}
