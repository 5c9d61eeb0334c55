import { recordListMax } from "../../base/index.ts";
import type { Point, Verdict } from "../../domain/index.ts";
import type { ClosingRecord, DecisionRecord } from "../../record/index.ts";
import {
  guardrailDecisions,
  guardrailName,
  guardrailOperation,
  guardrailTargets,
  guardrailNames as names,
  watchedDecision,
} from "./guardrail-names.ts";
import type { Attributes } from "./span.ts";

type Judged = DecisionRecord | ClosingRecord;
type Tool = NonNullable<Judged["tools"]>[number];
type Findings = NonNullable<Judged["findings"]>;

/** One point at which an exchange was judged, as a span tells of it. */
export interface Guardrail {
  readonly name: string;
  readonly attributes: Attributes;
  /** What was found there, an event each. */
  readonly findings: readonly Attributes[];
}

/** The name of such an event. */
export const findingEvent = names.finding;

const spanName = `${guardrailOperation} ${guardrailName}`;

/**
 * The points at which a record says that its exchange was judged: the request or the answer, and each
 * tool. None of one that ended before that. Names, labels and numbers of the record; never what was
 * said. `isWatched`: nothing of it was carried out.
 */
export function guardrailsOf(record: Judged, isWatched: boolean): readonly Guardrail[] {
  const { findings = [], point, tools = [], verdict } = record;
  if (verdict === "none") return [];
  const attributes = toAttributes({ ...record, point, verdict }, isWatched);
  return [
    { name: spanName, attributes, findings: toFindings(findings) },
    ...notableFirst(tools).map((tool) => ({
      name: spanName,
      attributes: { ...toAttributes(tool, isWatched), [names.tool]: tool.name },
      findings: toFindings(tool.findings ?? []),
    })),
  ];
}

/** As many as a record lists, so that what was denied or changed is among them. */
function notableFirst(tools: readonly Tool[]): readonly Tool[] {
  if (tools.length <= recordListMax) return tools;
  const isPlain = ({ verdict }: Tool) => verdict === "allow";
  const sorted = [...tools.filter((tool) => !isPlain(tool)), ...tools.filter(isPlain)];
  return sorted.slice(0, recordListMax);
}

function toAttributes(
  judged: {
    readonly point: Point;
    readonly verdict: Verdict;
    readonly decidedBy?: string | null | undefined;
    readonly reason?: string | null | undefined;
  },
  isWatched: boolean,
): Attributes {
  const { decidedBy, point, reason, verdict } = judged;
  return {
    [names.operation]: guardrailOperation,
    [names.guardrail]: guardrailName,
    [names.target]: guardrailTargets[point],
    [names.decision]:
      isWatched && verdict !== "allow" ? watchedDecision : guardrailDecisions[verdict],
    [names.policyId]: decidedBy ?? undefined,
    [names.policyName]: policyOf(decidedBy),
    "chancery.point": point,
    "chancery.verdict": verdict,
    "chancery.reason": reason ?? undefined,
  };
}

/** The document of a rule, as `NAMESPACE/NAME/RULE` names it; a boundary or the fallback has none. */
function policyOf(decidedBy: string | null | undefined): string | undefined {
  const [namespace, name, ...rule] = decidedBy?.split("/") ?? [];
  return rule.length === 0 ? undefined : `${namespace}/${name}`;
}

function toFindings(findings: Findings): readonly Attributes[] {
  return findings.slice(0, recordListMax).map((finding) => ({
    [names.riskCategory]: finding.class,
    "chancery.finding.in": finding.in,
    "chancery.finding.count": finding.count,
    "chancery.finding.confidence_pct": finding.confidencePct,
  }));
}
