import type { Place } from "../../domain/index.ts";
import { UsageError } from "../usage-error.ts";
import type { RecordedDecision, RecordedFinding } from "./find-decision.ts";
import { classPattern, type Mark, type MarkKind } from "./mark.ts";

/** What a reviewer says, as the command line has it. */
export interface MarkOrder {
  readonly kind: MarkKind;
  readonly decision: string;
  readonly class: string | undefined;
  readonly in: Place | undefined;
  readonly at: string;
}

/**
 * The mark of a reviewer, checked against what is on record. Throws `UsageError` where he speaks of
 * something that was not found, or of nothing where something was.
 */
export function makeMark(order: MarkOrder, recorded: RecordedDecision): Mark {
  checkClass(order);
  const finding = surest(findingsFor(order, recorded));
  if (isAboutFinding(order.kind) && finding === undefined) {
    throw new UsageError(
      `Nothing of class ${order.class}${whereOf(order)} is on record for this decision.`,
      `On record: ${listOf(recorded.findings)}. What was missed is marked as false-negative.`,
    );
  }
  if (order.kind === "true_negative" && finding !== undefined) {
    throw new UsageError(
      "Something is on record for this decision, so it is no negative.",
      `On record: ${listOf(recorded.findings)}. Mark it as true-positive or false-positive.`,
    );
  }
  const { at, class: name, decision, in: place, kind } = order;
  const { tenant } = recorded;
  return {
    at,
    decision,
    kind,
    ...(tenant === undefined ? {} : { tenant }),
    ...(name === undefined ? {} : { class: name }),
    ...(place === undefined ? {} : { in: place }),
    ...(finding === undefined || !isAboutFinding(kind) ? {} : foundBy(finding)),
  };
}

function checkClass({ class: name, kind }: MarkOrder): void {
  if (name === undefined && kind !== "true_negative") {
    throw new UsageError(
      "This needs --class CLASS.",
      "Name the class that was found or missed, such as pii.email.",
    );
  }
  if (name !== undefined && !new RegExp(classPattern).test(name)) {
    throw new UsageError(
      "--class takes a data class such as pii.email.",
      "`chancery detect --types` lists those that rules find.",
    );
  }
}

function isAboutFinding(kind: MarkKind): boolean {
  return kind === "false_positive" || kind === "true_positive";
}

function findingsFor(
  { class: name, in: place }: MarkOrder,
  { findings }: RecordedDecision,
): readonly RecordedFinding[] {
  return findings.filter(
    (finding) =>
      (name === undefined || finding.class === name) &&
      (place === undefined || finding.in === place),
  );
}

function surest(findings: readonly RecordedFinding[]): RecordedFinding | undefined {
  return findings.toSorted((a, b) => b.confidencePct - a.confidencePct)[0];
}

function foundBy({ confidencePct, detector }: RecordedFinding): Partial<Mark> {
  return { ...(detector === undefined ? {} : { detector }), confidencePct };
}

function whereOf({ in: place }: MarkOrder): string {
  return place === undefined ? "" : ` in ${place}`;
}

function listOf(findings: readonly RecordedFinding[]): string {
  const names = new Set(findings.map((finding) => `${finding.class} in ${finding.in}`));
  return names.size === 0 ? "nothing" : [...names].sort().join(", ");
}
