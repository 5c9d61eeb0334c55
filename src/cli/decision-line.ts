import type { BypassRecord, ClosingRecord, DecisionRecord } from "../record/index.ts";
import type { PolicyLoad } from "../server/index.ts";
import type { Paint } from "./paint.ts";
import { placeOf } from "./problem-report.ts";

/** One line for people about a decision, as it is made. */
export function decisionLine(record: DecisionRecord, time: string, paint: Paint): string {
  const verdict = record.verdict === "none" ? (record.end ?? "none") : record.verdict;
  return join(time, paint(toneOf(record.verdict), verdict.padEnd(8)), [
    modelOf(record),
    findingsOf(record),
    whyOf(record),
    record.exchange,
  ]);
}

/** One line about an answer, where it was more than passed on; undefined for the others. */
export function closingLine(record: ClosingRecord, time: string, paint: Paint): string | undefined {
  if (record.end === "complete" && (record.verdict === "allow" || record.verdict === "none")) {
    return undefined;
  }
  const found = findingsOf(record);
  if (record.end === "complete" && found === "") return undefined;
  const verdict = record.verdict === "none" ? record.end : record.verdict;
  return join(time, paint(toneOf(record.verdict), verdict.padEnd(8)), [
    `answer ${record.end}`,
    found,
    whyOf(record),
    record.exchange,
  ]);
}

/** One line about an exchange that passes unjudged. */
export function bypassLine(record: BypassRecord, time: string, paint: Paint): string {
  return join(time, paint("warning", "bypass".padEnd(8)), [record.reason, record.exchange]);
}

/** One line about policies that were loaded again; undefined where they are as before. */
export function policiesLine(load: PolicyLoad, time: string, paint: Paint): string | undefined {
  const { problems, snapshot } = load.state;
  if (load.result === "unchanged") return undefined;
  if (load.result === "active") {
    return join(time, paint("good", "policies"), ["edited", snapshot?.digest.slice(0, 19) ?? ""]);
  }
  const [first] = problems.filter(({ severity }) => severity === "error");
  const why = first === undefined ? "" : `${placeOf(first)} ${first.code} ${first.message}`;
  const what = snapshot === undefined ? "every request is refused" : "the last good ones serve";
  return join(time, paint("bad", "policies"), ["refused", why, what]);
}

function join(time: string, verdict: string, parts: readonly string[]): string {
  return [time, verdict, ...parts.filter((part) => part !== "")].join("  ");
}

function toneOf(verdict: string): "good" | "bad" | "warning" {
  if (verdict === "allow") return "good";
  return verdict === "deny" || verdict === "none" ? "bad" : "warning";
}

function modelOf({ model }: DecisionRecord): string {
  const { requested, used } = model ?? {};
  if (typeof used === "string" && used !== requested) return `${requested ?? ""} -> ${used}`;
  return requested ?? "";
}

function findingsOf({ findings }: Pick<DecisionRecord, "findings">): string {
  const counts = new Map<string, number>();
  for (const finding of findings ?? []) {
    counts.set(finding.class, (counts.get(finding.class) ?? 0) + finding.count);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} x${count}`)).join(", ");
}

function whyOf(record: Pick<DecisionRecord, "decidedBy" | "reason">): string {
  return record.decidedBy ?? record.reason ?? "";
}
