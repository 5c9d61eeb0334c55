import { Fault } from "../base/index.ts";
import {
  type Edit,
  type Finding,
  isStronger,
  type Obligations,
  type Place,
  type Redaction,
} from "../domain/index.ts";
import { findingsApart } from "./apart.ts";
import { replacementOf, type TokenOf } from "./replacement.ts";

/** One text with what was found in it. */
export interface FoundSpan {
  readonly place: Place;
  readonly text: string;
  readonly findings: readonly Finding[];
  /** What a decision on the tool that this text belongs to asks for besides. */
  readonly ofTool?: ToolRedactions | undefined;
}

/** The redactions of a decision on a call or a result of a tool, and the place it is about. */
export interface ToolRedactions {
  readonly place: "tool_args" | "tool_result";
  readonly redact: Obligations["redact"];
}

/** The edits of one body, and how many findings of each class they cover. */
export interface EditPlan {
  readonly edits: readonly Edit[];
  readonly redactedByClass: ReadonlyMap<string, number>;
}

const nothing: EditPlan = { edits: [], redactedByClass: new Map() };

/**
 * The edits that carry out the redactions of a decision on one direction of an exchange. Findings
 * that touch and are of one type become one edit, so that a value cut into parts gets one mask; where
 * some overlap, `findingsApart` says whose the text is.
 */
export function planEdits(options: {
  readonly direction: "request" | "response";
  readonly spans: readonly FoundSpan[];
  readonly redact: Obligations["redact"];
  readonly tokenOf: TokenOf;
}): EditPlan {
  const { direction, redact, tokenOf } = options;
  if (redact === undefined && options.spans.every(({ ofTool }) => ofTool === undefined)) {
    return nothing;
  }
  const edits: Edit[] = [];
  const redactedByClass = new Map<string, number>();
  options.spans.forEach((span, index) => {
    const scope: RedactionScope = { place: span.place, direction, redact, ofTool: span.ofTool };
    const methodOf = (finding: Finding) => redactionFor(finding, scope)?.method;
    let last: { edit: Edit; type: string } | undefined;
    for (const finding of findingsApart(span.findings, methodOf)) {
      const { dataClass, start, end, type } = finding;
      const redaction = redactionFor(finding, scope);
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
  /** As of `FoundSpan`. */
  readonly ofTool?: ToolRedactions | undefined;
}

/**
 * The redaction that covers a finding, or undefined where it stays; of two the one whose method is
 * the stronger (policy-model 5.5).
 */
export function redactionFor(
  { dataClass }: Pick<Finding, "dataClass">,
  { direction, ofTool, place, redact }: RedactionScope,
): Redaction | undefined {
  const own = covering(redact?.[dataClass], place, direction);
  if (ofTool === undefined) return own;
  const other = covering(ofTool.redact?.[dataClass], ofTool.place, direction);
  if (own === undefined || other === undefined) return own ?? other;
  return isStronger(other.method, own.method) ? other : own;
}

/** The redaction, if it holds in this place and direction. */
function covering(
  redaction: Redaction | undefined,
  place: Place,
  direction: "request" | "response",
): Redaction | undefined {
  if (redaction === undefined || !redaction.directions.includes(direction)) return undefined;
  return redaction.in === undefined || redaction.in.includes(place) ? redaction : undefined;
}
