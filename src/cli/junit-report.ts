import type { CaseResult, TestRun } from "../policy/index.ts";
import { coverageLines, differenceLines, summaryOf } from "./test-report.ts";

/**
 * A test run in the XML that continuous integration reads: a suite for each PolicyTest; coverage, if
 * asked for, as output of the whole.
 */
export function renderJunit(run: TestRun, coverage: boolean): string {
  const { total, failed } = summaryOf(run);
  const suites = [...Map.groupBy(run.cases, ({ test }) => test)].flatMap(([test, cases]) =>
    renderSuite(test, cases),
  );
  const covered = coverageLines(run.coverage).join("\n");
  const output = coverage
    ? [
        `  <testsuite name="coverage" tests="0" failures="0">`,
        `    <system-out>${toXml(covered)}</system-out>`,
        "  </testsuite>",
      ]
    : [];
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="chancery test" tests="${total}" failures="${failed}">`,
    ...suites,
    ...output,
    "</testsuites>",
  ].join("\n")}\n`;
}

function renderSuite(test: string, cases: readonly CaseResult[]): readonly string[] {
  const failed = cases.filter(({ isKept }) => !isKept).length;
  return [
    `  <testsuite name="${toXml(test)}" tests="${cases.length}" failures="${failed}">`,
    ...cases.flatMap((one) => renderCase(test, one)),
    "  </testsuite>",
  ];
}

function renderCase(test: string, one: CaseResult): readonly string[] {
  const head = `    <testcase classname="${toXml(test)}" name="${toXml(one.name)}" file="${toXml(one.file)}"`;
  if (one.isKept) return [`${head}/>`];
  const lines = differenceLines(one);
  return [
    `${head}>`,
    `      <failure message="${toXml(lines[0] ?? "")}">${toXml(lines.join("\n"))}</failure>`,
    "    </testcase>",
  ];
}

/** XML 1.0 section 2.4; characters it does not have at all become U+FFFD (section 2.2). */
function toXml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones XML cannot carry
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"]/g, (character) => names[character] ?? character)
  );
}
