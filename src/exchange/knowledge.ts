import type { Decision, Identity, RequestFacts } from "../domain/index.ts";
import type { Format } from "../formats/index.ts";
import type { FieldFindings } from "./field-findings.ts";
import type { FindingTally } from "./finding-tally.ts";
import type { RequestHead } from "./request-head.ts";

/** What the sides of an exchange know in common; written by the request side, read by both. */
export interface Knowledge {
  /** Who asks; undefined until the request's headers prove it, and where they do not. */
  identity: Identity | undefined;
  head: RequestHead | undefined;
  format: Format | undefined;
  /** What the request said about itself; undefined until it was read. */
  request: RequestFacts | undefined;
  /** The model as asked for. */
  requestedModel: string | undefined;
  /** The permit of the request side; undefined before it, on a bypass and on a local reply. */
  permit: Decision | undefined;
  /** Passes unjudged, and the caller is told so. */
  isFlagged: boolean;
  readonly requestFindings: FindingTally;
  /** Of the answer's headers and trailers; undefined while nothing was found in them. */
  answerFields: FieldFindings | undefined;
}
