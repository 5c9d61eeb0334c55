import { document, tenantFile, testProblems } from "../../../test/support/problem-cases.ts";

const grantOf = (fields: string) =>
  document(
    "Grant",
    "g",
    "acme",
    `{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-02T00:00:00Z", approvedBy: [dpo], scope: { apps: [chat], subjects: { groups: [a] } }, ${fields} }`,
  );

testProblems("lifts and lengths of exceptions", [
  {
    claim: "an incident restricts, and does not allow there",
    problem: "E03 `restrict` may only restrict, and this rule allows",
    hint: "Write it as one of the `permits` under `relax`, which has a scope.",
    wrong: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], restrict: [{ id: x, effect: «allow }] }',
    ),
    clean: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], restrict: [{ id: x, effect: deny }] }',
    ),
  },
  {
    claim: "one person does not relax alone, however often he is named",
    problem: "E03 `relax` needs 2 different people in `approvedBy`, found 1",
    hint: "Have a second person approve it, or leave only `restrict`.",
    wrong: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: «[ann, Ann], relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [b/d] }] }',
    ),
    clean: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [b/d] }] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: d, effect: deny }] }",
      ),
    },
  },
  {
    claim: "row 13: a tenant does not lift a rule of the platform",
    problem: "E03 `platform/b/d` is the platform's, and nothing of a tenant can lift it",
    hint: "Ask the platform for an exception.",
    file: tenantFile,
    wrong: document(
      "Grant",
      "g",
      "acme",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { apps: [chat], subjects: { groups: [a] } }, lifts: [«platform/b/d] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [platform/b/d] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: d, effect: deny }] }",
      ),
    },
  },
  {
    claim: "what nobody may lift is not lifted",
    problem: "E03 `b/d` can be lifted by nobody",
    hint: "Remove this, or change the rule where it is written.",
    wrong: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [«b/d] }] }',
    ),
    clean: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [b/e] }] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, overrides: { rules: [{ id: d, effect: deny }, { id: e, effect: deny, exemptible: incident }] } }",
      ),
    },
  },
  {
    claim: "what only an incident may lift is not lifted by a grant",
    problem: "E03 `platform/b/d` can be lifted by an Incident only",
    hint: "Write an Incident, or remove this.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [«platform/b/d] }',
    ),
    clean: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-02T00:00:00Z", approvedBy: [a, b], relax: [{ scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [platform/b/d] }] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: d, effect: deny, exemptible: incident }] }",
      ),
    },
  },
  {
    claim: "a permit is not lifted",
    problem: "E03 `b/d` permits, so there is nothing to lift",
    hint: "Name a rule that restricts.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [«b/d] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [b/e] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: d, effect: allow }, { id: e, effect: deny }] }",
      ),
    },
  },
  {
    claim: "a rule that does not exist is not lifted",
    problem: "E02 nothing declares the rule `platform/b/no-secret`",
    hint: "Did you mean `platform/b/no-secrets`?",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [«platform/b/no-secret] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [platform/b/no-secrets] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: no-secrets, effect: deny }] }",
      ),
    },
  },
  {
    claim: "a rule made of a shorthand is lifted by its own name",
    problem: "E03 `b/d` permits, so there is nothing to lift",
    hint: "Name a rule that restricts.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [«b/d] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [b/d.redact, b/d.deny] }',
    ),
    also: {
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: global }, rules: [{ id: d, effect: allow, dataClasses: { permitted: [], redacted: [pii], denied: [pci] } }] }",
      ),
    },
  },
  {
    claim: "a rule of another tenant is unknown, not refused",
    problem: "E02 nothing declares the rule `globex/b/d`",
    hint: "Write its full name, `<namespace>/<document>/<id>`, or remove it.",
    file: tenantFile,
    wrong: document(
      "Grant",
      "g",
      "acme",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { apps: [chat], subjects: { groups: [a] } }, lifts: [«globex/b/d] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, lifts: [globex/b/d] }',
    ),
    also: {
      "platform/globex.yaml": document("Tenant", "globex", "platform", "{}"),
      "globex/b.yaml": document(
        "Policy",
        "b",
        "globex",
        "{ attach: { layer: tenant }, rules: [{ id: d, effect: deny }] }",
      ),
    },
  },
  {
    claim: "a grant ends after it begins",
    problem: "E05 `expiresAt` is not after `activeFrom`",
    hint: "Exchange the two, or correct them.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: «"2026-03-01T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
  },
  {
    claim: "a grant lasts at most 30 days",
    problem: "E05 a Grant lasts at most 30d, and this one lasts longer",
    hint: "End it earlier, and renew it by a new version when the time comes.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: «"2026-03-31T00:00:01Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
  },
  {
    claim: "a grant lasts no longer than the platform says",
    problem: "E05 a Grant lasts at most 7d, and this one lasts longer",
    hint: "End it earlier, and renew it by a new version when the time comes.",
    file: tenantFile,
    wrong: document(
      "Grant",
      "g",
      "acme",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: «"2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
    clean: document(
      "Grant",
      "g",
      "acme",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-08T00:00:00Z", approvedBy: [dpo], scope: { apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
    also: {
      "platform/l.yaml": document("Platform", "x", "platform", "{ grants: { maxDuration: 7d } }"),
    },
  },
  {
    claim: "an incident lasts at most three days",
    problem: "E05 an Incident lasts at most 72h, and this one lasts longer",
    hint: "End it earlier, and renew it by a new version when the time comes.",
    wrong: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: «"2026-03-05T00:00:00Z", approvedBy: [a, b], restrict: [{ id: x, effect: deny }] }',
    ),
    clean: document(
      "Incident",
      "i",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-04T00:00:00Z", approvedBy: [a, b], restrict: [{ id: x, effect: deny }] }',
    ),
  },
  {
    claim: "a grant without an end is none",
    problem: "E01 `spec` lacks `expiresAt`",
    hint: "Add `expiresAt`.",
    wrong: document(
      "Grant",
      "g",
      "platform",
      '«{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
    clean: document(
      "Grant",
      "g",
      "platform",
      '{ ticket: T-1, reason: r, activeFrom: "2026-03-01T00:00:00Z", expiresAt: "2026-03-31T00:00:00Z", approvedBy: [dpo], scope: { tenants: [acme], apps: [chat], subjects: { groups: [a] } }, permits: [{ id: x }] }',
    ),
  },
  {
    claim: "what the platform holds another tenant to is unknown, not refused",
    problem: "E02 nothing declares the rule `platform/b/d`",
    hint: "Write its full name, `<namespace>/<document>/<id>`, or remove it.",
    file: tenantFile,
    wrong: grantOf("lifts: [«platform/b/d]"),
    clean: grantOf("permits: [{ id: d }]"),
    also: {
      "platform/globex.yaml": document("Tenant", "globex", "platform", "{}"),
      "platform/b.yaml": document(
        "Policy",
        "b",
        "platform",
        "{ attach: { layer: tenant, tenant: globex }, rules: [{ id: d, effect: deny }] }",
      ),
    },
  },
]);
