/** The log, a source, a listener or the admin port could not be opened; the message says which and why. */
export class ServerNotStarted extends Error {
  override readonly name = "ServerNotStarted";

  constructor(what: string, cause: unknown) {
    super(`${what}: ${reasonOf(cause)}.`, { cause });
  }
}

/** The words of whoever failed, down to what the system said. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
}
