import { ownerText, type PartText, patternText } from "./field-text.ts";

/*
 * What each field of each kind of the policy language means, for the published schemas and the
 * reference. Shapes are in `src/policy/`; the generator fails where the two differ.
 */

const labels = "Free names and values; conditions can read them.";
const reason = "Why; it goes into records.";
const ticket = "Where the case is kept, such as a ticket number.";
const approvedBy = "Who agreed, one name each.";

/** Kinds of documents, their fields below `spec`. */
export const kindTexts: Readonly<Record<string, PartText>> = {
  Platform: {
    about:
      "Settings of the whole installation. There is one, in the folder `platform`; it may be absent.",
    fields: {
      identity: [
        "Where the identity of a caller comes from. All sources that are present must agree.",
        "nobody is known, except to a listener that is static",
      ],
      fallback: ["What holds where nothing permits; tenant and app must say `allow` too.", "deny"],
      keyRing: "Who may sign the platform's bundles.",
      grants: "Bounds of Grants.",
      "grants.maxDuration": ["How long a Grant may last.", "30d"],
      incidents: "Bounds of Incidents.",
      "incidents.maxDuration": ["How long an Incident may last.", "72h"],
      redaction: "What counts as redacted.",
      "redaction.residualFloor": [
        "The weakest method after which a class no longer counts as left for the model.",
        "tokenize",
      ],
      limits: "Bounds of each tenant.",
      "limits.rules": ["Rules of one tenant, those made of shorthands included.", "no bound"],
      "limits.conditions": ["Conditions of one tenant.", "no bound"],
      "limits.bundleBytes": ["Size of one tenant's bundle in bytes.", "no bound"],
      "limits.classifiers": ["Classifiers of one tenant: each is a call for every request.", "8"],
      observe:
        "Apps that are watched, not governed: everything is decided and recorded, and only kill switches act.",
      "observe.tenants": ["Tenants that are watched.", "all"],
      "observe.apps": ["Apps that are watched.", "all"],
      "observe.until": "When governing begins; at most 30 days ahead.",
      owner: ownerText,
      labels,
    },
  },
  Tenant: {
    about: "A tenant; its name is the tenant's id. Stands in the folder `platform`.",
    fields: {
      identities: "How a caller is told to be this tenant's where nothing names the tenant.",
      "identities.issuers": `Issuers of its tokens. ${patternText}`,
      "identities.workloads": `SPIFFE ids of its workloads. ${patternText}`,
      fallback: [
        "What holds where nothing permits; platform and app must say `allow` too.",
        "deny",
      ],
      keyRing: "Who may sign the tenant's bundles.",
      tier: "Read by conditions as `tenant.tier`.",
      region: "Home region; read by conditions as `tenant.region`.",
      owner: ownerText,
      owners: "Whom to ask, one name each. Nothing here decides on it.",
      labels,
      boundary: "What the tenant may use at most.",
    },
  },
  App: {
    about: "An app of the tenant in whose folder it stands; its name is the app's id.",
    fields: {
      fallback: [
        "What holds where nothing permits; platform and tenant must say `allow` too.",
        "deny",
      ],
      env: "Read by conditions as `app.env`.",
      owner: "Whom to ask about it; read by conditions as `app.owner`.",
      labels,
      boundary: "What the app may use at most, besides its tenant's boundary.",
      selectors: "Whose requests are this app's where nothing names the app.",
      "selectors.routes": `Names of the proxy's routes. ${patternText}`,
      "selectors.workloads": `SPIFFE ids of callers. ${patternText}`,
      "selectors.clients": `Client ids in tokens (\`azp\`, else \`client_id\`). ${patternText}`,
    },
  },
  ModelCatalog: {
    about: "Models that may be named. A model that no catalog in reach lists is not reached.",
    fields: {
      models: "The models.",
      "models.id": "`<first>/<name>`; a tenant's begin with its own id.",
      "models.provider": ["Who serves it.", "the first part of the id"],
      "models.family": "Read by conditions as `model.family`.",
      "models.upstreamName": [
        "Its name as the provider knows it.",
        "the part of the id behind the slash",
      ],
      "models.aliases": "Names under which a request may ask for any of several models.",
      "models.regions": "Where it runs. A boundary on regions excludes a model without any.",
      "models.deployment": ["Who runs it, such as `vendor` or `self-hosted`.", "vendor"],
      "models.tags": "Words for matchers.",
      "models.retention": "How long the provider keeps what is sent, as matchers name it.",
      "models.status": ["Anything but `active` takes it out of use.", "active"],
      "models.retiresOn":
        "The day, in UTC, from which on its provider means to serve it no more. `chancery check` warns of what still leads there; only `status` takes it out of use.",
      "models.permitted": ["Classes that may be left in what is sent to it; empty: none.", "any"],
      "models.price": "Money for one token, in the unit of quotas in `usd`.",
      "models.price.input": "For a token that is sent.",
      "models.price.output": "For a token that is generated.",
    },
  },
  ToolCatalog: {
    about: "Tools and agents that may be named.",
    fields: {
      tools: "The tools.",
      "tools.name": "`<server>/<tool>`; a tenant's begin with its own id.",
      "tools.risk": ["A word for matchers, such as `read` or `write`.", "unknown"],
      "tools.sideEffects": "Whether a call changes something; for readers.",
      "tools.arguments": "JSON Schema of its arguments; for readers.",
      "tools.description": "One line for readers.",
    },
  },
  DataClass: {
    about:
      "Data classes besides the built-in ones. The parent of `a.b` is `a`; a rule about a class is about all below it.",
    fields: {
      classes: "The classes.",
      "classes.id": "Lower case, below its parent.",
      "classes.sensitivity": [
        "0 to 5; no less than the parent's.",
        "that of the nearest ancestor, else 5",
      ],
    },
  },
  Classifier: {
    about:
      "A detector beside the rules: a model that is asked about the texts of each exchange that it is for, or patterns and words of one's own. While one that is asked gives no answer nothing counts as classified: what depends on data is denied with `unclassified`.",
    fields: {
      version: "Which version of the detector this is; it goes into records.",
      owner: ownerText,
      endpoint:
        "Who is asked, by its name in `classifiers` of the configuration; documents hold no addresses.",
      files:
        "Which files a model has that runs beside the server, entry of type `onnx`: it does not load with others, so that records, which name the policies, tell what found something. Only there, and there always.",
      "files.model": "Digest of the model.",
      "files.tokenizer": "Digest of its tokenizer.",
      patterns:
        "Patterns to look for. Each has at most 512 characters and takes at most 300 steps for a character of text, all of them together 2,000. A match is as long as its pattern allows; where that has no bound, it ends within 512 characters and may go on as another. Of one pattern 64 matches count in a block of 256 characters, and the rest of the block is one. A stream is held back by as much as the longest match.",
      "patterns.id": "Its name among the patterns of the document.",
      "patterns.class": "What a match is; one of `classes`.",
      "patterns.pattern": "In RE2 syntax: no look-around, no back-references.",
      "patterns.confidence": ["How sure a match is.", "0.8"],
      "patterns.words": [
        "A match counts only with one of these words within the 64 characters before it, whatever its case and accents.",
        "every match counts",
      ],
      terms:
        "A dictionary of up to 100,000 entries, found word by word whatever their case, accents, width and the signs and spaces between their words (up to 8 of these). An entry of a script without spaces is found anywhere.",
      "terms.class": "What an entry is; one of `classes`.",
      "terms.list": "The entries, at most 10,000; either this or `lines`.",
      "terms.lines": "The entries as one text, one to a line.",
      values:
        "A list of up to 100,000 values of which only digests with a key are written, as `chancery digest` makes them. Found are numbers in up to five groups, names of two to four words in capitals, and e-mail addresses, compared by their letters and digits whatever their case, accents and separators. The key stands beside the digests, so whoever can read the document can try values one by one: keep it from those who may not know the list.",
      "values.class": "What a value is; one of `classes`.",
      "values.key": "What the digests were made with, 16 to 64 bytes in base64url.",
      "values.digests":
        "60 bits of HMAC-SHA-256 for each value, ten characters of base64url; white space between them counts nothing.",
      ignore:
        "Values that are nothing where they are found as of one of `classes` or below. The platform's hold for the rules and for its own classifiers, and hide nothing from a tenant's; a tenant's hold for its own classifiers alone.",
      "ignore.values": "Whole values, whatever their case.",
      classes: "All that it may report. Anything else is dropped and counted as its fault.",
      map: "Classes by the classifier's own words for them; each must be listed in `classes`.",
      in: "Places whose texts it is for. Where an `endpoint` is asked about `response`, or something is for `tool_args` and tools are governed, answers are held until they are complete, streams too; patterns and terms for both are looked for while a stream runs. Headers, paths and trailers are judged by the rules alone.",
      scope: ["For whom it is asked.", "everybody in reach"],
      "scope.tenants": ["Tenants; the platform's to say.", "all"],
      "scope.apps": ["Apps.", "all"],
      minConfidence: ["What it is less sure of is nothing.", "0.4"],
      timeout: [
        "How long an answer may take, in ms or s; `deadlines.classifierMs` and the entry of the configuration may be shorter.",
        "150ms",
      ],
    },
  },
  NamedSet: {
    about:
      "A list under a name. `set:<name>` stands for its items in any list of a matcher or a boundary; the own namespace comes before the platform's.",
    fields: { items: "Names of one sort, such as groups or models; no sets. Empty: fits nothing." },
  },
  Policy: {
    about:
      "Rules for one layer. Policies, Grants and Incidents of a namespace share one set of names.",
    fields: {
      version: "Which version of the policy this is; a Rollout names two.",
      owner: ownerText,
      labels: "Free names and values. Nothing here decides on them.",
      attach: "Whose requests the rules are about.",
      "attach.layer":
        "How specific they are. A tenant writes `tenant`, `app` (its own) or `model` (of its own catalog).",
      "attach.tenant": "The tenant; in a tenant's folder the tenant itself.",
      "attach.app": "The app.",
      "attach.model": "The model.",
      unset: "Defaults from above that do not hold for the requests of this policy, by full name.",
      activeFrom: ["In force from this time on.", "always"],
      activeUntil: ["In force before this time.", "always"],
      defaults: "Rules that layers below may unset or replace by name.",
      "defaults.rules": "The rules.",
      rules:
        "Rules that layers below cannot unset; a Grant can lift them unless they say otherwise.",
      overrides: "Restrictions that nobody below can unset and, by default, nobody can lift.",
      "overrides.rules": "The rules.",
    },
  },
  Quota: {
    about: "A budget. Rules name it under `quota`; every one that a request meets must have room.",
    fields: {
      unit: "What is counted.",
      limit: "How much of it one window has room for.",
      window: "When what was spent is forgotten.",
      "window.kind":
        "`sliding` looks back from now, `fixed` begins anew by the clock, `gcra` is a steady rate.",
      "window.duration": "How long it is.",
      "window.timeZone": ["Whose clock a `fixed` window follows, by IANA name.", "UTC"],
      "window.burst": ["How much of a `gcra` rate may come at once.", "the limit"],
      key: "Each combination of these verified attributes has a budget of its own.",
      cost: ["A CEL expression for the cost of one exchange; it may read `usage`.", "by the unit"],
      onExceed: [
        "Where it is spent: `deny` refuses, `route` tries the next candidate, `warn` says so.",
        "deny",
      ],
      onUnavailable: [
        "Where the store is down: `deny` refuses, `local` counts a share in each replica.",
        "deny",
      ],
      mode: ["`shadow` counts and reports without acting.", "enforce"],
      cutStream: ["Whether a running answer ends when the budget does.", "false"],
      owner: ownerText,
    },
  },
  Grant: {
    about:
      "An exception for some time: it lifts named rules, permits more, or both, within its scope. A permit still meets every deny and boundary.",
    fields: {
      ticket,
      reason,
      activeFrom: "When it begins.",
      expiresAt: "When it is over; the platform bounds its length.",
      approvedBy,
      scope: "Whom it is for; limits lifts and permits alike.",
      lifts:
        "Restrictive rules that do not hold, by full name; of equal or lower authority and `exemptible: grant`.",
      permits: "Allow rules of the exception.",
      owner: ownerText,
    },
  },
  Incident: {
    about:
      "Restrictions and relaxations that end by themselves, for as long as something is wrong.",
    fields: {
      ticket,
      reason,
      activeFrom: "When it begins.",
      activeUntil: "When it is over; the platform bounds its length.",
      approvedBy: `${approvedBy} \`relax\` needs two different ones.`,
      relax: "What is loosened, and for whom.",
      "relax.scope": "Whom it is for; limits lifts and permits alike.",
      "relax.lifts": "Restrictive rules that do not hold; also those of `exemptible: incident`.",
      "relax.permits": "Allow rules of the relaxation.",
      restrict: "Restrictive rules for everybody in reach, as in `rules` of a Policy.",
      owner: ownerText,
    },
  },
  KillSwitch: {
    about:
      "Stops something at once, before anything else is looked at. Takes effect from the policies or, faster, from the folder of kill switches.",
    fields: {
      sequence: "The highest of a name counts, so an old document cannot switch anything on again.",
      active: "`false` switches off.",
      target: "What is stopped: exactly one field.",
      "target.tenants": "Tenants; a tenant may name itself.",
      "target.apps": "Apps; the platform writes `<tenant>/<app>`.",
      "target.principals": `Principals. ${patternText}`,
      "target.models": "Models: ids, patterns or aliases.",
      "target.providers": `Providers. ${patternText}`,
      "target.tools": `Tools. ${patternText}`,
      stopStreams: ["Whether running answers end as well.", "false"],
      reason,
    },
  },
  Rollout: {
    about: "A ramp between two versions of one policy of the same folder.",
    fields: {
      policy: "Name of the policy.",
      stable: "Version outside the ramp.",
      candidate: "Version inside the ramp.",
      seed: "Any text; another one draws other callers.",
      stickyBy: [
        "Verified attributes a caller keeps its side by, in this order.",
        "tenant.id, principal.id",
      ],
      step: "How far the ramp is.",
      "step.percent": "Share of callers inside; 0 only computes what the candidate would decide.",
      guards:
        "When the ramp holds or falls back by itself, at least one rate; it never advances by itself.",
      "guards.maxNewDenyRate": "Share of decisions that the candidate denies and stable does not.",
      "guards.maxErrorRate":
        "Share of decisions in which the candidate denies because something failed, and stable does not.",
      "guards.minSamples": [
        "Decisions before a share counts; it is taken over the last one to two times as many.",
        "100",
      ],
      "guards.onBreach": [
        "`shadow` enforces stable for all until this document changes, `hold` only reports.",
        "shadow",
      ],
    },
  },
  PolicyTest: {
    about:
      "Requests and what is to be decided about them; run by `chancery test` and before a bundle is activated.",
    fields: {
      time: "The time of all cases that name none.",
      fixtures: "Named parts that cases use.",
      cases: "One request each.",
      "cases.name": "A claim.",
      "cases.given": "The request: fields of the input, `use` and `data` may name fixtures.",
      "cases.expect": "Fields of the decision; what is absent is not checked.",
      matrix: "Every combination of the values listed.",
      "matrix.given":
        "As in cases; lists of `tenant`, `app`, `action`, `point` and `model` multiply.",
      "matrix.expect": "What each combination is to be decided as.",
    },
  },
};
