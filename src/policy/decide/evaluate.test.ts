import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision, DecisionInput, FindingGroup } from "../../domain/index.ts";
import { evaluate, loadSnapshot, type PolicyFile, type Snapshot } from "../index.ts";

type RuleText = Readonly<Record<string, unknown>>;
interface World {
  readonly global?: readonly RuleText[];
  readonly locked?: readonly RuleText[];
  readonly defaults?: readonly RuleText[];
  readonly tenant?: readonly RuleText[];
  readonly app?: readonly RuleText[];
  readonly model?: readonly RuleText[];
  readonly models?: readonly RuleText[];
  readonly platform?: RuleText;
  readonly tenantSpec?: RuleText;
  readonly appSpec?: RuleText;
}

const allow = { id: "allow", effect: "allow" };
const denyPii = { id: "deny-pii", effect: "deny", dataClasses: { anyOf: ["pii"] } };
const maskPii = {
  id: "mask-pii",
  effect: "redact",
  redact: { method: "mask", classes: ["pii"] },
};
const removePii = { ...maskPii, id: "remove-pii", redact: { method: "remove", classes: ["pii"] } };
const email: FindingGroup = { class: "pii.email", in: "prompt", count: 1, confidence: 0.98 };

const baseInput: DecisionInput = {
  time: "2026-03-02T10:00:00.000000Z",
  tenant: "acme",
  app: "chat",
  action: "llm.generate",
  point: "request",
  model: "vendor/m1",
  principal: { id: "app:acme/chat", kind: "workload" },
  data: { status: "ok", findings: [email] },
};

function load(world: World): Snapshot {
  return loadWith(world, []);
}

function loadWith(world: World, more: readonly PolicyFile[]): Snapshot {
  const files = [...filesOf(world), ...more];
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return snapshot;
}

function decide(world: World, input: Partial<DecisionInput> = {}): Decision {
  return evaluate(load(world), { ...baseInput, ...input });
}

function found(...findings: readonly FindingGroup[]): Pick<DecisionInput, "data"> {
  return { data: { status: "ok", findings } };
}

function filesOf(world: World): readonly PolicyFile[] {
  const models = world.models ?? [{ id: "vendor/m1" }];
  return [
    file("platform", "Platform", "platform", world.platform ?? {}),
    file("platform", "Tenant", "acme", world.tenantSpec ?? {}),
    file("acme", "App", "chat", world.appSpec ?? {}),
    file("platform", "ModelCatalog", "models", { models }),
    file("platform", "Policy", "g", {
      attach: { layer: "global" },
      rules: world.global ?? [],
      defaults: { rules: world.defaults ?? [] },
      overrides: { rules: world.locked ?? [] },
    }),
    file("acme", "Policy", "t", { attach: { layer: "tenant" }, rules: world.tenant ?? [] }),
    file("acme", "Policy", "a", { attach: { layer: "app", app: "chat" }, rules: world.app ?? [] }),
    ...(world.model === undefined ? [] : [modelPolicy(world.model)]),
  ];
}

function modelPolicy(rules: readonly RuleText[]): PolicyFile {
  const attach = { layer: "model", model: "vendor/m1" };
  return file("platform", "Policy", "m", { attach, rules });
}

function file(namespace: string, kind: string, name: string, spec: RuleText): PolicyFile {
  const document = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  const path = `${namespace}/${kind}-${name}.json`;
  return { path, namespace, text: JSON.stringify(document) };
}

function assertOutcome(decision: Decision, expected: Partial<Decision>): void {
  const picked = Object.fromEntries(
    Object.keys(expected).map((key) => [key, decision[key as keyof Decision]]),
  );
  assert.deepEqual(picked, expected);
}

