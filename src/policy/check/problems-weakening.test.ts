import {
  document,
  platformFile,
  policy,
  rule,
  tenantFile,
  testProblems,
} from "../../../test/support/problem-cases.ts";

testProblems("what may not be loosened from below", [
  {
    claim: "an allow rule cannot be locked",
    problem: "E03 `overrides` may only restrict, and this rule allows",
    hint: "Move the rule to `rules`, where denies of every layer still stand above it.",
    wrong: policy("  overrides: { rules: [{ id: r, effect: «allow }] }"),
    clean: policy("  overrides: { rules: [{ id: r, effect: deny }] }"),
  },
  {
    claim: "a locked rule is not unset from below",
    problem: "E03 `platform/p/r` is not a default, so nothing below can unset it",
    hint: "Remove this, or ask its owner to write the rule under `defaults`.",
    file: tenantFile,
    wrong: document(
      "Policy",
      "t",
      "acme",
      "{ attach: { layer: tenant }, unset: [«platform/p/r], rules: [] }",
    ),
    clean: policy("  defaults: { rules: [{ id: r, effect: deny }] }"),
    also: { [platformFile]: rule("effect: deny") },
  },
  {
    claim: "a rule of the same layer is not replaced",
    problem: "E03 `p/d` does not stand above this policy, so it cannot replace it",
    hint: "Change the rule where it is written.",
    wrong: policy(
      "  defaults: { rules: [{ id: d, effect: deny }] }\n  rules: [{ id: r, effect: warn, replaces: «p/d }]",
    ),
    clean: policy("  defaults: { rules: [{ id: d, effect: deny }] }"),
  },
  {
    claim: "a default of another app is not unset",
    problem: "E03 `p/d` never holds for the requests of this policy, so there is nothing to unset",
    hint: "Remove this, or attach the policy to the same app and model.",
    file: tenantFile,
    wrong: document("Policy", "t", "acme", "{ attach: { layer: app, app: chat }, unset: [«p/d] }"),
    clean: document("Policy", "t", "acme", "{ attach: { layer: app, app: desk }, unset: [p/d] }"),
    also: {
      "acme/desk.yaml": document("App", "desk", "acme", "{}"),
      [platformFile]: document(
        "Policy",
        "p",
        "platform",
        "{ attach: { layer: app, tenant: acme, app: desk }, defaults: { rules: [{ id: d, effect: deny }] } }",
      ),
    },
  },
  {
    claim: "a class is at least as sensitive as its parent",
    problem: "E03 `pii.badge` has sensitivity 2, less than the 3 of `pii`",
    hint: "Write 3 or more, or leave it out to have that of `pii`.",
    wrong: document(
      "DataClass",
      "d",
      "platform",
      "{ classes: [{ id: pii.badge, sensitivity: «2 }] }",
    ),
    clean: document(
      "DataClass",
      "d",
      "platform",
      "{ classes: [{ id: pii.badge, sensitivity: 4 }] }",
    ),
  },
  {
    claim: "a default is unset only if every version of it is one",
    problem: "E03 `b/d` is not a default, so nothing below can unset it",
    hint: "Remove this, or ask its owner to write the rule under `defaults`.",
    file: tenantFile,
    wrong: document("Policy", "t", "acme", "{ attach: { layer: tenant }, unset: [«b/d] }"),
    clean: document("Policy", "t", "acme", "{ attach: { layer: tenant } }"),
    also: {
      "platform/b.yaml": [
        document(
          "Policy",
          "b",
          "platform",
          '{ version: "1", attach: { layer: global }, defaults: { rules: [{ id: d, effect: deny }] } }',
        ),
        document(
          "Policy",
          "b",
          "platform",
          '{ version: "2", attach: { layer: global }, rules: [{ id: d, effect: deny }] }',
        ),
        document(
          "Rollout",
          "r",
          "platform",
          '{ policy: b, stable: "1", candidate: "2", seed: s, step: { percent: 10 } }',
        ),
      ].join("---\n"),
    },
  },
]);
