import type { Decision, DecisionInput } from "../domain/index.ts";
import type { DecisionDocument } from "../policy/index.ts";
import type { Paint } from "./paint.ts";

/** What a decision is shown with. */
export interface DecisionReportOptions {
  readonly input: DecisionInput;
  /** What the decision says beyond its document. */
  readonly details: Pick<Decision, "message" | "isObserved" | "buckets">;
  readonly paint: Paint;
}

/** One decision for people: what decided, what it is bound to, and how each rule turned out. */
export function renderDecision(decision: DecisionDocument, options: DecisionReportOptions): string {
  const { paint } = options;
  const sections = [
    ["", headLines(decision, options)],
    ["Obligations", obligationLines(decision)],
    [
      "Models tried",
      decision.hops.map(({ model, result, reason }) => joined([model, result, reason])),
    ],
    ["Lifted", decision.lifted.map(({ rule, by }) => `${rule}  by ${by}`)],
    ["In shadow", shadowLines(decision)],
    ["Rules on the path", ruleLines(decision, paint)],
  ] as const;
  return `${sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) =>
      heading === ""
        ? lines.join("\n")
        : [paint("strong", heading), ...lines.map((line) => `  ${line}`)].join("\n"),
    )
    .join("\n\n")}\n`;
}

function headLines(decision: DecisionDocument, { input, details, paint }: DecisionReportOptions) {
  const { outcome, verdict, reason, decidedBy, model } = decision;
  const tone = outcome === "deny" ? "bad" : verdict === "allow" ? "good" : "warning";
  const what = outcome === "deny" ? `deny: ${reason}` : `permit: ${verdict}`;
  const rows: (readonly [string, string])[] = [
    ["decided by", decidedBy ?? (outcome === "deny" ? "no rule" : "")],
    ["also denied", decision.rules.slice(1).join(", ")],
    ["told", joined([details.message?.code, details.message?.text])],
    ["asked by", joined([`${input.tenant ?? "nobody"}/${input.app ?? "-"}`, input.principal?.id])],
    ["asked for", joined([`${input.action} at ${input.point}`, input.model ?? input.tool?.name])],
    ["goes to", model.used ?? ""],
    ["found", foundText(input)],
    ["observed", details.isObserved ? "recorded only; nothing is changed, refused or routed" : ""],
    ["ramps", rampText(details.buckets)],
    ["warnings", decision.warnings.join(", ")],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  return [paint(tone, what), ...shown.map(([name, value]) => `  ${name.padEnd(11)}  ${value}`)];
}

function rampText(buckets: Decision["buckets"]): string {
  return Object.entries(buckets ?? {})
    .map(([rollout, bucket]) => `${rollout} bucket ${bucket} of 10000`)
    .join(", ");
}

function foundText({ data }: DecisionInput): string {
  const found = data.findings.map(
    (finding) => `${finding.class} x${finding.count} in ${finding.in} (${finding.confidence})`,
  );
  const status = data.status === "ok" ? [] : [`classification ${data.status}`];
  return [...status, ...found].join(", ");
}

function obligationLines({ obligations }: DecisionDocument): readonly string[] {
  const { redact, ...others } = obligations;
  return [
    ...Object.entries(redact ?? {}).map(([name, { method, directions, in: places, by }]) =>
      joined([
        `${method} ${name}`,
        directions.join(", "),
        places === undefined ? undefined : `in ${places.join(", ")}`,
        `by ${by}`,
      ]),
    ),
    ...Object.entries(others).map(([name, value]) => `${name}  ${JSON.stringify(value)}`),
  ];
}

function shadowLines({ shadow }: DecisionDocument): readonly string[] {
  if (shadow === null) return [];
  const difference = shadow.changed ? "would change" : "would not change";
  return [
    joined([`${shadow.verdict}`, shadow.reason, difference]),
    ...shadow.rules.map((rule) => `by ${rule}`),
  ];
}

/** Rules that held come first, then those that could not be told; each group by name. */
const matchOrder = ["T", "E", "unknown", "F"] as const;
const matchWords = {
  T: "held",
  E: "error",
  unknown: "not yet",
  F: "no",
} as const;
const matchTones = { T: "good", E: "bad", unknown: "faint", F: "faint" } as const;

function ruleLines({ evaluated = [] }: DecisionDocument, paint: Paint): readonly string[] {
  const width = Math.max(0, ...evaluated.map(({ rule }) => rule.length));
  return matchOrder.flatMap((wanted) =>
    evaluated
      .filter(({ match }) => match === wanted)
      .map(({ rule, match, at }) => {
        const word = paint(matchTones[match], matchWords[match].padEnd(7));
        return `${word}  ${rule.padEnd(width)}${at === null ? "" : `  at ${at}`}`.trimEnd();
      }),
  );
}

function joined(parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== null && part !== undefined && part !== "").join("  ");
}