describe("who asks", () => {
  it("a missing or undeclared tenant, app or principal is unresolved", () => {
    const world = { global: [allow] };
    for (const input of [
      { tenant: undefined },
      { app: undefined },
      { principal: undefined },
      { tenant: "unknown" },
      { app: "unknown" },
      { tenant: "__proto__" },
      { app: "constructor" },
    ]) {
      assertOutcome(decide(world, input), {
        outcome: "deny",
        reason: "identity_unresolved",
        hops: [],
      });
    }
  });

  it("an undeclared tenant's decisions carry the platform's version only", () => {
    const snapshot = load({ global: [allow] });
    const unknown = evaluate(snapshot, { ...baseInput, tenant: "unknown" });
    assert.equal(unknown.effective, snapshot.versionsFor(undefined).effective);
    assert.notEqual(unknown.effective, snapshot.versionsFor("acme").effective);
    assert.deepEqual(
      snapshot.versionsFor("acme").layers.map(({ id }) => id),
      ["platform", "acme"],
    );
  });
});

describe("what counts as found", () => {
  const denying = (dataClasses: RuleText) => ({
    global: [allow, { id: "deny", effect: "deny", dataClasses }],
  });
  const outcomeOf = (dataClasses: RuleText, ...findings: readonly FindingGroup[]) =>
    decide(denying(dataClasses), found(...findings)).outcome;

  it("a class covers those below it and not those that merely begin like it", () => {
    assert.equal(outcomeOf({ anyOf: ["pii"] }, email), "deny");
    assert.equal(outcomeOf({ anyOf: ["pii.email"] }, email), "deny");
    assert.equal(outcomeOf({ anyOf: ["pii.mail"] }, email), "permit");
    assert.equal(outcomeOf({ anyOf: ["pii.em"] }, email), "permit");
  });

  it("findings below the confidence asked for do not count", () => {
    const weak = { ...email, confidence: 0.59 };
    assert.equal(outcomeOf({ anyOf: ["pii"] }, weak), "permit");
    assert.equal(outcomeOf({ anyOf: ["pii"] }, { ...email, confidence: 0.6 }), "deny");
    assert.equal(outcomeOf({ anyOf: ["pii"], minConfidence: 0.5 }, weak), "deny");
  });

  it("counts add up over the groups that fit", () => {
    const phone = { ...email, class: "pii.phone", count: 2 };
    assert.equal(outcomeOf({ anyOf: ["pii"], minCount: 3 }, email, phone), "deny");
    assert.equal(outcomeOf({ anyOf: ["pii"], minCount: 4 }, email, phone), "permit");
  });

  it("only the places listed are looked at", () => {
    assert.equal(outcomeOf({ anyOf: ["pii"], in: ["system"] }, email), "permit");
    assert.equal(outcomeOf({ anyOf: ["pii"], in: ["system", "prompt"] }, email), "deny");
  });

  it("a rule about answers alone is left out until there is one", () => {
    const world = denying({ anyOf: ["pii"], in: ["response"] });
    const timedOut = { status: "timeout", findings: [] } as const;
    assertOutcome(decide(world, { data: timedOut }), { outcome: "permit" });
    assertOutcome(decide(world, { data: timedOut, point: "response" }), {
      outcome: "deny",
      reason: "unclassified",
    });
  });

  it("incomplete classification makes a deny rule deny and an allow rule not permit", () => {
    const data = { status: "truncated", findings: [] } as const;
    assertOutcome(decide(denying({ anyOf: ["pii"] }), { data }), {
      outcome: "deny",
      reason: "unclassified",
    });
    const onlyInternal = { ...allow, dataClasses: { permitted: ["internal"] } };
    assertOutcome(decide({ global: [onlyInternal] }, { data }), {
      outcome: "deny",
      reason: "no_permit",
    });
  });

  it("what was found before the classification broke off still denies by rule", () => {
    const data = { status: "failed", findings: [email] } as const;
    assertOutcome(decide(denying({ anyOf: ["pii"] }), { data }), { reason: "rule" });
  });

  it("an answer does not change who permitted the request", () => {
    const forMail = { ...allow, id: "mail", dataClasses: { anyOf: ["pii.email"] } };
    const world = { global: [{ ...allow, dataClasses: { permitted: [] } }, forMail] };
    const answer = found({ ...email, in: "response" });
    assertOutcome(decide(world, { ...answer, point: "response" }), {
      outcome: "permit",
      decidedBy: "platform/g/allow",
    });
  });
});

