import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  actions,
  type Decision,
  type DecisionInput,
  type FindingGroup,
  type Principal,
  places,
  type Redaction,
} from "../../domain/index.ts";
import {
  compile,
  evaluate,
  loadSnapshot,
  type PolicyDocument,
  type PolicyFile,
  parsePolicies,
  type Snapshot,
} from "../index.ts";

const classes = [
  "pii",
  "pii.email",
  "pci.pan",
  "secret.jwt",
  "internal",
  "threat.injection",
  "phi",
];
const modelIds = ["vendor/one", "vendor/two", "other/three"];
const tenants = ["acme", "globex"];

type Fields = Readonly<Record<string, unknown>>;

const some = <Item>(items: readonly Item[]) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 });
/** Rules with many matchers hardly ever meet, and then no law is put to the test. */
const seldom = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const percent = fc.integer({ min: 0, max: 100 }).map((value) => value / 100);

const modelMatcher = fc.record(
  {
    ids: some([...modelIds, "vendor/*", "alias:fast", "*"]),
    providers: some(["vendor", "oth*"]),
    tags: some(["approved", "new"]),
  },
  { requiredKeys: [] },
);

const subjects = fc.record(
  {
    principals: some(["alice", "al*", "spiffe://acme.example/*"]),
    groups: some(["support", "legal", "su*"]),
    roles: some(["lead"]),
    kinds: some(["user", "workload", "composite"]),
    issuers: some(["https://id.acme.example", "*"]),
    actors: some(["spiffe://acme.example/bot", "spiffe://*"]),
  },
  { requiredKeys: [] },
);

const excluded = fc.oneof(
  fc.record({ groups: some(["support", "legal", "su*"]) }),
  fc.record({ principals: some(["alice", "al*"]), kinds: some(["user"]) }),
);

const matchers = {
  subjects: seldom(subjects),
  actions: seldom(some(["llm.*", "llm.generate", "llm.embed"])),
  models: seldom(modelMatcher),
  priority: fc.integer({ min: -100, max: 100 }),
};

const anyOf = fc.record(
  {
    anyOf: some(classes),
    minConfidence: percent,
    minCount: fc.integer({ min: 1, max: 3 }),
    in: some(places),
  },
  { requiredKeys: ["anyOf"] },
);

const restriction = (effect: "deny" | "warn") =>
  fc.record({
    effect: fc.constant(effect),
    ...matchers,
    exclude: seldom(excluded),
    dataClasses: maybe(anyOf),
  });
const deny = restriction("deny");
const warn = restriction("warn");

const redact = fc.record({
  effect: fc.constant("redact"),
  ...matchers,
  exclude: seldom(excluded),
  dataClasses: maybe(anyOf),
  redact: fc.record(
    {
      method: fc.constantFrom("mask", "remove"),
      classes: some(classes),
      directions: some(["request", "response", "log"]),
    },
    { requiredKeys: ["method", "classes"] },
  ),
});

const allowAnything = fc.record({
  effect: fc.constant("allow"),
  ...matchers,
  dataClasses: maybe(anyOf),
});
const allow = fc.oneof(
  allowAnything,
  fc.record({
    effect: fc.constant("allow"),
    ...matchers,
    dataClasses: fc.record({
      permitted: fc.uniqueArray(fc.constantFrom(...classes), { maxLength: 4 }),
    }),
  }),
);

const anyRule = fc.oneof(allow, deny, redact, warn);

interface Layers {
  readonly defaults: readonly Fields[];
  readonly locked: readonly Fields[];
  readonly global: readonly Fields[];
  readonly model: readonly Fields[];
  readonly acme: readonly Fields[];
  readonly acmeChat: readonly Fields[];
  readonly globex: readonly Fields[];
  /** Which of the defaults each policy of acme's unsets, by index, and which its rules replace. */
  readonly unset: Readonly<Record<"acme" | "acmeChat", readonly number[]>>;
  readonly replaced: readonly number[];
}

