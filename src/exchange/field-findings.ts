import type { HeaderField } from "../domain/index.ts";
import { FindingTally } from "./finding-tally.ts";

/** What was found in the headers and trailers of an answer, and what becomes of it. */
export class FieldFindings {
  readonly findings = new FindingTally();
  /** Headers as they are to leave. */
  headers: readonly HeaderField[] = [];
  /** Edits of headers and trailers so far. */
  edited = 0;
}
