import { Fault } from "../base/index.ts";
import type { Edit, Finding, Obligations, Place, Redaction } from "../domain/index.ts";
import { replacementOf, type TokenOf } from "./replacement.ts";

/** One text with what was found in it. */
export interface FoundSpan {
  readonly place: Place;
  readonly text: string;
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
  readonly tokenOf: TokenOf;
}): EditPlan {
  const { direction, redact, tokenOf } = options;
  if (redact === undefined) return nothing;
  const edits: Edit[] = [];
  const redactedByClass = new Map<string, number>();
  options.spans.forEach((span, index) => {
    let last: { edit: Edit; type: string } | undefined;
    for (const finding of span.findings) {
      const { dataClass, start, end, type } = finding;
      const redaction = redactionFor(finding, { place: span.place, direction, redact });
      if (redaction === undefined) continue;
      const value = span.text.slice(start, end);
      const replacement = replacementOf(finding, redaction.method, { value, tokenOf });
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

/** Where a finding is, and what is to be done there. */
export interface RedactionScope {
  readonly place: Place;
  readonly direction: "request" | "response";
  readonly redact: Obligations["redact"];
}

/** The redaction that covers a finding, or undefined where it stays (policy-model 5.5). */
export function redactionFor(
  { dataClass }: Pick<Finding, "dataClass">,
  { direction, place, redact }: RedactionScope,
): Redaction | undefined {
  const redaction = redact?.[dataClass];
  return redaction !== undefined && covers(redaction, place, direction) ? redaction : undefined;
}

function covers(redaction: Redaction, place: Place, direction: "request" | "response"): boolean {
  return (
    redaction.directions.includes(direction) &&
    (redaction.in === undefined || redaction.in.includes(place))
  );
}
