import assert from "node:assert/strict";

/** Counters of the filter that count what should not happen; names as Envoy's, without prefix. */
const alarming = [
  "clear_route_cache_disabled",
  "clear_route_cache_ignored",
  "failure_mode_allowed",
  "message_timeouts",
  "override_message_timeout_ignored",
  "override_message_timeout_received",
  "rejected_header_mutations",
  "spurious_msgs_received",
  "streams_failed",
] as const;

type Alarming = (typeof alarming)[number];

/**
 * Fails unless Envoy's filter counted nothing alarming since it started, except what is `expected`.
 * A counter that Envoy does not have is a failure as well.
 */
export async function assertFilterStatistics(
  adminUrl: string,
  expected: Partial<Record<Alarming, number>> = {},
  prefix = "http.llm.ext_proc.",
): Promise<void> {
  const found = await readFilterStatistics(adminUrl, prefix);
  const wanted = alarming.map((name) => [name, expected[name] ?? 0]);
  assert.deepEqual(
    alarming.map((name) => [name, found.get(name)]),
    wanted,
  );
  // A clean end of ours makes Envoy let the rest pass; it counts there, and so do error statuses.
  const failed = found.get("streams_failed") ?? 0;
  assert.ok((found.get("server_half_closed") ?? Number.NaN) <= failed, "a clean end came first");
}

/** All counters of one filter, by their last name. */
export async function readFilterStatistics(
  adminUrl: string,
  prefix = "http.llm.ext_proc.",
): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${adminUrl}/stats`)).text();
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name = "", value] = line.split(": ");
    if (name.startsWith(prefix)) found.set(name.slice(prefix.length), Number(value));
  }
  return found;
}
