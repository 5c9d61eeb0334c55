/** The signals by which people and supervisors end a command that runs until told otherwise. */
const endings = ["SIGINT", "SIGTERM"] as const;

/** Resolves at the first ending signal; `second` aborts at the next one: stop at once. */
export function untilEnded(): { readonly first: Promise<void>; readonly second: AbortSignal } {
  const hurry = new AbortController();
  const { promise: first, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const onSignal = () => {
    count += 1;
    if (count === 1) resolve();
    else hurry.abort();
  };
  for (const signal of endings) process.on(signal, onSignal);
  return { first, second: hurry.signal };
}

/** Runs something at every hangup, by which supervisors ask a server to read its files again. */
export function onHangup(run: () => void): void {
  process.on("SIGHUP", run);
}
