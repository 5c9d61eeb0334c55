import { Fault } from "../base/index.ts";
import type { Edit, Finding, Obligations, Place, Redaction } from "../domain/index.ts";

/** One text with what was found in it. */
export interface FoundSpan {
  readonly place: Place;
  readonly findings: readonly Finding[];
}

/** The edits of one body, and how many findings of each class they cover. */
export interface EditPlan {
  readonly edits: readonly Edit[];
  readonly redactedByClass: ReadonlyMap<string, number>;
}

const nothing: EditPlan = { edits: [], redactedByClass: new Map() };

/**
 * The edits that carry out the redactions of a decision on one direction of an exchange. Findings
 * that touch and are of one type become one edit, so that a value cut into parts gets one mask.
 */
export function planEdits(options: {
  readonly direction: "request" | "response";
  readonly spans: readonly FoundSpan[];
  readonly redact: Obligations["redact"];
}): EditPlan {
  if (options.redact === undefined) return nothing;
  const edits: Edit[] = [];
  const redactedByClass = new Map<string, number>();
  options.spans.forEach((span, index) => {
    let last: { edit: Edit; type: string } | undefined;
    for (const finding of span.findings) {
      const replacement = replacementFor(finding, span.place, options.direction, options.redact);
      if (replacement === undefined) continue;
      const { dataClass, start, end, type } = finding;
      redactedByClass.set(dataClass, (redactedByClass.get(dataClass) ?? 0) + 1);
      if (last?.type === type && last.edit.end === start) {
        const joined = { ...last.edit, end };
        edits[edits.length - 1] = joined;
        last = { edit: joined, type };
      } else {
        const edit = { span: index, start, end, replacement };
        edits.push(edit);
        last = { edit, type };
      }
    }
  });
  return { edits, redactedByClass };
}

/**
 * Checks that none of these edits is of a text that must stay as it is.
 * @throws Fault redaction_impossible
 */
export function requireEditable(
  edits: readonly Edit[],
  texts: readonly { readonly isFixed?: true }[],
): void {
  if (edits.some((edit) => texts[edit.span]?.isFixed)) {
    throw new Fault("redaction_impossible", "expected values only where they can be masked");
  }
}

/** What stands in for a finding, or undefined where no redaction covers it (policy-model 5.5). */
export function replacementFor(
  finding: Finding,
  place: Place,
  direction: "request" | "response",
  redact: Obligations["redact"],
): string | undefined {
  const redaction = redact?.[finding.dataClass];
  if (redaction === undefined || !covers(redaction, place, direction)) return undefined;
  switch (redaction.method) {
    case "mask":
      return `[${finding.type}]`;
    case "remove":
      return "";
  }
}

function covers(redaction: Redaction, place: Place, direction: "request" | "response"): boolean {
  return (
    redaction.directions.includes(direction) &&
    (redaction.in === undefined || redaction.in.includes(place))
  );
}
