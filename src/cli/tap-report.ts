import type { TestRun } from "../policy/index.ts";
import { coverageLines, differenceLines } from "./test-report.ts";

/** A test run as TAP 14 (testanything.org); coverage, if asked for, in comments. */
export function renderTap(run: TestRun, coverage: boolean): string {
  const points = run.cases.flatMap((one, index) => {
    const { isKept, test, name } = one;
    const line = `${isKept ? "ok" : "not ok"} ${index + 1} - ${toTap(`${test}: ${name}`)}`;
    if (isKept) return [line];
    const details = differenceLines(one).map((text) => `    - ${JSON.stringify(text)}`);
    return [
      line,
      "  ---",
      `  file: ${JSON.stringify(one.file)}`,
      "  differences:",
      ...details,
      "  ...",
    ];
  });
  const comments = coverage ? coverageLines(run.coverage).map((line) => `# ${line}`) : [];
  return `${["TAP version 14", `1..${run.cases.length}`, ...points, ...comments].join("\n")}\n`;
}

/** `#` begins a directive and `\` escapes (TAP 14, "Escaping"). */
function toTap(text: string): string {
  return text.replace(/[\\#]/g, (character) => `\\${character}`);
}
