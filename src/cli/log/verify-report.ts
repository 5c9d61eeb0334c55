import type { LogProblem, LogReport, VerifyReport } from "../../evidence/index.ts";
import type { Paint } from "../paint.ts";
import { plural } from "../problem-report.ts";

/** Entries shown of each list; programs get all of them. */
const shownMax = 20;

/** What was found, for people: problems first, then one line for each log. */
export function renderVerification(report: VerifyReport, paint: Paint): string {
  const lines = [
    ...report.problems.map((problem) => renderProblem(problem, "", paint)),
    ...report.logs.flatMap((log) => [
      ...log.problems.map((problem) => renderProblem(problem, log.path, paint)),
      renderLog(log, paint),
      ...notesOf(log).map((note) => `    ${note}`),
    ]),
    ...(report.join === undefined ? [] : renderJoin(report.join, paint)),
  ];
  return `${lines.join("\n")}\n`;
}

/** What was found, for programs (audit-and-operations 4.9). */
export function verificationToJson({ join, logs, problems, status }: VerifyReport): string {
  const json = { status, logs, ...(problems.length > 0 && { problems }), join };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function renderProblem({ code, file, line, message, seq }: LogProblem, path: string, paint: Paint) {
  const place = [path, file].filter((part) => part !== "").join("/");
  const at = line === undefined ? place : `${place}:${line}`;
  const record = seq === undefined ? "" : ` at record ${seq}`;
  return `${paint("strong", at)}  ${paint("bad", code)}${record}  ${message}`;
}

function renderLog(log: LogReport, paint: Paint): string {
  const { origin, path, root, size, status } = log;
  const tone = status === "good" ? "good" : "bad";
  const name = origin === "" ? path : origin;
  return `${paint(tone, status)} ${name} ${plural(size, "record")}, root ${root ?? "unsigned"}`;
}

/** What an auditor should know of a log although it is no fault of it. */
function notesOf(log: LogReport): readonly string[] {
  const { adopted, anchors, doubtful, from, gaps, minimum, tail, to, unclosed } = log;
  const { checked, newest, unchecked } = anchors;
  const span = from === undefined ? [] : [`from ${from} to ${to}`];
  const ranges = (name: string, found: readonly { from: number; to: number }[]) =>
    found.slice(0, shownMax).map((range) => `${name}: records ${range.from} to ${range.to - 1}`);
  return [
    ...span,
    ...(minimum === 0 ? [] : [`records before ${minimum} are pruned`]),
    ...(checked === 0 ? [] : [`anchors: ${checked} checked, the newest at size ${newest}`]),
    ...(unchecked === 0 ? [] : [`anchors: ${unchecked} below what is there, unchecked`]),
    ...(tail === 0 ? [] : [`${plural(tail, "record")} after the last checkpoint`]),
    ...ranges("adopted unsigned after a crash", adopted),
    ...ranges("doubtful, signed by a revoked key alone", doubtful),
    ...(unclosed.count === 0 ? [] : [`${plural(unclosed.count, "decision")} without closing`]),
    ...gaps.slice(0, shownMax).map((gap) => `silent from ${gap.from} to ${gap.to}`),
  ];
}

function renderJoin(join: NonNullable<VerifyReport["join"]>, paint: Paint): readonly string[] {
  const { differences, differ, lines, missing, refused, unlogged, unmarked, untold } = join;
  const isGood = differ + missing + unlogged === 0;
  const counts = `${missing} not recorded, ${differ} recorded elsewhere, ${unlogged} not in the access log, ${unmarked} without a decision id, ${untold} of them recorded${refused === 0 ? "" : `, ${refused} refused unrecorded, as the log says`}`;
  return [
    ...differences
      .slice(0, shownMax)
      .map(
        ({ exchange, is, log, seq }) =>
          `${exchange}  ${paint(isNoFault(is) ? "faint" : "bad", is)}  ${log} ${seq}`,
      ),
    `${paint(isGood ? "good" : "bad", "access log")} ${plural(lines, "line")}: ${counts}`,
  ];
}

function isNoFault(is: NonNullable<VerifyReport["join"]>["differences"][number]["is"]): boolean {
  return is === "untold" || is === "refused";
}
