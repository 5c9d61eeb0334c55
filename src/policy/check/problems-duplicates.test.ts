import { document, policy, rule, testProblems } from "../../../test/support/problem-cases.ts";

testProblems("two things of one name", [
  {
    claim: "rule ids are unique across blocks",
    problem: "E07 two rules of this policy have the id `r`",
    hint: "Rename one of them; ids are unique across `defaults`, `rules` and `overrides`.",
    wrong: policy(
      "  defaults: { rules: [{ id: r, effect: deny }] }\n  rules: [{ id: «r, effect: deny }]",
    ),
    clean: policy(
      "  defaults: { rules: [{ id: r, effect: deny }] }\n  rules: [{ id: s, effect: deny }]",
    ),
  },
  {
    claim: "document names are unique within a kind and namespace",
    problem: "E07 two documents of kind Policy in `platform` are named `p`",
    hint: "Rename one of them, or delete it.",
    wrong: `${policy("")}---\n${policy("").replace("name: p,", "name: «p,")}`,
    clean: `${policy("")}---\n${policy("").replace("name: p,", "name: q,")}`,
  },
  {
    claim: "there is one Platform",
    problem: "E07 there is more than one Platform document",
    hint: "Merge them into one.",
    wrong: document("Platform", "«another", "platform", "{}"),
    clean: document("Tenant", "another", "platform", "{}"),
    also: { "platform/first.yaml": document("Platform", "platform", "platform", "{}") },
  },
  {
    claim: "a model is listed once",
    problem: "E07 the model `openai/gpt` is listed twice",
    hint: "Merge the two entries.",
    wrong: document("ModelCatalog", "more", "platform", "{ models: [{ id: «openai/gpt }] }"),
    clean: document(
      "ModelCatalog",
      "more",
      "platform",
      "{ models: [{ id: openai/o, aliases: [fast] }] }",
    ),
  },
  {
    claim: "a key stands once in a mapping",
    problem: "E07 this key stands twice in one mapping",
    hint: "Keep one of the two; only the first was looked at.",
    wrong: rule("effect: deny, «effect: allow"),
    clean: rule("effect: deny"),
  },
  {
    claim: "a class is declared once",
    problem: "E07 the data class `own` is declared twice",
    hint: "Merge the two entries.",
    wrong: document("DataClass", "d", "platform", "{ classes: [{ id: own }, { id: «own }] }"),
    clean: document("DataClass", "d", "platform", "{ classes: [{ id: own }, { id: own.one }] }"),
  },
  {
    claim: "policies and grants share one set of names",
    problem: "E07 a Policy and this Grant in `platform` are both named `p`",
    hint: "Rename one of them; Policies, Grants and Incidents share one set of names.",
    wrong: [
      policy(""),
      document(
        "Grant",
        "«p",
        "platform",
        '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
      ),
    ].join("---\n"),
    clean: [
      policy(""),
      document(
        "Grant",
        "g",
        "platform",
        '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
      ),
    ].join("---\n"),
  },
  {
    claim: "two versions of a policy need a ramp",
    problem: "E07 two versions of the policy `p` are active at once, and no Rollout is about both",
    hint: "Add a Rollout from one to the other, or end one with `activeUntil` before the other begins.",
    wrong: [
      policy('  version: "1"'),
      policy('  version: "2"').replace("name: p,", "name: «p,"),
    ].join("---\n"),
    clean: [
      policy('  version: "1"\n  activeUntil: "2026-03-01T00:00:00Z"'),
      policy('  version: "2"\n  activeFrom: "2026-03-01T00:00:00Z"'),
    ].join("---\n"),
  },
  {
    claim: "two versions of a policy under one ramp are no third",
    problem: "E07 two versions of the policy `p` are active at once, and no Rollout is about both",
    hint: "Add a Rollout from one to the other, or end one with `activeUntil` before the other begins.",
    wrong: [
      policy('  version: "1"'),
      policy('  version: "2"'),
      document(
        "Rollout",
        "r",
        "platform",
        '{ policy: p, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }',
      ),
      policy('  version: "3"').replace("name: p,", "name: «p,"),
    ].join("---\n"),
    clean: [
      policy('  version: "1"'),
      policy('  version: "2"'),
      document(
        "Rollout",
        "r",
        "platform",
        '{ policy: p, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }',
      ),
    ].join("---\n"),
  },
  {
    claim: "a policy is ramped once",
    problem: "E07 two Rollouts are about the policy `p`",
    hint: "Delete the one that is over.",
    wrong: [
      policy('  version: "1"'),
      policy('  version: "2"'),
      document(
        "Rollout",
        "r",
        "platform",
        '{ policy: p, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }',
      ),
      document(
        "Rollout",
        "t",
        "platform",
        '{ policy: «p, stable: "1", candidate: "2", seed: t, step: { percent: 5 } }',
      ),
    ].join("---\n"),
    clean: [
      policy('  version: "1"'),
      policy('  version: "2"'),
      document(
        "Rollout",
        "r",
        "platform",
        '{ policy: p, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }',
      ),
    ].join("---\n"),
  },
  {
    claim: "a tool is listed once",
    problem: "E07 the tool `crm/lookup` is listed twice",
    hint: "Merge the two entries.",
    wrong: document("ToolCatalog", "t", "platform", "{ tools: [{ name: «crm/lookup }] }"),
    clean: document("ToolCatalog", "t", "platform", "{ tools: [{ name: crm/other }] }"),
  },
  {
    claim: "a quota has a name of its own",
    problem: "E07 two documents of kind Quota in `platform` are named `q`",
    hint: "Rename one of them, or delete it.",
    wrong: [
      document(
        "Quota",
        "q",
        "platform",
        "{ unit: usd, limit: 40, key: [tenant.id], window: { kind: sliding, duration: 1d } }",
      ),
      document(
        "Quota",
        "«q",
        "platform",
        "{ unit: usd, limit: 40, key: [tenant.id], window: { kind: sliding, duration: 1d } }",
      ),
    ].join("---\n"),
    clean: [
      document(
        "Quota",
        "q",
        "platform",
        "{ unit: usd, limit: 40, key: [tenant.id], window: { kind: sliding, duration: 1d } }",
      ),
      document(
        "Quota",
        "r",
        "platform",
        "{ unit: usd, limit: 40, key: [tenant.id], window: { kind: sliding, duration: 1d } }",
      ),
    ].join("---\n"),
  },
  {
    claim: "of kill switches of one name the highest sequence counts, so none is shared",
    problem: "E07 two documents of kind KillSwitch in `platform` are named `k`",
    hint: "Raise the `sequence` of the one that is to count.",
    wrong: [
      document(
        "KillSwitch",
        "k",
        "platform",
        "{ sequence: 1, active: true, reason: r, target: { providers: [openai] } }",
      ),
      document(
        "KillSwitch",
        "«k",
        "platform",
        "{ sequence: 1, active: true, reason: r, target: { providers: [openai] } }",
      ),
    ].join("---\n"),
    clean: [
      document(
        "KillSwitch",
        "k",
        "platform",
        "{ sequence: 1, active: true, reason: r, target: { providers: [openai] } }",
      ),
      document(
        "KillSwitch",
        "k",
        "platform",
        "{ sequence: 2, active: true, reason: r, target: { providers: [openai] } }",
      ),
    ].join("---\n"),
  },
  {
    claim: "conditions of a rule have names of their own",
    problem: "E07 two conditions of this rule have the name `a`",
    hint: "Rename one of them; explanations point at conditions by name.",
    wrong: rule(
      "effect: deny, conditions: [{ name: a, expression: 'true' }, { name: «a, expression: 'true' }]",
    ),
    clean: rule(
      "effect: deny, conditions: [{ name: a, expression: 'true' }, { name: b, expression: 'true' }]",
    ),
  },
  {
    claim: "a key stands once in a ring",
    problem: "E07 this key stands twice in its ring, so that one person could sign for two",
    hint: "Rename or remove one of the two.",
    wrong: document(
      "Platform",
      "a",
      "platform",
      "{ keyRing: { keys: [{ id: k, ed25519: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }, { id: l, ed25519: «AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }] } }",
    ),
    clean: document(
      "Platform",
      "a",
      "platform",
      "{ keyRing: { keys: [{ id: k, ed25519: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }, { id: l, ed25519: BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= }] } }",
    ),
  },
]);
