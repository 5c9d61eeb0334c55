/** Thrown when our own code broke a promise; never caught below the stream boundary. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** Stops with a `Bug` when something that must hold does not. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}
