import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSnapshot, type PolicyFile, parsePolicies } from "./index.ts";

/**
 * One failing folder. `files` maps paths to texts; where the problem is expected a text holds `«`,
 * which is taken out before it is read. `clean` is the same place written right.
 */
interface Case {
  readonly claim: string;
  readonly problem: string;
  readonly hint: string;
  readonly file?: string;
  readonly wrong: string;
  readonly clean: string;
  /** Files besides those of the world. */
  readonly also?: Readonly<Record<string, string>>;
}

const policy = (spec: string) =>
  `apiVersion: chancery/v1alpha1\nkind: Policy\nmetadata: { name: p, namespace: platform }\nspec:\n  attach: { layer: global }\n${spec}\n`;
const rule = (fields: string) => policy(`  rules:\n    - { id: r, ${fields} }`);
const document = (kind: string, name: string, namespace: string, spec: string) =>
  `apiVersion: chancery/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;

const world: Readonly<Record<string, string>> = {
  "platform/base.yaml": [
    document("Tenant", "acme", "platform", "{}"),
    document(
      "ModelCatalog",
      "models",
      "platform",
      "{ models: [{ id: openai/gpt, aliases: [fast] }] }",
    ),
  ].join("---\n"),
  "acme/app.yaml": document("App", "chat", "acme", "{}"),
};

const platformFile = "platform/p.yaml";
const tenantFile = "acme/p.yaml";
const tenantPolicy = (attach: string) => document("Policy", "p", "acme", `{ attach: ${attach} }`);

const identity = (entries: string) =>
  document("Platform", "platform", "platform", `{ identity: [${entries}] }`);
const tenants = (first: string, second: string) =>
  [
    document("Tenant", "beta", "platform", `{ identities: { ${first} } }`),
    document("Tenant", "gamma", "platform", `{ identities: { ${second} } }`),
  ].join("---\n");

const cases: readonly Case[] = [
  {
    claim: "an unknown field is named with the one that was meant",
    problem: "E01 unknown field `modls`",
    hint: "Did you mean `models`? Rename it, or remove it.",
    wrong: rule("effect: deny, «modls: { providers: [openai] }"),
    clean: rule("effect: deny, models: { providers: [openai] }"),
  },
  {
    claim: "an unknown field like no other is answered with those that are known",
    problem: "E01 unknown field `zzz`",
    hint: "Remove it; the fields known here are code, text.",
    wrong: rule("effect: warn, message: { «zzz: 1 }"),
    clean: rule("effect: warn, message: { code: c }"),
  },
  {
    claim: "a missing field is reported at its object",
    problem: "E01 an item of `rules` lacks `effect`",
    hint: "Add `effect`.",
    wrong: policy("  rules:\n    - «id: r"),
    clean: policy("  rules:\n    - id: r\n      effect: deny"),
  },
  {
    claim: "a wrong word is answered with the list",
    problem: "E01 `effect` must be one of allow, deny, redact, transform, warn, found `denny`",
    hint: "Did you mean `deny`?",
    wrong: rule("effect: «denny"),
    clean: rule("effect: deny"),
  },
  {
    claim: "a number where text belongs needs quotes",
    problem: "E01 `version` must be a string, found `4.2`",
    hint: "Write it in quotes.",
    wrong: policy("  version: «4.2"),
    clean: policy('  version: "4.2"'),
  },
  {
    claim: "a retention shows how it is written",
    problem: "E01 `recordRetention` must be whole days, found `1y`",
    hint: "Write it like `400d`.",
    wrong: rule("effect: warn, audit: { recordRetention: «1y }"),
    clean: rule("effect: warn, audit: { recordRetention: 365d }"),
  },
  {
    claim: "a list that holds nothing is not a matcher",
    problem: "E01 `anyOf` must not be empty",
    hint: "List at least one item, or remove the field.",
    wrong: rule("effect: deny, dataClasses: { anyOf: «[] }"),
    clean: rule("effect: deny, dataClasses: { anyOf: [pii] }"),
  },
  {
    claim: "a confidence is a share of one",
    problem: "E01 `minConfidence` must be <= 1, found `60`",
    hint: "Write a number within the bounds.",
    wrong: rule("effect: deny, dataClasses: { anyOf: [pii], minConfidence: «60 }"),
    clean: rule("effect: deny, dataClasses: { anyOf: [pii], minConfidence: 0.6 }"),
  },
  {
    claim: "a pattern ends in its star",
    problem:
      "E01 an item of `providers` must be an exact word or one that ends in `*`, found `*ai`",
    hint: "Write it like `eu-*`.",
    wrong: rule('effect: deny, models: { providers: [«"*ai"] }'),
    clean: rule('effect: deny, models: { providers: ["open*"] }'),
  },
  {
    claim: "another version of the language is not read",
    problem: "E01 `apiVersion` must be chancery/v1alpha1, found `chancery/v1`",
    hint: "Write `chancery/v1alpha1`.",
    wrong: policy("").replace("chancery/v1alpha1", "«chancery/v1"),
    clean: policy(""),
  },
  {
    claim: "an unknown kind is named with the one that was meant",
    problem: "E01 unknown kind `Polcy`",
    hint: "Did you mean `Policy`? Correct the kind.",
    wrong: policy("").replace("Policy", "«Polcy"),
    clean: policy(""),
  },
  {
    claim: "a document without a kind says which there are",
    problem: "E01 the document lacks `kind`",
    hint: "Add `kind:` and one of Platform, Tenant, App, ModelCatalog, DataClass, Policy.",
    wrong: "«apiVersion: chancery/v1alpha1\n",
    clean: policy(""),
  },
  {
    claim: "broken YAML is reported where it breaks",
    problem:
      "E01 not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]",
    hint: "Correct the syntax here; the rest of this document was not looked at.",
    wrong: policy("  rules: [a\n  «version: v"),
    clean: policy("  rules: []"),
  },
  {
    claim: "a redact rule says what to do",
    problem: "E01 a redact rule lacks `redact`",
    hint: "Add `redact: { method: mask, classes: [...] }`.",
    wrong: rule("effect: «redact"),
    clean: rule("effect: redact, redact: { method: mask, classes: [pii] }"),
  },
  {
    claim: "only redact rules redact",
    problem: "E01 a rule with effect `deny` takes no `redact`",
    hint: "Remove it, or write a rule of its own with `effect: redact`.",
    wrong: rule("effect: deny, «redact: { method: mask, classes: [pii] }"),
    clean: rule("effect: deny"),
  },
  {
    claim: "only allow rules permit classes",
    problem: "E01 a rule with effect `deny` takes no `permitted`",
    hint: "Write `anyOf` to name what the rule is about.",
    wrong: rule("effect: deny, dataClasses: { «permitted: [pii] }"),
    clean: rule("effect: allow, dataClasses: { permitted: [pii] }"),
  },
  {
    claim: "a class matcher without classes is none",
    problem: "E01 `dataClasses` lacks `anyOf`",
    hint: "Name the classes the rule is about, or remove `dataClasses`.",
    wrong: rule("effect: deny, «dataClasses: { minCount: 2 }"),
    clean: rule("effect: deny, dataClasses: { anyOf: [pii], minCount: 2 }"),
  },
  {
    claim: "an attachment has the fields of its layer",
    problem: "E01 layer `app` lacks `app`",
    hint: "Add `app:` to `attach`.",
    file: tenantFile,
    wrong: tenantPolicy("«{ layer: app }"),
    clean: tenantPolicy("{ layer: app, app: chat }"),
  },
  {
    claim: "an attachment has no fields of another layer",
    problem: "E01 layer `global` takes no `tenant`",
    hint: "Remove it, or write `layer: tenant`.",
    wrong: policy("").replace("layer: global", "layer: global, «tenant: acme"),
    clean: policy("").replace("layer: global", "layer: tenant, tenant: acme"),
  },
  {
    claim: "the platform names the tenant of an app",
    problem: "E01 layer `model` lacks `tenant`",
    hint: "Add `tenant:` to `attach`.",
    wrong: policy("").replace("{ layer: global", "«{ layer: model, model: openai/gpt, app: chat"),
    clean: policy("").replace(
      "layer: global",
      "layer: model, model: openai/gpt, tenant: acme, app: chat",
    ),
  },
  {
    claim: "an attachment to an unknown tenant is named",
    problem: "E02 nothing declares the tenant `acne`",
    hint: "Did you mean `acme`?",
    wrong: policy("").replace("layer: global", "layer: tenant, tenant: «acne"),
    clean: policy("").replace("layer: global", "layer: tenant, tenant: acme"),
  },
  {
    claim: "an attachment to an unknown app is named",
    problem: "E02 nothing declares the app `desk`",
    hint: "Add an App document for it to the tenant's folder.",
    file: tenantFile,
    wrong: tenantPolicy("{ layer: app, app: «desk }"),
    clean: tenantPolicy("{ layer: app, app: chat }"),
  },
  {
    claim: "an unknown model is named",
    problem: "E02 nothing declares the model `openai/gtp`",
    hint: "Did you mean `openai/gpt`?",
    wrong: rule("effect: deny, models: { ids: [«openai/gtp] }"),
    clean: rule("effect: deny, models: { ids: [openai/gpt, openai/gtp*] }"),
  },
  {
    claim: "an attachment to an unknown model is named",
    problem: "E02 nothing declares the model `other/gpt-5`",
    hint: "List it in a ModelCatalog, or write a pattern that ends in `*`.",
    wrong: policy("").replace("layer: global", "layer: model, model: «other/gpt-5"),
    clean: policy("").replace("layer: global", "layer: model, model: openai/gpt"),
  },
  {
    claim: "an unknown alias is named",
    problem: "E02 nothing declares the alias `fats`",
    hint: "Did you mean `fast`?",
    wrong: rule("effect: deny, models: { ids: [«alias:fats] }"),
    clean: rule("effect: deny, models: { ids: [alias:fast] }"),
  },
  {
    claim: "an unknown provider is named",
    problem: "E02 nothing declares the provider `opnai`",
    hint: "Did you mean `openai`?",
    wrong: rule("effect: deny, models: { providers: [«opnai] }"),
    clean: rule("effect: deny, models: { providers: [openai, opnai*] }"),
  },
  {
    claim: "a class outside the built-in families is named",
    problem: "E02 nothing declares the data class `secrets`",
    hint: "Did you mean `secret`?",
    wrong: rule("effect: deny, dataClasses: { anyOf: [«secrets.jwt] }"),
    clean: rule("effect: deny, dataClasses: { anyOf: [secret.jwt] }"),
  },
  {
    claim: "an allow rule cannot be locked",
    problem: "E03 `overrides` may only restrict, and this rule allows",
    hint: "Move the rule to `rules`, where denies of every layer still stand above it.",
    wrong: policy("  overrides: { rules: [{ id: r, effect: «allow }] }"),
    clean: policy("  overrides: { rules: [{ id: r, effect: deny }] }"),
  },
  {
    claim: "a document lies in the folder of its namespace",
    problem: "E06 the document says namespace `platform` but lies in the folder of `acme`",
    hint: "Write `namespace: acme`, or move the file.",
    file: tenantFile,
    wrong: tenantPolicy("{ layer: tenant }").replace("acme", "«platform"),
    clean: tenantPolicy("{ layer: tenant }"),
  },
  {
    claim: "a folder belongs to a declared tenant",
    problem: "E06 no Tenant document declares `acmee`, so its folder does not load",
    hint: "Did you mean the folder `acme`? Rename it, or declare the tenant.",
    file: "acmee/p.yaml",
    wrong: tenantPolicy("{ layer: tenant }").replace("acme", "«acmee"),
    clean: `${document("Tenant", "acmee", "platform", "{}")}`,
  },
  {
    claim: "tenants are declared by the platform",
    problem: "E06 Tenant documents do not belong in the folder of `acme`",
    hint: "Move it to the `platform` folder.",
    file: tenantFile,
    wrong: document("«Tenant", "other", "acme", "{}"),
    clean: document("App", "other", "acme", "{}"),
  },
  {
    claim: "apps are declared by their tenant",
    problem: "E06 App documents do not belong in the folder of `platform`",
    hint: "Move it to the folder of the tenant whose app it is.",
    wrong: document("«App", "other", "platform", "{}"),
    clean: document("Tenant", "other", "platform", "{}"),
  },
  {
    claim: "no tenant is called as the platform is",
    problem: "E06 `platform` is the platform's own namespace and cannot be a tenant",
    hint: "Give the tenant another name.",
    wrong: document("Tenant", "«platform", "platform", "{}"),
    clean: document("Tenant", "other", "platform", "{}"),
  },
  {
    claim: "a tenant attaches nothing globally",
    problem: "E06 only the platform attaches policies to layer `global`",
    hint: "Write `layer: tenant`, or `layer: app` with an app of your own.",
    file: tenantFile,
    wrong: tenantPolicy("{ layer: «global }"),
    clean: tenantPolicy("{ layer: tenant }"),
  },
  {
    claim: "a tenant attaches nothing to another tenant",
    problem: "E06 a policy of `acme` cannot attach to tenant `other`",
    hint: "Write `tenant: acme`, or leave it out.",
    file: tenantFile,
    wrong: tenantPolicy("{ layer: tenant, tenant: «other }"),
    clean: tenantPolicy("{ layer: tenant, tenant: acme }"),
  },
  {
    claim: "a tenant attaches to models of its own only",
    problem: "E06 a policy of `acme` attaches only to models of its own catalog",
    hint: "Name a model that begins with `acme/`, or use `models.ids` in the rules.",
    file: tenantFile,
    wrong: tenantPolicy("{ layer: model, model: «openai/gpt }"),
    clean: `${tenantPolicy("{ layer: model, model: acme/own }")}---\n${document("ModelCatalog", "own", "acme", "{ models: [{ id: acme/own }] }")}`,
  },
  {
    claim: "row 34: a tenant cannot declare a platform model as its own",
    problem: "E06 ids in the catalog of `acme` must begin with `acme/`",
    hint: "Write `acme/gpt`, with `provider: openai`.",
    file: tenantFile,
    wrong: document("ModelCatalog", "own", "acme", "{ models: [{ id: «openai/gpt }] }"),
    clean: document("ModelCatalog", "own", "acme", "{ models: [{ id: acme/gpt }] }"),
  },
  {
    claim: "the platform's models do not look like a tenant's",
    problem: "E06 ids that begin with `acme/` belong to the tenant `acme`",
    hint: "Choose another first part, and name the `provider` if it must be this one.",
    wrong: document("ModelCatalog", "more", "platform", "{ models: [{ id: «acme/gpt }] }"),
    clean: document(
      "ModelCatalog",
      "more",
      "platform",
      "{ models: [{ id: x/gpt, provider: acme }] }",
    ),
  },
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
    claim: "a rule that does not exist is not unset",
    problem: "E02 nothing declares the rule `platform/p/outptu-cap`",
    hint: "Did you mean `platform/p/output-cap`?",
    file: tenantFile,
    wrong: document(
      "Policy",
      "t",
      "acme",
      "{ attach: { layer: tenant }, unset: [«platform/p/outptu-cap] }",
    ),
    clean: document(
      "Policy",
      "t",
      "acme",
      "{ attach: { layer: tenant }, unset: [platform/p/output-cap] }",
    ),
    also: { [platformFile]: policy("  defaults: { rules: [{ id: output-cap, effect: warn }] }") },
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
    claim: "a default of another tenant is unknown, not refused",
    problem: "E02 nothing declares the rule `platform/p/d`",
    hint: "Write its full name, `<namespace>/<policy>/<id>`, or remove it.",
    file: tenantFile,
    wrong: document("Policy", "t", "acme", "{ attach: { layer: tenant }, unset: [«platform/p/d] }"),
    clean: document("Policy", "t", "acme", "{ attach: { layer: tenant } }"),
    also: {
      "platform/globex.yaml": document("Tenant", "globex", "platform", "{}"),
      [platformFile]: document(
        "Policy",
        "p",
        "platform",
        "{ attach: { layer: tenant, tenant: globex }, defaults: { rules: [{ id: d, effect: deny }] } }",
      ),
    },
  },
  {
    claim: "only restrictions leave somebody out",
    problem: "E01 an allow rule takes no `exclude`",
    hint: "Say in `subjects` whom it permits, or write a deny rule for the others.",
    wrong: rule("effect: allow, «exclude: { groups: [a] }"),
    clean: rule("effect: deny, exclude: { groups: [a] }"),
  },
  {
    claim: "whoever is left out is named",
    problem: "E01 `exclude` names nobody",
    hint: "List at least one of principals, groups, roles, kinds, issuers, actors, or remove it.",
    wrong: rule("effect: deny, exclude: «{}"),
    clean: rule("effect: deny, subjects: {}"),
  },
  {
    claim: "a kind of principal is one of three",
    problem: "E01 an item of `kinds` must be one of user, workload, composite, found `person`",
    hint: "Write one of them.",
    wrong: rule("effect: deny, subjects: { kinds: [«person] }"),
    clean: rule("effect: deny, subjects: { kinds: [user] }"),
  },
  {
    claim: "a star stands at the end of a name",
    problem:
      "E01 an item of `groups` must be an exact name or one that ends in `*`, found `*-admins`",
    hint: "Write it like `support-*`.",
    wrong: rule('effect: deny, subjects: { groups: [«"*-admins"] }'),
    clean: rule('effect: deny, subjects: { groups: ["admins-*", Night Shift] }'),
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
    claim: "a tenant does not restate a class of the platform",
    problem: "E06 the data class `pii` is the platform's",
    hint: "Declare a class below it, or ask the platform to restate it.",
    file: tenantFile,
    wrong: document("DataClass", "d", "acme", "{ classes: [{ id: «pii, sensitivity: 5 }] }"),
    clean: document("DataClass", "d", "acme", "{ classes: [{ id: pii.badge }, { id: own }] }"),
  },
  {
    claim: "a class is declared once",
    problem: "E07 the data class `own` is declared twice",
    hint: "Merge the two entries.",
    wrong: document("DataClass", "d", "platform", "{ classes: [{ id: own }, { id: «own }] }"),
    clean: document("DataClass", "d", "platform", "{ classes: [{ id: own }, { id: own.one }] }"),
  },
  {
    claim: "a forwarded certificate needs somebody to trust",
    problem: "E01 the source `xfcc` lacks `trustedHop`",
    hint: "Add `trustedHop:` with the SPIFFE id of the proxy that sets the header.",
    wrong: identity("{ source: «xfcc }"),
    clean: identity('{ source: xfcc, trustedHop: "spiffe://mesh.example/edge" }'),
  },
  {
    claim: "a trusted hop is one workload",
    problem: "E01 `trustedHop` must be a SPIFFE id, found `spiffe://mesh.example/*`",
    hint: "Write it like `spiffe://mesh.example/ns/edge/sa/gateway`.",
    wrong: identity('{ source: xfcc, trustedHop: «"spiffe://mesh.example/*" }'),
    clean: identity('{ source: xfcc, trustedHop: "spiffe://mesh.example" }'),
  },
  {
    claim: "an unknown identity source is named with those there are",
    problem:
      "E01 `source` must be one of static, mtls, xfcc, jwt, extAuthz, header, found `cookie`",
    hint: "Write one of them.",
    wrong: identity("{ source: «cookie }"),
    clean: identity("{ source: jwt }"),
  },
  {
    claim: "a source takes its own settings only",
    problem: "E01 the source `mtls` takes no `claims`",
    hint: "Remove it; this source has no settings.",
    wrong: identity("{ source: mtls, «claims: {} }"),
    clean: identity("{ source: jwt, claims: {} }"),
  },
  {
    claim: "a header stands for one part of an identity",
    problem: "E07 the header `x-user` stands for two parts of an identity",
    hint: "Give each part a header of its own.",
    wrong: identity("{ source: header, headers: «{ app: X-User } }"),
    clean: identity("{ source: header, headers: { app: X-Application } }"),
  },
  {
    claim: "the name of a header is one",
    problem: "E01 `tenant` must be a header name, found `x tenant`",
    hint: "Write it like `x-user`.",
    wrong: identity("{ source: header, headers: { tenant: «x tenant } }"),
    clean: identity("{ source: header, headers: { tenant: x-tenant } }"),
  },
  {
    claim: "a source is declared once",
    problem: "E07 the source `jwt` is declared twice with the same settings",
    hint: "Remove one of the two.",
    wrong: identity("{ source: jwt }, { source: «jwt, metadataKey: chancery }"),
    clean: identity("{ source: jwt }, { source: jwt, metadataKey: partners }"),
  },
  {
    claim: "two tenants do not claim one issuer",
    problem: "E07 `https://id.example` of `issuers` is also claimed by the tenant `beta`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    wrong: tenants('issuers: ["https://id.*"]', 'issuers: [«"https://id.example"]'),
    clean: tenants('issuers: ["https://id.beta/*"]', 'issuers: ["https://id.example"]'),
  },
  {
    claim: "two tenants do not claim one workload",
    problem: "E07 `spiffe://a/ns/*` of `workloads` is also claimed by the tenant `beta`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    wrong: tenants('workloads: ["spiffe://a/*"]', 'workloads: [«"spiffe://a/ns/*"]'),
    clean: tenants('workloads: ["spiffe://a/b/*"]', 'workloads: ["spiffe://a/c/*"]'),
  },
  {
    claim: "a workload is a SPIFFE id",
    problem: "E01 an item of `workloads` must be a SPIFFE id or one that ends in `*`, found `bot`",
    hint: "Write it like `spiffe://acme.example/ns/*`.",
    wrong: tenants("workloads: [«bot]", "issuers: [a]"),
    clean: tenants('workloads: ["spiffe://a/bot"]', "issuers: [a]"),
  },
  {
    claim: "two apps do not claim one client",
    problem: "E07 `web` of `clients` is also claimed by the app `a`",
    hint: "Narrow one of the two; a caller that fits both is nobody's.",
    file: tenantFile,
    wrong: [
      document("App", "a", "acme", "{ selectors: { clients: [web] } }"),
      document("App", "b", "acme", "{ selectors: { clients: [«web] } }"),
    ].join("---\n"),
    clean: [
      document("App", "a", "acme", "{ selectors: { clients: [web] } }"),
      document("App", "b", "acme", "{ selectors: { routes: [web] } }"),
    ].join("---\n"),
  },
  {
    claim: "an app does not claim workloads of another tenant",
    problem: "E06 `spiffe://beta/*` claims workloads of another tenant",
    hint: "Select only workloads that the Tenant document lists under `identities`.",
    file: tenantFile,
    wrong: document("App", "a", "acme", '{ selectors: { workloads: [«"spiffe://beta/*"] } }'),
    clean: document("App", "a", "acme", '{ selectors: { workloads: ["spiffe://acme/*"] } }'),
    also: {
      "platform/beta.yaml": document(
        "Tenant",
        "beta",
        "platform",
        '{ identities: { workloads: ["spiffe://beta/ns/x"] } }',
      ),
    },
  },
];

