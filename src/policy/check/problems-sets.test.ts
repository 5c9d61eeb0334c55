import { document, rule, tenantFile, testProblems } from "../../../test/support/problem-cases.ts";

testProblems("named sets", [
  {
    claim: "an unknown set is named",
    problem: "E02 nothing declares the named set `ours`",
    hint: "Did you mean `hours`?",
    wrong: rule('effect: deny, models: { tags: [«"set:ours", a] }'),
    clean: rule('effect: deny, models: { tags: ["set:hours", a] }'),
    also: { "platform/s.yaml": document("NamedSet", "hours", "platform", "{ items: [a, b] }") },
  },
  {
    claim: "a set of the platform is named by its tenants",
    problem: "E02 nothing declares the named set `acme/s`",
    hint: "Add a NamedSet document of this name here or to the `platform` folder.",
    file: tenantFile,
    wrong: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, subjects: { groups: [«"set:acme/s"] } }] }',
    ),
    clean: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, subjects: { groups: ["set:platform/s", "set:s"] } }] }',
    ),
    also: { "platform/s.yaml": document("NamedSet", "s", "platform", "{ items: [a, b] }") },
  },
  {
    claim: "a set of another tenant is unknown",
    problem: "E02 nothing declares the named set `globex/s`",
    hint: "Add a NamedSet document of this name here or to the `platform` folder.",
    file: tenantFile,
    wrong: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, subjects: { groups: [«"set:globex/s"] } }] }',
    ),
    clean: document("Policy", "p", "acme", "{ attach: { layer: tenant } }"),
    also: {
      "platform/globex.yaml": document("Tenant", "globex", "platform", "{}"),
      "globex/s.yaml": document("NamedSet", "s", "globex", "{ items: [a] }"),
    },
  },
  {
    claim: "a set holds no sets",
    problem: "E01 a set holds names, and `set:t` names another set",
    hint: "Write the items of the other set here.",
    wrong: document("NamedSet", "s", "platform", '{ items: [a, «"set:t"] }'),
    clean: document("NamedSet", "s", "platform", "{ items: [a, t] }"),
  },
  {
    claim: "a set of classes lists classes",
    problem:
      "E01 `set:s` holds `openai/gpt`, but an item here must be a data class in lower case; it covers all classes below it, so no pattern is needed",
    hint: "Name a set of the right kind, or correct the item in platform/s.yaml.",
    wrong: rule('effect: deny, dataClasses: { anyOf: [«"set:s"] }'),
    clean: rule('effect: deny, models: { ids: ["set:s"] }'),
    also: { "platform/s.yaml": document("NamedSet", "s", "platform", "{ items: [openai/gpt] }") },
  },
  {
    claim: "a set of exact words holds no pattern",
    problem: "E01 `set:s` holds `self*`, but an item here must be one word without `*`",
    hint: "Name a set of the right kind, or correct the item of the platform.",
    file: tenantFile,
    wrong: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, models: { deployment: [«"set:s"] } }] }',
    ),
    clean: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, models: { tags: ["set:s"] } }] }',
    ),
    also: { "platform/s.yaml": document("NamedSet", "s", "platform", '{ items: ["self*"] }') },
  },
  {
    claim: "an unknown model in a set is reported where the set holds it",
    problem: "E02 nothing declares the model `openai/gtp`",
    hint: "Did you mean `openai/gpt`?",
    wrong: [
      document("NamedSet", "s", "platform", "{ items: [openai/gpt, «openai/gtp] }"),
      rule('effect: deny, models: { ids: ["set:s"] }'),
    ].join("---\n"),
    clean: [
      document("NamedSet", "s", "platform", '{ items: [openai/gpt, "openai/g*", "alias:fast"] }'),
      rule('effect: deny, models: { ids: ["set:s"] }'),
    ].join("---\n"),
  },
  {
    claim: "an unknown class in a set of the platform is reported where a tenant names the set",
    problem: "E02 nothing declares the data class `badges`",
    hint: "Declare it in a DataClass document, or use pii, pci, financial, phi, secret or one below.",
    file: tenantFile,
    wrong: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, dataClasses: { anyOf: [«"set:s"] } }] }',
    ),
    clean: document(
      "Policy",
      "p",
      "acme",
      '{ attach: { layer: tenant }, rules: [{ id: r, effect: deny, subjects: { groups: ["set:s"] } }] }',
    ),
    also: { "platform/s.yaml": document("NamedSet", "s", "platform", "{ items: [badges] }") },
  },
]);