describe("what is left for the model", () => {
  const onlyInternal = { ...allow, dataClasses: { permitted: ["internal"] } };
  const mask = (redact: RuleText, dataClasses?: RuleText) => ({
    global: [
      onlyInternal,
      {
        ...maskPii,
        redact: { method: "mask", classes: ["pii"], ...redact },
        ...(dataClasses === undefined ? {} : { dataClasses }),
      },
    ],
  });

  it("a redaction of the answer or the log alone leaves the class", () => {
    assert.equal(decide(mask({ directions: ["response", "log"] })).outcome, "deny");
    assert.equal(decide(mask({ directions: ["request"] })).outcome, "permit");
  });

  it("a redaction in other places leaves the class where it is", () => {
    assert.equal(decide(mask({}, { anyOf: ["pii"], in: ["prompt"] })).outcome, "permit");
    const inSystem = found(email, { ...email, in: "system" });
    assert.equal(decide(mask({}, { anyOf: ["pii"], in: ["prompt"] }), inSystem).outcome, "deny");
  });

  it("a class that a document declares has its sensitivity, and those below it too", () => {
    const files = [
      file("platform", "DataClass", "a", { classes: [{ id: "project", sensitivity: 0 }] }),
      file("acme", "DataClass", "b", {
        classes: [
          { id: "project.phoenix", sensitivity: 2 },
          { id: "threat.own", sensitivity: 1 },
        ],
      }),
    ];
    const snapshot = loadWith({ global: [{ ...allow, dataClasses: { permitted: [] } }] }, files);
    const outcomeOf = (dataClass: string) =>
      evaluate(snapshot, { ...baseInput, ...found({ ...email, class: dataClass }) }).outcome;
    assert.equal(outcomeOf("project.other"), "permit");
    assert.equal(outcomeOf("project.phoenix"), "deny");
    assert.equal(outcomeOf("project.phoenix.plan"), "deny");
    assert.equal(outcomeOf("threat.own"), "deny");
    assert.equal(outcomeOf("threat.other"), "permit");
  });

  it("the platform may restate a built-in class", () => {
    const files = [
      file("platform", "DataClass", "a", { classes: [{ id: "internal", sensitivity: 0 }] }),
    ];
    const world = { global: [{ ...allow, dataClasses: { permitted: [] } }] };
    const given = { ...baseInput, ...found({ ...email, class: "internal" }) };
    assert.equal(evaluate(loadWith(world, files), given).outcome, "permit");
    assert.equal(evaluate(load(world), given).outcome, "deny");
  });

  it("a redaction weaker than the platform's floor leaves the class", () => {
    const platform = { redaction: { residualFloor: "remove" } };
    assert.equal(decide({ ...mask({}), platform }).outcome, "deny");
    assert.equal(decide({ global: [onlyInternal, removePii], platform }).outcome, "permit");
  });

  it("a class nobody declared counts as the most sensitive", () => {
    assert.equal(
      decide({ global: [onlyInternal] }, found({ ...email, class: "odd" })).outcome,
      "deny",
    );
  });

  it("a catalog's list holds for every permit and for the fallback", () => {
    const models = [{ id: "vendor/m1", permitted: ["internal"] }];
    const open = { fallback: "allow" };
    const world = { models, platform: open, tenantSpec: open, appSpec: open };
    assertOutcome(decide({ models, global: [allow] }), { outcome: "deny", reason: "no_permit" });
    assertOutcome(decide(world), { outcome: "deny", reason: "no_permit" });
    assertOutcome(decide(world, found()), { outcome: "permit", decidedBy: "fallback" });
    const data = { status: "timeout", findings: [] } as const;
    assertOutcome(decide({ models, global: [allow] }, { data }), { reason: "no_permit" });
  });

  it("the fallback allows only where platform, tenant and app all say so", () => {
    const open = { fallback: "allow" };
    assertOutcome(decide({ platform: open, tenantSpec: open, appSpec: open }), {
      outcome: "permit",
      decidedBy: "fallback",
    });
    for (const world of [
      { tenantSpec: open, appSpec: open },
      { platform: open, appSpec: open },
      { platform: open, tenantSpec: open },
    ]) {
      assertOutcome(decide(world), { outcome: "deny", reason: "no_permit" });
    }
  });
});

