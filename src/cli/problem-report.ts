import type { Problem } from "../base/index.ts";
import type { Paint } from "./paint.ts";

/** Problems for people: one line each with its place, the next step below it. */
export function renderProblems(
  problems: readonly Problem[],
  paint: Paint,
  isAligned: boolean,
): string {
  const places = problems.map(placeOf);
  const width = isAligned ? Math.max(0, ...places.map((place) => place.length)) : 0;
  return problems
    .map((problem, index) => {
      const tone = problem.severity === "error" ? "bad" : "warning";
      const place = paint("strong", (places[index] ?? "").padEnd(width));
      const label = paint(tone, `${problem.severity} ${problem.code}`);
      return `${place}  ${label}  ${problem.message}\n    ${paint("faint", problem.hint)}\n`;
    })
    .join("");
}

/** Problems for programs (policy-model 12.1): one JSON document, every key always there. */
export function problemsToJson(problems: readonly Problem[]): string {
  const rows = problems.map((problem) => ({
    code: problem.code,
    severity: problem.severity,
    namespace: problem.namespace ?? null,
    file: problem.file,
    line: problem.line,
    column: problem.column,
    message: problem.message,
    hint: problem.hint,
  }));
  return `${JSON.stringify({ problems: rows }, undefined, 2)}\n`;
}

/** `2 errors, 1 warning`. */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const parts: string[] = [];
  if (errors > 0) parts.push(plural(errors, "error"));
  if (warnings > 0) parts.push(plural(warnings, "warning"));
  return parts.join(", ");
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `FILE:LINE:COLUMN`, or the file alone where the problem is with all of it. */
export function placeOf({ file, line, column }: Pick<Problem, "file" | "line" | "column">): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}