describe("problems", () => {
  for (const { claim, problem, hint, file = platformFile, wrong, clean, also } of cases) {
    it(claim, () => {
      const marked = readMark(wrong);
      const found = check({ ...world, ...also, [file]: marked.text });
      assert.deepEqual(found.problems, [`${file}:${marked.line}:${marked.column} ${problem}`]);
      assert.deepEqual(found.hints, [hint]);
      assert.equal(found.isLoaded, false);

      const cleanFile = clean.includes("namespace: platform") ? platformFile : file;
      const twin = check({ ...world, ...also, [cleanFile]: clean });
      assert.deepEqual(twin, { problems: [], hints: [], isLoaded: true });
    });
  }
});

describe("what this version does not enforce", () => {
  const fields: readonly [field: string, text: string][] = [
    ["tools", rule("effect: deny, «tools: { names: [a] }")],
    ["conditions", rule("effect: deny, «conditions: [{ name: a, expression: 'true' }]")],
    ["transform", rule("effect: warn, «transform: {}")],
    ["route", rule("effect: allow, «route: { prefer: [openai/gpt] }")],
    ["quota", rule("effect: allow, «quota: [a]")],
    ["redacted", rule("effect: allow, dataClasses: { permitted: [], «redacted: [pii] }")],
    ["denied", rule("effect: allow, dataClasses: { permitted: [], «denied: [pii] }")],
    ["effect: transform", rule("effect: «transform")],
    ["mode: shadow", rule("effect: deny, mode: «shadow")],
    ["onError: FailOpen", rule("effect: deny, onError: «FailOpen")],
    ["level: trace", rule("effect: deny, audit: { level: «trace }")],
    ["contentRetention: 1d", rule("effect: deny, audit: { contentRetention: «1d }")],
    ["method: hash", rule("effect: redact, redact: { method: «hash, classes: [pii] }")],
    ["tool.call", rule("effect: deny, actions: [llm.generate, «tool.call]")],
    ["tool.*", rule('effect: deny, actions: [«"tool.*"]')],
    ["activeFrom", policy('  «activeFrom: "2026-03-01T00:00:00Z"')],
    ["activeUntil", policy('  «activeUntil: "2026-03-01T00:00:00Z"')],
    ["observe", document("Platform", "a", "platform", "{ «observe: [] }")],
    [
      "maxDuration: 60d",
      document("Platform", "a", "platform", "{ grants: { maxDuration: «60d } }"),
    ],
    [
      "maxDuration: 1h",
      document("Platform", "a", "platform", "{ incidents: { maxDuration: «1h } }"),
    ],
    ["models", document("Tenant", "b", "platform", "{ boundary: { «models: [a] } }")],
    ["maxSensitivity", document("Tenant", "b", "platform", "{ boundary: { «maxSensitivity: 4 } }")],
  ];
  for (const [field, text] of fields) {
    it(`\`${field}\` does not load`, () => {
      const { text: clean, line, column } = readMark(text);
      const { problems } = parsePolicies([{ path: "p.yaml", namespace: "platform", text: clean }]);
      assert.deepEqual(
        problems.map((found) => `${found.line}:${found.column} ${found.code} ${found.message}`),
        [`${line}:${column} E09 \`${field}\` is not enforced by this version, so it does not load`],
      );
      assert.match(problems[0]?.hint ?? "", /^[A-Z].*\.$/);
    });
  }

  it("kinds of the language that are not enforced do not load", () => {
    const kinds =
      "ToolCatalog Classifier NamedSet Quota Grant Incident KillSwitch Rollout PolicyTest Bundle";
    for (const kind of kinds.split(" ")) {
      const { problems } = check({ ...world, [platformFile]: `kind: ${kind}\n` });
      assert.deepEqual(problems, [
        `${platformFile}:1:7 E09 kind \`${kind}\` is not enforced by this version, so it does not load`,
      ]);
    }
  });

  it("named sets do not load", () => {
    const { problems } = check({
      ...world,
      [platformFile]: rule('effect: deny, models: { tags: ["set:ours", a] }'),
    });
    assert.deepEqual(problems, [
      `${platformFile}:7:47 E09 the named set \`set:ours\` is not enforced by this version, so it does not load`,
    ]);
  });

  it("what says the default, or only describes, loads", () => {
    const found = check({
      "platform/a.yaml": [
        document(
          "Platform",
          "platform",
          "platform",
          "{ identity: [{ source: static }], fallback: deny, grants: { maxDuration: 30d }, incidents: { maxDuration: 72h }, redaction: { residualFloor: tokenize } }",
        ),
        document(
          "Tenant",
          "acme",
          "platform",
          "{ identities: {}, fallback: deny, tier: gold, region: eu, labels: { a: b }, boundary: {} }",
        ),
        document(
          "ModelCatalog",
          "models",
          "platform",
          "{ models: [{ id: openai/gpt, family: gpt, price: { input: 0.1, output: 0.4 } }] }",
        ),
        rule(
          "effect: deny, onError: default, exemptible: never, mode: enforce, owner: privacy@acme.example, audit: { level: metadata, contentRetention: 0d }",
        ),
      ].join("---\n"),
      "acme/a.yaml": document(
        "App",
        "chat",
        "acme",
        "{ env: prod, owner: team@acme.example, labels: {}, boundary: {}, selectors: {} }",
      ),
    });
    assert.deepEqual(found, { problems: [], hints: [], isLoaded: true });
  });
});

