import {
  type CaseResult,
  type Coverage,
  type Outcomes,
  type Snapshot,
  type TestRun,
  toDecisionDocument,
} from "../policy/index.ts";
import type { Paint } from "./paint.ts";
import { plural } from "./problem-report.ts";

/** How a test run is shown to people. */
export interface TestReportOptions {
  readonly coverage: boolean;
  readonly paint: Paint;
}

/** A test run for people: cases by test, and below a failed one what differs. */
export function renderTestRun(run: TestRun, { coverage, paint }: TestReportOptions): string {
  const parts = [...Map.groupBy(run.cases, ({ file, test }) => `${file}  ${test}`)].map(
    ([heading, cases]) =>
      [paint("strong", heading), ...cases.map((one) => renderCase(one, paint))].join("\n"),
  );
  if (coverage) parts.push(renderCoverage(run.coverage, paint));
  parts.push(renderSummary(run, paint));
  return `${parts.join("\n\n")}\n`;
}

/** A test run for programs (policy-model 12.1): one JSON document. */
export function testRunToJson(run: TestRun, versionsFor: Snapshot["versionsFor"]): string {
  const cases = run.cases.map(({ file, test, name, isKept, expected, input, decision }) => {
    const { evaluated: _trace, ...asked } = decision;
    const actual = toDecisionDocument(asked, { input, versions: versionsFor(input.tenant) });
    return { file, test, name, ok: isKept, expected, actual };
  });
  const document = { cases, summary: summaryOf(run), coverage: run.coverage };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Numbers of cases. */
export function summaryOf({ cases }: TestRun) {
  const failed = cases.filter(({ isKept }) => !isKept).length;
  return { total: cases.length, passed: cases.length - failed, failed };
}

/** What differs in one case, a line for each field. */
export function differenceLines({ differences }: CaseResult): readonly string[] {
  return differences.map(
    ({ field, expected, actual }) =>
      `${field}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual ?? null)}`,
  );
}

/** How often each rule and condition was reached, one a line. */
export function coverageLines({ rules, conditions }: Coverage): readonly string[] {
  const rows = [...Object.entries(rules), ...Object.entries(conditions)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, { T, F, E }]) => `${name.padEnd(width)}  T ${T}  F ${F}  E ${E}`);
}

function renderCase(one: CaseResult, paint: Paint): string {
  if (one.isKept) return `  ${paint("good", "ok  ")}  ${one.name}`;
  const lines = differenceLines(one).map((line) => `        ${line}`);
  const { outcome, reason, decidedBy } = one.decision;
  const decided = [outcome, reason, decidedBy].filter((part) => part !== null).join(" ");
  return [
    `  ${paint("bad", "FAIL")}  ${one.name}`,
    ...lines,
    `        ${paint("faint", `decided: ${decided}`)}`,
  ].join("\n");
}

function renderCoverage(coverage: Coverage, paint: Paint): string {
  const count = (all: Readonly<Record<string, Outcomes>>) => {
    const reached = Object.values(all).filter(({ T }) => T > 0).length;
    return `${reached} of ${Object.keys(all).length}`;
  };
  return [
    paint("strong", "Coverage"),
    ...coverageLines(coverage).map((line) => `  ${line}`),
    `  held at least once: ${count(coverage.rules)} rules, ${count(coverage.conditions)} conditions`,
  ].join("\n");
}

function renderSummary(run: TestRun, paint: Paint): string {
  const { total, passed, failed } = summaryOf(run);
  if (total === 0) {
    return `${paint("warning", "0 cases")}: DIR holds no PolicyTest. \`chancery init\` writes one to start from.`;
  }
  const counts = `${plural(total, "case")}: ${passed} as expected, ${failed} not`;
  if (failed === 0) return paint("good", counts);
  return `${paint("bad", counts)}\n  Correct the rule or the expectation; \`chancery explain\` shows every rule for one input.`;
}
