import type { DecisionInput } from "../domain/index.ts";
import type { DecisionDocument } from "../policy/index.ts";
import type { Paint } from "./paint.ts";
import { plural } from "./problem-report.ts";

/** One input that two versions of policies decide differently. */
export interface Change {
  readonly input: DecisionInput;
  readonly before: DecisionDocument;
  readonly after: DecisionDocument;
  /** A deny became a permit, or a redaction was lost or became weaker. */
  readonly isWider: boolean;
  /** Conditions it hinges on, by their text, with how they end. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** What was decided by both. */
export interface Search {
  /** Inputs. */
  readonly total: number;
  /** False: more could be told apart than are tried. */
  readonly isExhaustive: boolean;
}

/** Changes for programs (policy-model 12.1); what a search left out is said where it did. */
export function changesToJson(changes: readonly Change[], { isExhaustive }: Search): string {
  const rows = changes.map(({ input, before, after, conditions }) => ({
    input,
    before,
    after,
    ...(Object.keys(conditions).length > 0 && { conditions }),
  }));
  const report = { changes: rows, ...(!isExhaustive && { exhaustive: false }) };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** Changes for people, those that permit more first. */
export function renderChanges(
  changes: readonly Change[],
  { total, isExhaustive }: Search,
  paint: Paint,
): string {
  const wider = changes.filter(({ isWider }) => isWider);
  const others = changes.filter(({ isWider }) => !isWider);
  const blocks = [...wider, ...others].map((change) => renderChange(change, paint));
  const counts = `${plural(total, "input")}: ${plural(changes.length, "change")}, ${wider.length} permit more`;
  const summary =
    wider.length === 0
      ? paint("good", counts)
      : `${paint("bad", counts)}\n  Look at each one above; \`chancery explain\` shows the rules behind it.`;
  const bound = isExhaustive
    ? ""
    : "\n  There is more to tell apart than was tried: requests spread over all of it, always the same.";
  return `${[...blocks, summary + bound].join("\n\n")}\n`;
}

function renderChange({ input, before, after, isWider, conditions }: Change, paint: Paint): string {
  const head = isWider ? paint("bad", "permits more") : paint("warning", "changes");
  const who = `${input.tenant ?? "nobody"}/${input.app ?? "-"}`;
  const found = input.data.findings.map((finding) => `${finding.class} in ${finding.in}`);
  const what = input.point === "response" ? `${input.action} (answer)` : input.action;
  const asked = [who, describeCaller(input), what, input.model ?? input.tool?.name, ...found];
  return [
    `${head}  ${asked.filter((part) => part !== undefined).join("  ")}`,
    `  before  ${describe(before)}`,
    `  after   ${describe(after)}`,
    ...Object.entries(conditions).map(([text, end]) => `  where   ${text}  ${ends[end] ?? end}`),
  ].join("\n");
}

function describeCaller({ principal }: DecisionInput): string | undefined {
  const belongs = [...(principal?.groups ?? []), ...(principal?.roles ?? [])];
  return belongs.length === 0 ? principal?.id : `${principal?.id} (${belongs.join(", ")})`;
}

/** How a condition ends, in words. */
const ends: Readonly<Record<string, string>> = {
  T: "holds",
  F: "does not hold",
  E: "cannot be told",
};

function describe({ outcome, verdict, reason, decidedBy, model, obligations }: DecisionDocument) {
  const redactions = Object.entries(obligations.redact ?? {}).map(
    ([name, { method, directions }]) => `${method} ${name} (${directions.join(", ")})`,
  );
  const { redact: _shown, ...others } = obligations;
  const rest = Object.entries(others).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const parts = [
    outcome === "deny" ? `deny: ${reason}` : `permit: ${verdict}`,
    decidedBy === null ? undefined : `by ${decidedBy}`,
    model.used === null ? undefined : `to ${model.used}`,
    ...redactions,
    ...rest,
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}
