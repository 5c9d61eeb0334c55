/**
 * Tests that people write beside their policies: questions with the answers they expect. Reads them,
 * asks the `evaluate` that serves, and counts which rules they reached; it prints nothing. Start
 * with `runPolicyTests`.
 */
export { findTestProblems } from "./check-tests.ts";
export type { Coverage, Outcomes } from "./coverage.ts";
export { type CaseResult, runPolicyTests, type TestRun } from "./run-tests.ts";
