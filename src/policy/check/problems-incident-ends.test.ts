import { document, testProblems } from "../../../test/support/problem-cases.ts";

const incident = (end: string) =>
  document(
    "Incident",
    "i",
    "platform",
    `{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", ${end}approvedBy: [a, b], restrict: [{ id: x, effect: deny }] }`,
  );
const clean = incident('activeUntil: "2026-03-02T00:00:00Z", ');

testProblems("when an incident ends", [
  {
    claim: "is after it begins",
    problem: "E05 `activeUntil` is not after `activeFrom`",
    hint: "Exchange the two, or correct them.",
    wrong: incident('activeUntil: «"2026-02-28T23:59:59Z", '),
    clean,
  },
  {
    claim: "is said",
    problem: "E01 `spec` lacks `activeUntil`",
    hint: "Add `activeUntil`.",
    wrong: incident("").replace("spec: {", "spec: «{"),
    clean,
  },
]);
