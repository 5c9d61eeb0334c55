import { ownerText, type PartText, patternText } from "./field-text.ts";

/*
 * What each field of the shared parts of the policy language means, for the published schemas and the
 * reference. Shapes are in `src/policy/`; the generator fails where the two differ.
 */

/** Parts that stand in several kinds, by the names of `sharedSchemas`. */
export const sharedTexts: Readonly<Record<string, PartText>> = {
  metadata: {
    about: "What a document is called.",
    fields: {
      name: "Unique for its kind in the namespace.",
      namespace: "The folder it lies in: `platform`, or a tenant.",
      labels: "Free names and values for tools.",
      annotations: "Free names and values for people.",
    },
  },
  rule: {
    about:
      "One rule. Matchers that are absent fit anything; all fields must fit, and of a list one item is enough.",
    fields: {
      id: "Unique in its policy; the full name is `<namespace>/<policy>/<id>`.",
      effect:
        "What it does: `deny` beats `allow`; `redact`, `transform` and `warn` are added to a permit.",
      subjects: ["Who asks.", "anybody"],
      exclude: "Whoever fits is not concerned; on restrictive rules only.",
      actions: ["What is asked for; `llm.*` and `tool.*` are families.", "any"],
      models: ["Which model; does not fit a request without one.", "any"],
      tools: ["Which tool; does not fit a request without one.", "any"],
      dataClasses: ["What was found in the content, or may be left of it.", "any"],
      conditions: "CEL expressions that must all hold.",
      route: "Where an allow rule sends the request, if it is the winning one.",
      quota: "Budgets that must have room, by name; on allow and transform rules.",
      priority: ["Decides between permits that are equally specific; −100 to 100.", "0"],
      audit: "What is recorded.",
      owner: ownerText,
      redact: "How a redact rule edits.",
      transform: "What a transform rule changes.",
      onError: [
        "`FailOpen` lets a restrictive rule of `defaults` not hold where it cannot be told.",
        "an error restricts",
      ],
      exemptible: [
        "Who can lift it: a Grant or an Incident, an Incident alone, or nobody.",
        "grant; in `overrides` never",
      ],
      mode: ["`shadow` computes what it would change without acting.", "enforce"],
      severity: "How bad a miss is; the linter warns of ramps on `critical` restrictions.",
      replaces: "A default from above that does not hold where this rule is on the path.",
      message: "What the caller is told.",
    },
  },
  permit: {
    about: "An allow rule of a Grant or an Incident, within its scope.",
    fields: {
      id: "Unique in its document.",
      subjects: ["Who asks.", "anybody in the scope"],
      actions: ["What is asked for.", "any"],
      models: ["Which model.", "any"],
      tools: ["Which tool.", "any"],
      dataClasses: ["What was found, or may be left.", "any"],
      conditions: "CEL expressions that must all hold.",
      route: "Where it sends the request, if it is the winning permit.",
      quota: "Budgets that must have room, by name.",
      priority: ["Decides between permits that are equally specific.", "0"],
      audit: "What is recorded.",
      owner: ownerText,
    },
  },
  subjects: {
    about: "Who asks.",
    fields: {
      principals: `Ids of principals. ${patternText}`,
      groups: `Groups. ${patternText}`,
      roles: `Roles. ${patternText}`,
      kinds: "Kinds of principals; `composite` is a user through a workload.",
      issuers: `Issuers of tokens. ${patternText}`,
      actors: `Ids of those who call on somebody's behalf. ${patternText}`,
    },
  },
  modelMatcher: {
    about: "Which model.",
    fields: {
      ids: "Ids, patterns, or `alias:<name>` for all members of an alias.",
      providers: `Providers. ${patternText}`,
      regions: `One region of the model is enough. ${patternText}`,
      deployment: "Exact words.",
      tags: `One tag of the model is enough. ${patternText}`,
      retention: "Exact words.",
    },
  },
  toolMatcher: {
    about: "Which tool.",
    fields: {
      names: `\`<server>/<tool>\`. ${patternText}`,
      risk: "Exact words; a tool that no catalog lists has `unknown`.",
    },
  },
  classMatcher: {
    about: "What was found in the content, redacted or not, and what may be left of it.",
    fields: {
      anyOf: "Fits where findings of these classes, or of classes below them, are many enough.",
      minConfidence: ["Findings below it do not count.", "0.6"],
      minCount: ["How many findings of the classes together.", "1"],
      in: ["Places that count; allow rules see the request alone.", "all"],
      permitted:
        "On allow rules: every class that is left after redaction must be listed, or a parent of it.",
      redacted: "On allow rules, with `permitted`: classes that a rule `<id>.redact` redacts.",
      denied: "On allow rules, with `permitted`: classes that a rule `<id>.deny` denies.",
    },
  },
  condition: {
    about: "One named CEL expression; explanations and coverage point at it by name.",
    fields: {
      name: "Unique in its rule.",
      expression: "Must be true for the rule to hold; at most 2 KiB.",
    },
  },
  redact: {
    about: "How findings are edited.",
    fields: {
      method: "From the strongest: `remove`, `mask`, `tokenize`, `hash`, `partial`.",
      classes: "What is edited; absent only with the shorthand `redacted`.",
      directions: ["What is sent, what is returned, what is kept.", "all three"],
    },
  },
  transform: {
    about: "Every change other than redaction.",
    fields: {
      params: "Bounds of parameters of the request, such as `maxTokens`.",
      "params.max": "Largest number; the smallest of several rules holds.",
      "params.min": "Smallest number; the largest of several rules holds.",
      "params.value": "A fixed value.",
      retention: "What the provider may keep.",
      "retention.store": "`false` asks the provider to keep nothing.",
      "retention.training": "`false` asks the provider not to train on it.",
      "retention.maxDays": "Longest time in days.",
      tools: "What happens to tools.",
      "tools.remove": "Tools that are not offered.",
      "tools.requireApproval": "A call needs approval; on rules about `tool.call` alone.",
      "tools.requireApproval.by": "Who may approve.",
      "tools.requireApproval.ttl": "How long an approval holds.",
      prompt: "What is added to the prompt.",
      "prompt.prepend": "Text that goes before it.",
      headers: "Headers of the request to the provider.",
      "headers.set": "Values by name.",
      route: "Where the request may go.",
      "route.only": "Exact ids of models; several rules leave what all of them list.",
    },
  },
  route: {
    about: "Where a permitted request goes; each model is decided about in full.",
    fields: {
      prefer: "Exact ids of models, first choice first.",
      fallback: "Exact ids of models that are tried when the others are not available.",
    },
  },
  audit: {
    about: "What is recorded of a request that the rule matched.",
    fields: {
      level: ["How much; the highest of all matching rules holds.", "metadata"],
      contentRetention: "How long content may be kept; the shortest holds.",
      recordRetention: "How long the record is kept; the longest holds.",
      controls: "Controls that the record is evidence for, such as `eu-ai-act:12`.",
    },
  },
  message: {
    about: "What the caller is told.",
    fields: {
      code: ["A stable code for programs.", "the reason; for warnings the id of the rule"],
      text: ["One sentence for people.", "a sentence for the reason"],
    },
  },
  scope: {
    about: "Whom an exception is for.",
    fields: {
      tenants: "Tenants; required of the platform.",
      apps: "Apps; required.",
      subjects: "Who asks; required, with at least one field.",
      models: ["Which models.", "any"],
      actions: ["What is asked for.", "any"],
    },
  },
  boundary: {
    about:
      "What may be used at most. It grants nothing; a list that is absent limits nothing, an empty one excludes everything.",
    fields: {
      models: "Ids, patterns, or `alias:<name>`.",
      providers: `Providers. ${patternText}`,
      regions: `All regions of a model must be listed. ${patternText}`,
      tools: `Tools. ${patternText}`,
      maxSensitivity: "Highest sensitivity of what is found, 0 to 5; redaction does not help.",
    },
  },
  keyRing: {
    about: "Keys that sign bundles.",
    fields: {
      threshold: ["Signatures a bundle needs, by different keys.", "1"],
      keys: "The keys.",
      "keys.id": "Unique in the ring.",
      "keys.ed25519": "The public key.",
      "keys.notBefore": ["Valid from this time on.", "always"],
      "keys.notAfter": ["Valid until this time.", "always"],
      "keys.kinds": ["Kinds of documents it may sign.", "all"],
    },
  },
  identitySource: {
    about: "One place where the identity of a caller comes from.",
    fields: {
      source: "What kind of place.",
      metadataKey: ["`jwt`: entry in the metadata of the proxy's JWT filter.", "chancery"],
      namespace: ["`extAuthz`: namespace of its metadata.", "envoy.filters.http.ext_authz"],
      claims: "`jwt`, `extAuthz`: where each part of an identity stands.",
      "claims.principal": ["Claim with the principal.", "sub"],
      "claims.tenant": ["Claim with the tenant.", "tenant"],
      "claims.app": ["Claim with the app.", "app"],
      "claims.groups": ["Claim with the groups.", "groups"],
      "claims.roles": ["Claim with the roles.", "roles"],
      trustedHop: "`xfcc`: SPIFFE id of the proxy whose element is read.",
      headers: "`header`: where each part of an identity stands.",
      "headers.principal": ["Header with the principal.", "x-user"],
      "headers.tenant": ["Header with the tenant.", "x-tenant"],
      "headers.app": ["Header with the app.", "x-app"],
      "headers.groups": ["Header with the groups.", "x-groups"],
    },
  },
};