describe("all problems at once", () => {
  it("a problem hides neither those beside it nor those of other documents", () => {
    const text = [
      rule("effect: dney, foo: 1, models: { ids: [openai/nope] }, tools: {}"),
      "kind: Nope\n",
      policy("  rules: [{ id: a, effect: deny }, { id: a, effect: deny, bar: 1 }]"),
      "a: [\n",
      rule("effect: redact").replace("name: p", "name: other"),
    ].join("---\n");
    assert.deepEqual(check({ ...world, [platformFile]: text }).problems, [
      `${platformFile}:7:24 E01 \`effect\` must be one of allow, deny, redact, transform, warn, found \`dney\``,
      `${platformFile}:7:30 E01 unknown field \`foo\``,
      `${platformFile}:7:70 E09 \`tools\` is not enforced by this version, so it does not load`,
      `${platformFile}:9:7 E01 unknown kind \`Nope\``,
      `${platformFile}:13:19 E07 two documents of kind Policy in \`platform\` are named \`p\``,
      `${platformFile}:16:42 E07 two rules of this policy have the id \`a\``,
      `${platformFile}:16:59 E01 unknown field \`bar\``,
      `${platformFile}:19:1 E01 not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]`,
      `${platformFile}:26:24 E01 a redact rule lacks \`redact\``,
    ]);
  });

  it("more mistakes than the validator reports in one go are all reported", () => {
    const rules = Array.from({ length: 50 }, (_, index) => `{ id: r${index}, effect: no }`);
    const { problems } = check({ ...world, [platformFile]: policy(`  rules: [${rules}]`) });
    assert.equal(problems.length, 50);
    // A document that cannot stand without the broken part is looked at to its end all the same.
    const broken = policy(`  rules: [${rules}]`).replace("layer: global", "layer: nowhere");
    assert.equal(check({ ...world, [platformFile]: broken }).problems.length, 51);
  });

  it("what stands behind a part left out keeps its place", () => {
    const text = rule('effect: deny, models: { ids: ["a b", openai/gpt, openai/nope] }');
    assert.deepEqual(check({ ...world, [platformFile]: text }).problems, [
      `${platformFile}:7:46 E01 an item of \`ids\` must be a model id, one that ends in \`*\`, or \`alias:\` and an alias, found \`a b\``,
      `${platformFile}:7:65 E02 nothing declares the model \`openai/nope\``,
    ]);
  });

  it("a document with a problem still declares what others refer to", () => {
    const files = {
      "platform/base.yaml": [
        document("Tenant", "acme", "platform", "{ teir: gold }"),
        document(
          "ModelCatalog",
          "m",
          "platform",
          "{ models: [{ id: bad id }, { id: openai/gpt }] }",
        ),
      ].join("---\n"),
      "acme/app.yaml": document("App", "chat", "acme", "{ boundary: { models: [] } }"),
      "acme/p.yaml": document(
        "Policy",
        "p",
        "acme",
        "{ attach: { layer: app, app: chat }, rules: [{ id: r, effect: deny, models: { ids: [bad/id] } }] }",
      ),
    };
    assert.deepEqual(check(files).problems, [
      "acme/app.yaml:4:21 E09 `models` is not enforced by this version, so it does not load",
      "platform/base.yaml:4:9 E01 unknown field `teir`",
      "platform/base.yaml:9:24 E01 `id` must be `<provider>/<name>` without white space or `*`, found `bad id`",
    ]);
  });

  it("the order of files does not change which of two is called the duplicate", () => {
    const files = [
      { path: "platform/a.yaml", namespace: "platform", text: policy("") },
      { path: "platform/b.yaml", namespace: "platform", text: policy("") },
    ];
    const inOrder = loadSnapshot(files, { engineVersion: "1.0.0" }).problems;
    assert.deepEqual(
      loadSnapshot(files.toReversed(), { engineVersion: "1.0.0" }).problems,
      inOrder,
    );
    assert.equal(inOrder[0]?.file, "platform/b.yaml");
  });

  it("a file without documents is a warning and does not stand in the way", () => {
    const files = toFiles({ ...world, "platform/empty.yaml": "# later\n" });
    const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
    assert.ok(snapshot);
    assert.deepEqual(
      problems.map(({ severity, line, message }) => ({ severity, line, message })),
      [{ severity: "warning", line: 0, message: "the file holds no document" }],
    );
  });
});

