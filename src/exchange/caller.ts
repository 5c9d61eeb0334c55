import type { Identity } from "../domain/index.ts";
import { resolveIdentity } from "../identity/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { ExchangeDeps } from "./deps.ts";
import type { ExchangeEvent } from "./events.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;
type Listener = Pick<ExchangeDeps, "identity" | "stripsHeaders">;

/**
 * Who is known to ask before the request's headers: the one app of the listener, where the policies
 * declare no source that could contradict it.
 */
export function presumedCaller(
  { identity }: Listener,
  snapshot: Snapshot | undefined,
): Identity | undefined {
  return snapshot === undefined || declaresNone(snapshot) ? identity : undefined;
}

/** Who asks, by all that came with the request's headers. */
export function callerOf(
  { identity, stripsHeaders }: Listener,
  snapshot: Snapshot,
  event: HeadersEvent,
): Identity | undefined {
  if (declaresNone(snapshot)) return identity;
  return resolveIdentity(event, { fixed: identity, stripsHeaders }, snapshot.identity);
}

function declaresNone({ identity }: Snapshot): boolean {
  return identity.declarations.length === 0;
}
