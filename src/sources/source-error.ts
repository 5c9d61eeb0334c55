/** Why a source gives nothing; it ends where sources are polled, or in a command's message. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  /** The next step to take, as a sentence. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
