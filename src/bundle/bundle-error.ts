import type { ProblemCode } from "../base/index.ts";

/** What is wrong with one bundle; it ends where the bundle is judged, as a problem. */
export class BundleError extends Error {
  override readonly name = "BundleError";
  readonly code: ProblemCode;
  /** The next step to take, as a sentence. */
  readonly hint: string;

  constructor(code: ProblemCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Something of an archive that `chancery bundle build` never writes. */
export function notOurs(message: string): BundleError {
  return new BundleError(
    "B02",
    message,
    "Make the archive with `chancery bundle build`, and move it without unpacking.",
  );
}