describe("which rule speaks", () => {
  it("the primary deny is that of the highest authority, then the most specific", () => {
    const exact = { ...denyPii, id: "exact", dataClasses: { anyOf: ["pii.email"] } };
    assertOutcome(decide({ global: [denyPii], app: [exact] }), {
      rules: ["platform/g/deny-pii", "acme/a/exact"],
    });
    assertOutcome(decide({ global: [denyPii, exact] }), {
      rules: ["platform/g/exact", "platform/g/deny-pii"],
    });
  });

  it("a deny carries the message of its primary rule", () => {
    const message = { code: "no_mail", text: "Leave addresses out." };
    assert.deepEqual(decide({ global: [allow, { ...denyPii, message }] }).message, message);
  });

  it("a deny for want of classification does not speak in the words of a rule", () => {
    const message = { code: "no_mail", text: "Leave addresses out." };
    const data = { status: "timeout", findings: [] } as const;
    for (const rule of [denyPii, maskPii]) {
      const decision = decide({ global: [allow, { ...rule, message }] }, { data });
      assertOutcome(decision, { reason: "unclassified", decidedBy: `platform/g/${rule.id}` });
      assert.equal(decision.message, undefined);
    }
  });

  it("a warning is the code of its message, else the rule's id", () => {
    const warn = { id: "look-out", effect: "warn" };
    const coded = { ...warn, id: "coded", message: { code: "careful" } };
    assertOutcome(decide({ global: [allow, coded, warn] }), { warnings: ["careful", "look-out"] });
  });

  const winner = (...rules: readonly RuleText[]) => decide({ global: rules }).decidedBy;
  const byId = { models: { ids: ["vendor/m1"] } };
  const byParent = { dataClasses: { anyOf: ["pii"] } };
  const byClass = { dataClasses: { anyOf: ["pii.email"] } };
  const duels: readonly [claim: string, weaker: RuleText, stronger: RuleText][] = [
    ["an action family beats any action", {}, { actions: ["llm.*"] }],
    ["an exact action beats a family", { actions: ["llm.*"] }, { actions: ["llm.generate"] }],
    ["an action beats an exact model", byId, { actions: ["llm.*"] }],
    ["a model field beats any model", {}, { models: { tags: ["t"] } }],
    ["a model pattern beats a field", { models: { tags: ["t"] } }, { models: { ids: ["*"] } }],
    ["an alias beats a pattern", { models: { ids: ["*"] } }, { models: { ids: ["alias:fast"] } }],
    ["an exact model beats an alias", { models: { ids: ["alias:fast"] } }, byId],
    ["an exact model beats a class", byClass, byId],
    ["a parent class beats none", {}, byParent],
    ["the found class itself beats its parent", byParent, byClass],
    ["a class beats priority", { priority: 100 }, byParent],
    ["priority beats the name", { priority: -1 }, {}],
  ];
  for (const [claim, weaker, stronger] of duels) {
    it(claim, () => {
      const models = [{ id: "vendor/m1", tags: ["t"], aliases: ["fast"] }];
      const global = [
        { ...allow, id: "a-weaker", ...weaker },
        { ...allow, id: "z-stronger", ...stronger },
      ];
      assert.equal(decide({ models, global }).decidedBy, "platform/g/z-stronger");
    });
  }

  it("of equals the smallest name wins", () => {
    assert.equal(winner({ ...allow, id: "b" }, { ...allow, id: "a" }), "platform/g/a");
  });

  it("all rules that were not false are listed with what becomes of the record", () => {
    const audit = (recordRetention: string, ...controls: readonly string[]) => ({
      audit: { recordRetention, controls },
    });
    const decision = decide({
      global: [
        { ...allow, ...audit("30d", "b", "a") },
        { ...denyPii, ...audit("400d", "c", "a") },
        { ...denyPii, id: "not-found", dataClasses: { anyOf: ["pci"] }, ...audit("900d", "z") },
      ],
    });
    assertOutcome(decision, {
      retainDays: 400,
      controls: ["a", "b", "c"],
      matched: [
        { id: "platform/g/allow", layer: "global", effect: "allow", match: "T" },
        { id: "platform/g/deny-pii", layer: "global", effect: "deny", match: "T" },
      ],
    });
  });
});

