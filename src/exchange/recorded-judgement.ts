import type { Decision } from "../domain/index.ts";
import { toRecordedFindings, toRecordedRules } from "../record/index.ts";
import type { ExchangeDeps } from "./deps.ts";
import { discreet } from "./discretion.ts";
import type { FindingTally } from "./finding-tally.ts";
import type { Knowledge } from "./knowledge.ts";
import { obligationsDigestOf, toRecordedObligations } from "./recorded-obligations.ts";

/** What was known and done, beside the decision, when a record is written. */
export interface Circumstances {
  /** Places edited; absent where nothing was carried out. */
  readonly edited?: number;
  /** A fault code, or the reason of a refusal that no decision gave. */
  readonly reason?: string;
}

/** What an answer's record is made with besides. */
export interface AnswerCircumstances extends Circumstances {
  readonly findings?: FindingTally;
}

/** What a judgement is told of. */
interface Judged extends AnswerCircumstances {
  readonly knowledge: Knowledge;
  readonly deps: Pick<ExchangeDeps, "detector" | "isUnsigned">;
  /** Where the request goes or went. */
  readonly target: Decision["target"];
}

/** The fields that decisions and closings have in common; `decision` is undefined where none was made. */
export function recordedJudgement(
  decision: Decision | undefined,
  { deps, edited, findings, knowledge, reason, target }: Judged,
) {
  const { head, identity, requestedModel } = knowledge;
  const isListed = typeof decision?.model.used === "string";
  const model = {
    // One that resolved to a model of the catalog is a name of the catalog.
    requested:
      isListed || requestedModel === undefined
        ? requestedModel
        : discreet(requestedModel, deps.detector),
    used: decision?.model.used,
    provider: target?.provider,
    region: target?.region,
  };
  return {
    tenant: identity?.tenant,
    app: identity?.app,
    route: head?.route,
    model,
    outcome: decision?.outcome ?? ("none" as const),
    verdict: decision?.verdict ?? ("none" as const),
    reason: decision?.reason ?? reason,
    decidedBy: decision?.decidedBy,
    rules: decision && toRecordedRules(decision.matched, decision.rules),
    warnings: decision?.warnings,
    controls: decision?.controls,
    lifted: decision?.lifted,
    shadow: decision?.shadow,
    evaluated: decision?.evaluated,
    results: decision?.results,
    obligations: decision && toRecordedObligations(decision),
    obligationsDigest: decision && obligationsDigestOf(decision.obligations),
    applied:
      edited === undefined
        ? undefined
        : { redactions: edited > 0 ? ("ok" as const) : ("none" as const), spans: edited },
    findings: findings?.isEmpty === false ? toRecordedFindings(findings.groups()) : undefined,
    unsigned: deps.isUnsigned ? (true as const) : undefined,
  };
}

/** Headers and trailers are part of the answer, though judged ahead of it or after it. */
export function withAnswerFields(
  circumstances: AnswerCircumstances,
  { answerFields }: Pick<Knowledge, "answerFields">,
  judged: FindingTally | undefined,
): AnswerCircumstances {
  const { edited, findings = judged } = circumstances;
  const all = findings === undefined ? circumstances : { ...circumstances, findings };
  if (answerFields === undefined) return all;
  return {
    ...all,
    ...(edited === undefined ? {} : { edited: edited + answerFields.edited }),
    findings: findings?.with(answerFields.findings) ?? answerFields.findings,
  };
}