const ruleList = (rule: fc.Arbitrary<Fields>) => fc.array(rule, { maxLength: 4 });
const indexes = fc.array(fc.nat(3), { maxLength: 3 });
const layersOf = (rule: fc.Arbitrary<Fields>): fc.Arbitrary<Layers> =>
  fc.record({
    defaults: ruleList(rule),
    locked: ruleList(fc.oneof(deny, redact)),
    global: ruleList(rule),
    model: ruleList(rule),
    acme: ruleList(rule),
    acmeChat: ruleList(rule),
    globex: ruleList(rule),
    unset: fc.record({ acme: indexes, acmeChat: indexes }),
    replaced: indexes,
  });
const layers = layersOf(anyRule);

const finding: fc.Arbitrary<FindingGroup> = fc.record({
  class: fc.constantFrom(...classes, "undeclared"),
  in: fc.constantFrom(...places),
  count: fc.integer({ min: 1, max: 3 }),
  confidence: percent,
});

const principal: fc.Arbitrary<Principal> = fc.record(
  {
    id: fc.constantFrom("alice", "bob", "app:acme/chat", "spiffe://acme.example/bot"),
    kind: fc.constantFrom("user", "workload", "composite"),
    issuer: fc.constantFrom("https://id.acme.example", "https://other.example"),
    groups: fc.subarray(["support", "legal", "sundry"]),
    roles: fc.subarray(["lead", "reader"]),
    actor: fc.record({ id: fc.constantFrom("spiffe://acme.example/bot", "spiffe://other/bot") }),
  },
  { requiredKeys: ["id", "kind"] },
);

const input: fc.Arbitrary<DecisionInput> = fc.record({
  time: fc.constant("2026-03-02T10:00:00.000000Z"),
  tenant: fc.constant("acme"),
  app: fc.constantFrom("chat", "desk"),
  action: fc.constantFrom("llm.generate", "llm.embed", "tool.call"),
  point: fc.constantFrom("request", "response"),
  model: fc.constantFrom(...modelIds, "fast", "one"),
  principal,
  data: fc.record({
    status: fc.constantFrom("ok", "ok", "ok", "timeout", "truncated"),
    findings: fc.array(finding, { maxLength: 4 }),
  }),
});

const noRules: Layers = {
  defaults: [],
  locked: [],
  global: [],
  model: [],
  acme: [],
  acmeChat: [],
  globex: [],
  unset: { acme: [], acmeChat: [] },
  replaced: [],
};

function filesOf(rules: Layers): readonly PolicyFile[] {
  const catalog = {
    models: [
      { id: "vendor/one", aliases: ["fast"], tags: ["approved"], permitted: ["pii", "internal"] },
      { id: "vendor/two", aliases: ["fast"], tags: ["new"] },
      { id: "other/three" },
    ],
  };
  return [
    file("platform", "ModelCatalog", "models", catalog),
    ...tenants.map((tenant) => file("platform", "Tenant", tenant, {})),
    ...tenants.flatMap((tenant) => [
      file(tenant, "App", "chat", {}),
      file(tenant, "App", "desk", {}),
    ]),
    file("platform", "Policy", "global", {
      attach: { layer: "global" },
      defaults: { rules: named(rules.defaults, "d") },
      overrides: { rules: named(rules.locked, "l") },
      rules: named(rules.global, "g"),
    }),
    file("platform", "Policy", "model", {
      attach: { layer: "model", model: "vendor/one" },
      rules: named(rules.model, "m"),
    }),
    file("acme", "Policy", "own", {
      attach: { layer: "tenant" },
      unset: existing(rules.unset.acme, rules),
      rules: named(rules.acme, "t"),
    }),
    file("acme", "Policy", "chat", {
      attach: { layer: "app", app: "chat" },
      unset: existing(rules.unset.acmeChat, rules),
      rules: replacing(named(rules.acmeChat, "a"), existing(rules.replaced, rules)),
    }),
    file("globex", "Policy", "own", {
      attach: { layer: "tenant" },
      rules: named(rules.globex, "x"),
    }),
  ];
}

function existing(indexes: readonly number[], { defaults }: Layers): readonly string[] {
  return indexes.filter((index) => index < defaults.length).map(defaultName);
}

function defaultName(index: number): string {
  return `platform/global/d${index}`;
}

function replacing(rules: readonly Fields[], names: readonly string[]): readonly Fields[] {
  return rules.map((rule, index) =>
    names[index] === undefined ? rule : { ...rule, replaces: names[index] },
  );
}