describe("redactions", () => {
  it("are keyed by the class found, directions and places united and sorted", () => {
    const inPlace = (id: string, place: string, direction: string) => ({
      id,
      effect: "redact",
      dataClasses: { anyOf: ["pii"], in: [place] },
      redact: { method: "mask", classes: ["pii"], directions: [direction] },
    });
    const both = found(email, { ...email, in: "system" });
    const rules = [allow, inPlace("b", "system", "request"), inPlace("a", "prompt", "log")];
    assert.deepEqual(decide({ global: rules }, both).obligations, {
      redact: {
        "pii.email": {
          method: "mask",
          by: "platform/g/a",
          directions: ["log", "request"],
          in: ["prompt", "system"],
        },
      },
    });
  });

  it("without places cover all of them, whatever another rule lists", () => {
    const inPrompt = { ...maskPii, id: "p", dataClasses: { anyOf: ["pii"], in: ["prompt"] } };
    const { redact } = decide({ global: [allow, inPrompt, maskPii] }).obligations;
    assert.deepEqual(redact?.["pii.email"], {
      method: "mask",
      by: "platform/g/p",
      directions: ["log", "request", "response"],
    });
  });

  it("cover findings of any confidence once the rule matches", () => {
    const weak = found({ ...email, confidence: 0.4 });
    assert.equal(decide({ global: [allow, maskPii] }, weak).verdict, "redact");
  });
});

