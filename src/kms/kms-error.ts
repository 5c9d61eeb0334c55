/**
 * - `kms_away`: no answer, or one that says to come back.
 * - `kms_denied`: we may not do this, or have no token to show.
 * - `kms_unfit`: the key there is none that can be a root, or not any more.
 * - `kms_invalid`: an answer that no such service gives, or a signature that does not verify.
 */
export type KmsFault = "kms_away" | "kms_denied" | "kms_unfit" | "kms_invalid";

/**
 * A key management service did not do what was asked. The message is for people and quotes nothing
 * that came from the service, which could hand back what it was sent.
 */
export class KmsError extends Error {
  override readonly name = "KmsError";
  readonly code: KmsFault;

  constructor(code: KmsFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
