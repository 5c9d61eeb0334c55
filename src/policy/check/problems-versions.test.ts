import { document, policy, testProblems } from "../../../test/support/problem-cases.ts";

const firstOfMarch = '"2026-03-01T00:00:00Z"';
const version = (number: number, ...fields: readonly string[]) =>
  policy([`version: "${number}"`, ...fields].map((field) => `  ${field}`).join("\n"));
const marked = (text: string) => text.replace("name: p,", "name: «p,");
const until = `activeUntil: ${firstOfMarch}`;
const from = `activeFrom: ${firstOfMarch}`;
const rampOf = (name: string) =>
  document(
    "Rollout",
    `ramp-of-${name}`,
    "platform",
    `{ policy: ${name}, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }`,
  );
const grant = (name: string) =>
  document(
    "Grant",
    name,
    "platform",
    '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
  );
const together = (...texts: readonly string[]) => texts.join("---\n");

const atOnce = {
  problem: "E07 two versions of the policy `p` are active at once, and no Rollout is about both",
  hint: "Add a Rollout from one to the other, or end one with `activeUntil` before the other begins.",
};

testProblems("versions of one policy", [
  {
    claim: "may follow each other in whichever order they are written",
    ...atOnce,
    wrong: together(version(2, from), marked(version(1))),
    clean: together(version(2, from), version(1, until)),
  },
  {
    claim: "are told apart by their number, not by when they are active",
    problem: "E07 two documents of kind Policy in `platform` are named `p`",
    hint: "Rename one of them, or delete it.",
    wrong: together(version(1, until), marked(version(1, from))),
    clean: together(version(1, until), version(2, from)),
  },
  {
    claim: "are not ramped by the Rollout of another policy",
    ...atOnce,
    wrong: together(version(1), marked(version(2)), ...rampedElsewhere()),
    clean: together(version(1), version(2), rampOf("p"), ...rampedElsewhere()),
  },
  {
    claim: "are not all ramped with the one that is stable",
    ...atOnce,
    wrong: together(version(1), version(2, until), rampOf("p"), marked(version(3, from))),
    clean: together(version(1, until), version(2, until), rampOf("p"), version(3, from)),
  },
  {
    claim: "are not all ramped with the candidate",
    ...atOnce,
    wrong: together(version(1, until), version(2), rampOf("p"), marked(version(3, from))),
    clean: together(version(1, until), version(2, until), rampOf("p"), version(3, from)),
  },
  {
    claim: "share their name with no Grant, whatever their number",
    problem: "E07 a Policy and this Grant in `platform` are both named `p`",
    hint: "Rename one of them; Policies, Grants and Incidents share one set of names.",
    wrong: together(version(1, until), grant("«p")),
    clean: together(version(1, until), grant("g")),
  },
]);

/** Two versions of another policy, and their ramp. */
function rampedElsewhere(): readonly string[] {
  const other = (number: number) => version(number).replace("name: p,", "name: other,");
  return [other(1), other(2), rampOf("other")];
}
