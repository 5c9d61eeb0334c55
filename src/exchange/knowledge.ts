import type {
  DataStatus,
  Decision,
  Finding,
  Identity,
  RequestFacts,
  ResponseFacts,
} from "../domain/index.ts";
import type { Format } from "../formats/index.ts";
import type { RecordedTool } from "../record/index.ts";
import type { CallQuotas } from "./call-quotas.ts";
import type { FieldFindings } from "./field-findings.ts";
import { FindingTally } from "./finding-tally.ts";
import type { QuotaHold } from "./quota-hold.ts";
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
  /** The quotas of the permit; undefined where it has none. */
  quotas: QuotaHold | undefined;
  /** Those of calls in the answer; undefined until the first call is judged. */
  callQuotas: CallQuotas | undefined;
  /** The model that a watched request names, where the decision on it names none. */
  watchedModel: string | undefined;
  /** The platform only watches the app, so the exchange goes on as it came (policy-model 7). */
  isWatched: boolean;
  /** What the answer says about itself; undefined until it is complete. */
  response: ResponseFacts | undefined;
  /** Decisions on the tools of the request and of the answer, as they are recorded. */
  readonly offeredTools: RecordedTool[];
  readonly calledTools: RecordedTool[];
  /** Codes of the decisions on tools, for the caller. */
  readonly toolWarnings: Set<string>;
  /** Passes unjudged, and the caller is told so. */
  isFlagged: boolean;
  readonly requestFindings: FindingTally;
  /** Of trailers that came behind the decision and were refused for them. */
  trailerFindings: FindingTally | undefined;
  /** Whether all was classified that is known by now; once it is not, it stays so. */
  dataStatus: DataStatus;
  /** What classifiers found in the arguments of calls, by these; undefined: nobody asked them. */
  classifiedArgs: ReadonlyMap<string, readonly Finding[]> | undefined;
  /** Of the answer's texts so far; undefined before any is judged. */
  answerFindings: FindingTally | undefined;
  /** Of the answer's headers and trailers; undefined while nothing was found in them. */
  answerFields: FieldFindings | undefined;
}

/** What is known when an exchange begins. */
export function newKnowledge(identity: Identity | undefined): Knowledge {
  return {
    identity,
    head: undefined,
    format: undefined,
    request: undefined,
    requestedModel: undefined,
    permit: undefined,
    quotas: undefined,
    callQuotas: undefined,
    watchedModel: undefined,
    isWatched: false,
    response: undefined,
    offeredTools: [],
    calledTools: [],
    toolWarnings: new Set(),
    isFlagged: false,
    requestFindings: new FindingTally(),
    trailerFindings: undefined,
    dataStatus: "ok",
    classifiedArgs: undefined,
    answerFindings: undefined,
    answerFields: undefined,
  };
}