describe("models", () => {
  const models = [
    { id: "b/two", aliases: ["fast"], upstreamName: "two-2026", provider: "bee" },
    { id: "a/one", aliases: ["fast"] },
    { id: "c/same" },
    { id: "d/same" },
    { id: "e/old", status: "retired", aliases: ["fast"] },
  ];
  const world = { models, global: [allow] };

  it("an id, an alias and an unambiguous name are understood, nothing else", () => {
    assert.equal(decide(world, { model: "b/two" }).model.used, "b/two");
    assert.equal(decide(world, { model: "two" }).model.used, "b/two");
    assert.equal(decide(world, { model: "fast" }).model.used, "a/one");
    for (const model of ["same", "alias:fast", "b/", "", "__proto__", undefined]) {
      assertOutcome(decide(world, { model }), {
        outcome: "deny",
        reason: "no_eligible_model",
        model: { requested: model ?? null, used: null },
        hops: [],
      });
    }
  });

  it("a permit says which provider gets the request under which name", () => {
    assertOutcome(decide(world, { model: "two" }), {
      model: { requested: "two", used: "b/two" },
      target: { modelId: "b/two", provider: "bee", upstreamName: "two-2026" },
      hops: [{ model: "b/two", result: "permit", reason: null }],
    });
  });

  it("a denied member of an alias drops out and the next one is tried", () => {
    const noOne = { id: "no-one", effect: "deny", models: { ids: ["a/*"] } };
    assertOutcome(decide({ models, global: [allow, noOne] }, { model: "fast" }), {
      outcome: "permit",
      model: { requested: "fast", used: "b/two" },
      hops: [
        { model: "a/one", result: "deny", reason: "rule" },
        { model: "b/two", result: "permit", reason: null },
      ],
    });
  });

  it("an alias whose members are all denied is denied as its first member is", () => {
    const noOne = { id: "no-one", effect: "deny", models: { ids: ["a/*"] } };
    const noTwo = { id: "no-two", effect: "deny", models: { ids: ["alias:fast"] } };
    assertOutcome(decide({ models, global: [allow, noOne, noTwo] }, { model: "fast" }), {
      outcome: "deny",
      rules: ["platform/g/no-two", "platform/g/no-one"],
      hops: ["a/one", "b/two", "e/old"].map((model) => ({ model, result: "deny", reason: "rule" })),
    });
  });

  it("a model that is not active is permitted but not available", () => {
    assertOutcome(decide(world, { model: "e/old" }), {
      outcome: "deny",
      reason: "no_eligible_model",
      rules: [],
      hops: [{ model: "e/old", result: "unavailable", reason: "inactive" }],
    });
  });

  it("a deny on the named model is final, available or not", () => {
    const deny = { id: "deny", effect: "deny" };
    assertOutcome(decide({ models, global: [deny] }, { model: "e/old" }), { reason: "rule" });
  });

  it("an answer is judged for the id that gave it, without routing", () => {
    const answer = { point: "response" } as const;
    const decision = decide(world, { ...answer, model: "e/old" });
    assertOutcome(decision, { outcome: "permit", hops: [] });
    assert.equal(decision.target, undefined);
    assertOutcome(decide(world, { ...answer, model: "fast" }), { reason: "no_eligible_model" });
  });

  it("every field of a models matcher must fit, one item of each is enough", () => {
    const rich = [
      {
        id: "x/m",
        regions: ["eu-1", "us-1"],
        tags: ["approved"],
        retention: "0d",
        deployment: "own",
      },
    ];
    const fits = (matcher: RuleText) =>
      decide({ models: rich, global: [{ ...allow, models: matcher }] }, { model: "x/m" }).outcome;
    assert.equal(fits({ regions: ["us-*"], tags: ["approved"], retention: ["0d"] }), "permit");
    assert.equal(fits({ ids: ["*"], providers: ["x"], deployment: ["own"] }), "permit");
    assert.equal(fits({ ids: ["x/m"], tags: ["other"] }), "deny");
    assert.equal(fits({ ids: ["x/*"], regions: ["ap-*"] }), "deny");
    assert.equal(fits({ retention: ["30d"] }), "deny");
  });

  it("an alias in a platform rule has the platform's members only", () => {
    const snapshot = loadWith({ models, global: [{ ...allow, models: { ids: ["alias:fast"] } }] }, [
      file("acme", "ModelCatalog", "own", { models: [{ id: "acme/own", aliases: ["fast"] }] }),
    ]);
    const own = evaluate(snapshot, { ...baseInput, model: "acme/own" });
    assertOutcome(own, { outcome: "deny", reason: "no_permit" });
    assert.equal(evaluate(snapshot, { ...baseInput, model: "fast" }).model.used, "a/one");
  });

  it("a tool's action has no model, so a rule about models does not match it", () => {
    const input = { action: "tool.call", point: "tool.call", model: undefined } as const;
    assertOutcome(decide({ global: [allow] }, input), { outcome: "permit", hops: [] });
    const aboutModels = { ...allow, models: { ids: ["*"] } };
    assertOutcome(decide({ global: [aboutModels] }, input), { reason: "no_permit" });
  });
});