describe("hostile text", () => {
  const problemsOf = (text: string) =>
    parsePolicies([{ path: "p", namespace: "platform", text }]).problems.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );

  it("nesting is bounded without recursion", () => {
    const tooDeep = /nested deeper than 32 levels/;
    assert.match(problemsOf("[".repeat(50_000)).join(), tooDeep);
    assert.match(problemsOf("- ".repeat(5_000)).join(), tooDeep);
    assert.match(problemsOf("&a [*a]").join(), tooDeep);
  });

  it("aliases that multiply are cut off", () => {
    const lines = Array.from({ length: 8 }, (_, index) => {
      const inner = index === 0 ? "1" : `*l${index - 1}`;
      return `l${index}: &l${index} [${Array.from({ length: 10 }, () => inner)}]`;
    });
    assert.match(problemsOf(`kind: Policy\n${lines.join("\n")}`).join(), /more than 100 aliases/);
  });

  it("an alias without anchor and an odd tag are problems", () => {
    assert.match(problemsOf("kind: *nowhere").join(), /^1:7 no anchor/);
    assert.match(problemsOf("kind: !made-up Policy").join(), /1:7 not valid YAML: unresolved tag/);
  });

  it("keys that are not plain words do not reach the documents", () => {
    for (const key of ["__proto__", "1", "[a]", "? {}"]) {
      assert.match(problemsOf(`${key}: {}\n`).join(), /1:\d a key must be a plain word/);
    }
  });

  it("a file beyond the bound is not read", () => {
    assert.match(problemsOf("#".repeat(1024 * 1024 + 1)).join(), /longer than 1048576/);
  });
});

function readMark(marked: string) {
  const offset = marked.indexOf("«");
  assert.notEqual(offset, -1, "the text marks where the problem is");
  const before = marked.slice(0, offset).split("\n");
  return {
    text: marked.replace("«", ""),
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

function toFiles(texts: Readonly<Record<string, string>>): readonly PolicyFile[] {
  return Object.entries(texts).map(([path, text]) => ({
    path,
    namespace: path.split("/")[0] ?? "",
    text,
  }));
}

function check(texts: Readonly<Record<string, string>>) {
  const { snapshot, problems, namespaces } = loadSnapshot(toFiles(texts), {
    engineVersion: "1.0.0",
  });
  return {
    problems: problems.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
    ),
    hints: problems.map(({ hint }) => hint),
    isLoaded:
      snapshot !== undefined && [...namespaces.values()].every(({ state }) => state === "current"),
  };
}
