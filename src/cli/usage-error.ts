/** A command line that was not understood, or an input that cannot be read: ends with exit code 3. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The next step to take, as a sentence. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