describe("attachments", () => {
  const deny = { id: "deny", effect: "deny" };
  const models = [{ id: "vendor/m1" }, { id: "vendor/m2" }];

  it("a policy of one app does not reach another", () => {
    const snapshot = loadWith({ global: [allow], app: [deny] }, [file("acme", "App", "desk", {})]);
    assert.equal(evaluate(snapshot, baseInput).outcome, "deny");
    assert.equal(evaluate(snapshot, { ...baseInput, app: "desk" }).outcome, "permit");
  });

  it("a policy of one model does not reach another", () => {
    const world = { models, global: [allow], model: [deny] };
    assert.equal(decide(world).outcome, "deny");
    assert.equal(decide(world, { model: "vendor/m2" }).outcome, "permit");
  });

  it("the platform may attach to one tenant, and to one app of it", () => {
    const attached = (attach: RuleText) =>
      loadWith({ global: [allow] }, [
        file("acme", "App", "desk", {}),
        file("platform", "Tenant", "globex", {}),
        file("globex", "App", "chat", {}),
        file("platform", "Policy", "one", { attach, rules: [deny] }),
      ]);
    const outcomes = (snapshot: Snapshot) =>
      [{}, { app: "desk" }, { tenant: "globex" }].map(
        (change) => evaluate(snapshot, { ...baseInput, ...change }).outcome,
      );
    assert.deepEqual(outcomes(attached({ layer: "tenant", tenant: "acme" })), [
      "deny",
      "deny",
      "permit",
    ]);
    assert.deepEqual(outcomes(attached({ layer: "app", tenant: "acme", app: "chat" })), [
      "deny",
      "permit",
      "permit",
    ]);
  });
});

describe("blocks", () => {
  const unsetting = (
    attach: RuleText,
    unset: readonly string[],
    rules: readonly RuleText[] = [],
  ) => [file("acme", "Policy", "u", { attach, unset, rules })];
  const denyDefault = { global: [allow], defaults: [{ id: "deny", effect: "deny" }] };

  it("a default is not in force on the path of a policy that unsets or replaces it", () => {
    for (const unset of ["platform/g/deny", "g/deny"]) {
      const more = unsetting({ layer: "app", app: "chat" }, [unset]);
      assert.equal(evaluate(loadWith(denyDefault, more), baseInput).outcome, "permit");
    }
    const warn = { id: "note", effect: "warn", replaces: "platform/g/deny" };
    const replaced = loadWith(denyDefault, unsetting({ layer: "tenant" }, [], [warn]));
    assertOutcome(evaluate(replaced, baseInput), { verdict: "warn", warnings: ["note"] });
  });

  it("a replacing rule replaces on the whole path, wherever it matches itself", () => {
    const narrow = {
      ...denyPii,
      id: "narrow",
      replaces: "g/deny",
      dataClasses: { anyOf: ["pci"] },
    };
    const snapshot = loadWith(denyDefault, unsetting({ layer: "tenant" }, [], [narrow]));
    assert.equal(evaluate(snapshot, baseInput).outcome, "permit");
  });

  it("a default stays in force for other apps, models and tenants", () => {
    const more = [
      file("acme", "App", "desk", {}),
      file("platform", "Tenant", "globex", {}),
      file("globex", "App", "chat", {}),
      ...unsetting({ layer: "app", app: "desk" }, ["g/deny"]),
    ];
    const snapshot = loadWith(denyDefault, more);
    assert.equal(evaluate(snapshot, baseInput).outcome, "deny");
    assert.equal(evaluate(snapshot, { ...baseInput, app: "desk" }).outcome, "permit");
    assert.equal(evaluate(snapshot, { ...baseInput, tenant: "globex" }).outcome, "deny");
  });

  it("the platform unsets a default of its own for one tenant", () => {
    const exception = file("platform", "Policy", "u", {
      attach: { layer: "tenant", tenant: "acme" },
      unset: ["g/deny"],
    });
    assert.equal(evaluate(loadWith(denyDefault, [exception]), baseInput).outcome, "permit");
  });

  it("rules of defaults, rules and overrides are all in force", () => {
    const deny = { id: "deny", effect: "deny" };
    for (const world of [{ defaults: [deny] }, { global: [deny] }, { locked: [deny] }]) {
      assert.equal(decide({ ...world, tenant: [allow] }).decidedBy, "platform/g/deny");
    }
  });
});
