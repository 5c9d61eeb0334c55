import type { ExplainedRecord, JudgedRecord, Remedy } from "../replay/index.ts";
import type { Paint } from "./paint.ts";

/** A record explained, and where it stands. */
export interface ExplainedAt extends ExplainedRecord {
  readonly log: string;
  readonly seq: number;
}

/** Explained records for programs. */
export function explainedToJson(explained: readonly ExplainedAt[]): string {
  const records = explained.map(({ again, differences, log, record, remedies, seq, why }) => ({
    ...{ log, seq, record, remedies, differences },
    ...(why === undefined ? {} : { notDecidedAgain: why }),
    ...(again?.evaluated === undefined ? {} : { evaluated: again.evaluated }),
  }));
  return `${JSON.stringify({ records }, undefined, 2)}\n`;
}

/** Explained records for people, in words. */
export function renderExplained(explained: readonly ExplainedAt[], paint: Paint): string {
  return explained.map((one) => `${renderRecord(one, paint).join("\n")}\n`).join("\n");
}

function renderRecord(explained: ExplainedAt, paint: Paint): readonly string[] {
  const { record } = explained;
  const isDeny = record.outcome === "deny";
  const tone = isDeny ? "bad" : record.outcome === "permit" ? "good" : "warning";
  return [
    paint(tone, headlineOf(record)),
    ...sentencesOf(record).map((sentence) => `  ${sentence}`),
    ...remedyLines(explained),
    ...againLines(explained, paint),
    `  On record as ${explained.log} ${explained.seq}, ${record.at}.`,
  ];
}

function headlineOf({ kind, outcome, reason, verdict }: JudgedRecord): string {
  const what = kind === "decision" ? "The request" : "The answer";
  if (outcome === "none") return `${what} was not judged${reason ? `: ${reason}` : ""}.`;
  if (outcome === "permit") return `${what} was let through (${verdict}).`;
  return `${what} was denied: ${reason ?? "rule"}.`;
}

function sentencesOf(record: JudgedRecord): readonly string[] {
  return [...askedSentences(record), ...decidedSentences(record), ...endSentences(record)];
}

/** Who asked for what, and what was found in it. */
function askedSentences(record: JudgedRecord): readonly string[] {
  const { action, app = "no app", findings = [], kind, model, principal, tenant } = record;
  const asked = model?.requested === undefined ? "" : ` with model ${model.requested}`;
  const groups = principal?.groups === undefined ? "" : ` of ${principal.groups.join(", ")}`;
  const who = `A ${principal?.kind ?? "caller"}${groups} of ${tenant ?? "no tenant"}/${app}`;
  const found = findings.map(
    ({ class: name, confidencePct, count, in: place }) =>
      `${name} x${count} in ${place} (${confidencePct} %)`,
  );
  const isRequest = kind === "decision" && action !== undefined;
  return [
    ...(isRequest ? [`${who} asked for ${action}${asked}.`] : []),
    ...(found.length === 0 ? [] : [`Found: ${found.join("; ")}.`]),
  ];
}

function decidedSentences(record: JudgedRecord): readonly string[] {
  const { decidedBy, lifted = [], model, obligations, outcome, tools = [], warnings = [] } = record;
  const denied = tools.filter((tool) => tool.outcome === "deny");
  const by = outcome === "deny" ? "Denied" : "Permitted";
  return [
    ...(decidedBy === undefined ? [] : [`${by} by ${decidedBy}.`]),
    ...(model?.used === undefined ? [] : [`It went to ${model.used}.`]),
    ...Object.entries(obligations?.redact ?? {}).map(
      ([name, { by: rule, method }]) => `Redacted: ${name} by ${method}, as ${rule} says.`,
    ),
    ...lifted.map((one) => `${one.rule} was lifted by ${one.by}.`),
    ...denied.map((tool) => `Tool ${tool.name}: ${tool.decidedBy ?? tool.reason ?? "denied"}.`),
    ...(warnings.length === 0 ? [] : [`Warnings: ${warnings.join(", ")}.`]),
  ];
}

function endSentences({ end, mode }: JudgedRecord): readonly string[] {
  return [
    ...(mode === "observe" ? ["The app is only watched, so nothing was changed or refused."] : []),
    ...(end === undefined ? [] : [`The exchange ended as ${end}.`]),
  ];
}

function remedyLines({ remedies }: ExplainedAt): readonly string[] {
  if (remedies.length === 0) return [];
  const isAny = remedies.every(({ why }) => why === "does_not_match");
  return [
    isAny ? "  To let it pass, one of these would have to match:" : "  To let it pass:",
    ...remedies.map((remedy) => `    ${remedyText(remedy)}`),
  ];
}

function remedyText({ at, name, why }: Remedy): string {
  switch (why) {
    case "denies":
      return `${name} would have to go, to be lifted, or to match less.`;
    case "does_not_match":
      return at === null ? name : `${name}, which does not at ${at}`;
    case "stops":
      return `the kill switch ${name} would have to be taken back.`;
    case "is_outside":
      return `the boundary ${name} would have to include what was asked for.`;
    case "is_spent":
      return `the budget ${name} would have to have room.`;
  }
}

const reasons = {
  not_judged: "There was nothing to decide again.",
  no_decision: "The record of its request is not here, so it was not decided again.",
  truncated: "The record was cut, so it was not decided again.",
  no_versions: "The policies it names are not kept here, so it was not decided again.",
} as const;

function againLines({ differences, why }: ExplainedAt, paint: Paint): readonly string[] {
  if (why !== undefined) return [`  ${paint("faint", reasons[why])}`];
  if (differences.length === 0) return ["  Decided again by the policies it names: the same."];
  return differences.map(
    ({ field, recorded, replayed }) =>
      `  ${paint("bad", "Differs")} in ${field}: recorded ${JSON.stringify(recorded)}, decided again ${JSON.stringify(replayed)}.`,
  );
}