function named(rules: readonly Fields[], prefix: string): readonly Fields[] {
  return rules.map((rule, index) => ({ id: `${prefix}${index}`, ...rule }));
}

function file(namespace: string, kind: string, name: string, spec: Fields): PolicyFile {
  const document = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  const path = `${namespace}/${kind}-${name}.json`;
  return { path, namespace, text: JSON.stringify(document) };
}

/** Most files recur from world to world, and parsing is what takes the time. */
const parsed = new Map<string, readonly PolicyDocument[]>();

function parseOnce(one: PolicyFile): readonly PolicyDocument[] {
  const key = `${one.path} ${one.text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const { documents, problems } = parsePolicies([one]);
  assert.deepEqual(problems, []);
  parsed.set(key, documents);
  return documents;
}

function load(files: readonly PolicyFile[]): Snapshot {
  const { snapshot, problems } = compile(files.flatMap(parseOnce), { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return snapshot;
}

function decide(rules: Layers, given: DecisionInput): Decision {
  return evaluate(load(filesOf(rules)), given);
}

/** Without the version, which changes with every byte of a file. */
function decisionOf(rules: Layers, given: DecisionInput): Omit<Decision, "effective"> {
  const { effective: _, ...decision } = decide(rules, given);
  return decision;
}

function check<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = 100,
): void {
  fc.assert(property, { numRuns });
}

describe("evaluate, for any policies and input,", () => {
  it("does not depend on the order of files, documents and rules", () => {
    check(
      fc.property(layers, input, fc.infiniteStream(fc.nat()), (rules, given, dice) => {
        const shuffle = <Item>(items: readonly Item[]) =>
          items
            .map((item) => ({ item, at: dice.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item);
        const straight = filesOf(rules);
        const shuffled = shuffle(straight).map((one) => {
          const document = JSON.parse(one.text);
          const { defaults, overrides } = document.spec;
          for (const part of [document.spec, defaults, overrides]) {
            if (part?.rules) part.rules = shuffle(part.rules);
          }
          if (document.spec.unset) document.spec.unset = shuffle(document.spec.unset);
          return { ...one, text: JSON.stringify(document) };
        });
        const a = load(straight);
        const b = load(shuffled);
        assert.equal(a.digest, b.digest);
        // Reordered text is another version of the file, so only that part may differ.
        const { effective: _a, ...first } = evaluate(a, given);
        const { effective: _b, ...second } = evaluate(b, given);
        assert.deepEqual(first, second);
      }),
    );
  });

  it("gives the same decision again, whatever was decided in between", () => {
    check(
      fc.property(layers, fc.array(input, { minLength: 2, maxLength: 6 }), (rules, inputs) => {
        const snapshot = load(filesOf(rules));
        const first = inputs.map((given) => evaluate(snapshot, given));
        const again = inputs.toReversed().map((given) => evaluate(snapshot, given));
        assert.deepEqual(again.reverse(), first);
      }),
    );
  });

  it("always decides, hostile names and odd points included", () => {
    const anyText = fc.oneof(
      fc.constantFrom("__proto__", "constructor", "", "alias:fast", "*", "acme"),
      fc.string({ unit: "binary" }),
    );
    const odd = fc.record({
      ...Object.fromEntries(
        ["tenant", "app", "model"].map((name) => [name, maybe(fc.oneof(anyText, anyText))]),
      ),
      action: fc.constantFrom(...actions),
      point: fc.constantFrom("request", "response", "tool.list", "tool.call", "tool.result"),
      data: fc.record({
        status: fc.constantFrom("ok", "timeout", "failed", "truncated"),
        findings: fc.array(
          fc.record({
            class: anyText,
            in: fc.constantFrom(...places),
            count: fc.oneof(fc.nat(), fc.double()),
            confidence: fc.double(),
          }),
        ),
      }),
    }) as fc.Arbitrary<Partial<DecisionInput>>;
    check(
      fc.property(layers, input, odd, (rules, given, changes) => {
        const snapshot = load(filesOf(rules));
        for (const one of [
          { ...given, ...changes },
          { ...given, data: changes.data ?? given.data },
        ]) {
          const decision = evaluate(snapshot, one);
          assert.ok(decision.outcome === "permit" || decision.outcome === "deny");
          assert.equal(decision.outcome === "deny", decision.reason !== null);
        }
      }),
    );
  });

  it("a deny has a reason and no obligations, a permit has neither reason nor denying rules", () => {
    check(
      fc.property(layers, input, (rules, given) => {
        const decision = decide(rules, given);
        if (decision.outcome === "deny") {
          assert.deepEqual(decision.obligations, {});
          assert.deepEqual(decision.warnings, []);
          assert.equal(decision.model.used, null);
          assert.equal(decision.target, undefined);
          assert.equal(decision.rules[0] ?? null, decision.decidedBy);
        } else {
          assert.equal(decision.reason, null);
          assert.deepEqual(decision.rules, []);
          assert.notEqual(decision.decidedBy, null);
        }
      }),
    );
  });

  it("adding a deny or a warning never permits", () => {
    check(
      fc.property(
        layers,
        input,
        fc.oneof(deny, warn),
        fc.constantFrom(...layerNames),
        (rules, given, added, at) => {
          const before = decide(rules, given);
          const after = decide({ ...rules, [at]: [...rules[at], added] }, given);
          if (before.outcome === "deny") assert.equal(after.outcome, "deny");
        },
      ),
    );
  });

  it("adding lower layers never permits what a rule above denies", () => {
    check(
      fc.property(layers, input, (rules, any) => {
        // Of an alias, a member may be permitted below that no rule above denies.
        const given = { ...any, model: any.model === "fast" ? "vendor/one" : any.model };
        // Defaults are what a layer below may unset, and here it does.
        const { locked, global, model } = rules;
        const above = decide({ ...noRules, locked, global, model }, given);
        if (above.reason !== "rule" && above.reason !== "unclassified") return;
        // A redact rule denies at its own step, so denies from below may come first.
        assert.equal(decide(rules, given).outcome, "deny");
      }),
    );
  });

  it("one tenant's documents change nothing but the snapshot for another tenant", () => {
    check(
      fc.property(layers, ruleList(anyRule), input, (rules, globex, given) => {
        assert.deepEqual(decide({ ...rules, globex }, given), decide(rules, given));
      }),
    );
  });

  it("one tenant's documents change nothing for another tenant, however wrong they are", () => {
    const intruder = fc.constantFrom<PolicyFile>(
      ...[
        file("platform", "Policy", "other", {
          attach: { layer: "global" },
          rules: [{ id: "x", effect: "deny" }],
        }),
        file("platform", "Policy", "another", {
          attach: { layer: "global" },
          rules: [{ id: "x", effect: "allow", priority: 100 }],
        }),
        file("platform", "Tenant", "vendor", {}),
        file("platform", "Platform", "p", { fallback: "allow" }),
        file("globex", "Tenant", "vendor", {}),
        file("acme", "App", "extra", {}),
        file("acme", "Policy", "own", { attach: { layer: "tenant" }, rules: [] }),
        file("globex", "Policy", "g", { attach: { layer: "tenant", tenant: "acme" } }),
        file("globex", "Policy", "u", {
          attach: { layer: "tenant" },
          unset: ["platform/global/g0", "acme/own/t0"],
        }),
        file("globex", "ModelCatalog", "c", { models: [{ id: "vendor/one", status: "retired" }] }),
        file("globex", "ModelCatalog", "d", { models: [{ id: "globex/one", aliases: ["fast"] }] }),
        file("globex", "DataClass", "e", { classes: [{ id: "pii", sensitivity: 0 }] }),
        file("globex", "DataClass", "f", { classes: [{ id: "undeclared", sensitivity: 0 }] }),
        { path: "", namespace: "", text: "{ not: [yaml" },
      ].map((one, index) => ({ ...one, namespace: "globex", path: `globex/intruder-${index}` })),
    );
    check(
      fc.property(layers, fc.array(intruder), input, (rules, intruders, given) => {
        const files = filesOf(rules);
        const { snapshot, namespaces } = loadSnapshot([...files, ...intruders], {
          engineVersion: "1.0.0",
        });
        assert.equal(namespaces.get("acme")?.state, "current");
        assert.equal(namespaces.get("platform")?.state, "current");
        assert.ok(snapshot);
        assert.deepEqual(evaluate(snapshot, given), decide(rules, given));
      }),
      50,
    );
  });

  it("adding a redaction permits only by letting a permitted list match", () => {
    const listFree = layersOf(fc.oneof(allowAnything, deny, redact, warn));
    check(
      fc.property(
        listFree,
        input,
        redact,
        fc.constantFrom(...layerNames),
        (rules, given, added, at) => {
          // This model's catalog entry has a list of its own.
          const free = { ...given, model: "vendor/two" };
          const before = decide(rules, free);
          const after = decide({ ...rules, [at]: [...rules[at], added] }, free);
          if (before.outcome === "deny") assert.equal(after.outcome, "deny");
        },
      ),
    );
  });

  it("unsetting defaults above changes nothing on other paths", () => {
    check(
      fc.property(layers, input, (rules, given) => {
        const kept = { ...rules, unset: { ...rules.unset, acmeChat: [] }, replaced: [] };
        const desk = { ...given, app: "desk" };
        assert.deepEqual(decisionOf(rules, desk), decisionOf(kept, desk));
        const globex = { ...given, tenant: "globex" };
        const none = { ...kept, unset: noRules.unset };
        assert.deepEqual(decisionOf(rules, globex), decisionOf(none, globex));
      }),
    );
  });

  it("unsetting a default is as if it had not been written", () => {
    check(
      fc.property(layers, input, (rules, given) => {
        const all = rules.defaults.map((_, index) => index);
        const unset = { ...rules, unset: { acme: all, acmeChat: [] }, replaced: [] };
        const unwritten = { ...unset, defaults: [] };
        assert.deepEqual(decisionOf(unset, given), decisionOf(unwritten, given));
      }),
    );
  });

  it("adding any rule keeps every redaction there was, as strong and as wide", () => {
    const maskPii = redact.map((rule) => ({
      effect: "redact",
      redact: { ...rule.redact, classes: ["pii"] },
      dataClasses: { anyOf: ["pii"], ...(rule.dataClasses?.in && { in: rule.dataClasses.in }) },
    }));
    check(
      fc.property(
        layers,
        input,
        fc.tuple(maskPii, fc.oneof(maskPii, anyRule)),
        fc.constantFrom(...layerNames),
        (rules, given, [mask, added], at) => {
          const findings = places.map(
            (place) => ({ class: "pii.email", in: place, count: 1, confidence: 0.9 }) as const,
          );
          const found = { ...given, data: { status: "ok", findings } } as const;
          const layer = added.effect === "allow" && at === "locked" ? "global" : at;
          const masking = { ...noRules, acme: [mask, { effect: "allow" }], global: rules.global };
          const before = decide(masking, found);
          const after = decide({ ...masking, [layer]: [...masking[layer], added] }, found);
          // Another member of an alias may be the one used now.
          if (after.outcome === "deny" || before.model.used !== after.model.used) return;
          for (const [one, had] of Object.entries(before.obligations.redact ?? {})) {
            assertAtLeast(after.obligations.redact?.[one], had);
          }
        },
      ),
    );
  });

  it("an incomplete classification never permits what a complete one denies", () => {
    check(
      fc.property(layers, input, (rules, given) => {
        const complete = decide(rules, { ...given, data: { ...given.data, status: "ok" } });
        const incomplete = decide(rules, { ...given, data: { ...given.data, status: "timeout" } });
        if (complete.outcome === "deny") assert.equal(incomplete.outcome, "deny");
      }),
    );
  });

  it("an alias reaches no model that could not be asked for by name", () => {
    check(
      fc.property(layers, input, (rules, given) => {
        const request = {
          ...given,
          point: "request",
          action: "llm.generate",
          model: "fast",
        } as const;
        const { used } = decide(rules, request).model;
        if (used === null) return;
        assert.equal(decide(rules, { ...request, model: used }).outcome, "permit");
      }),
    );
  });
});

function assertAtLeast(has: Redaction | undefined, had: Redaction): void {
  assert.ok(has !== undefined);
  if (had.method === "remove") assert.equal(has.method, "remove");
  for (const direction of had.directions) assert.ok(has.directions.includes(direction));
  for (const place of had.in ?? places) assert.ok(has.in?.includes(place) ?? true);
}

const layerNames = ["defaults", "locked", "global", "model", "acme", "acmeChat", "globex"] as const;
