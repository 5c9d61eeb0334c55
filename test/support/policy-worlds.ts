import fc from "fast-check";
import {
  type DecisionInput,
  type FindingGroup,
  type Principal,
  places,
} from "../../src/domain/index.ts";
import type { PolicyFile } from "../../src/policy/index.ts";

/*
 * Random worlds of policies for the laws of the engine: documents of all kinds that decide anything, of
 * a platform and two tenants, and inputs that meet them. Names are few, so that things do meet.
 */

/** How many worlds each law is tried on; ten times as many with FUZZ=1. */
export const worldsPerLaw = process.env["FUZZ"] === "1" ? 2000 : 200;

export type Fields = Readonly<Record<string, unknown>>;

/** One document to be. */
export interface WorldDocument {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly spec: Fields;
}

export type World = readonly WorldDocument[];

export const modelIds = ["other/three", "vendor/one", "vendor/two"];
const ownModel = "acme/small";
const classes = ["pii", "pii.email", "pci.pan", "secret.jwt", "internal", "threat.injection"];

/** Inputs stand before, in and after the windows of exceptions, and at both ends. */
export const windowStart = "2026-03-02T09:00:00.000000Z";
export const windowEnd = "2026-03-02T11:00:00.000000Z";
const times = [
  "2026-03-02T08:59:59.999000Z",
  windowStart,
  "2026-03-02T10:00:00.000000Z",
  "2026-03-02T10:59:59.999000Z",
  windowEnd,
];

const some = <Item>(items: readonly Item[]) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 });
/** Rules with many matchers hardly ever meet, and then no law is put to the test. */
const seldom = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const percent = fc.integer({ min: 0, max: 100 }).map((value) => value / 100);

const subjects = fc.record(
  {
    principals: some(["alice", "al*", "set:people"]),
    groups: some(["support", "legal", "su*"]),
    kinds: some(["user", "workload"]),
    actors: some(["spiffe://acme.example/bot", "spiffe://*"]),
  },
  { requiredKeys: [] },
);

const models = fc.record(
  {
    ids: some([...modelIds, "vendor/*", "alias:fast", "*"]),
    providers: some(["vendor", "oth*"]),
    tags: some(["approved", "new"]),
    regions: some(["eu-central-1", "us-*"]),
  },
  { requiredKeys: [] },
);

const conditions = fc
  .uniqueArray(
    fc.constantFrom(
      "request.inputTokens > 100",
      "principal.claims.department == 'fraud'",
      "has(principal.claims.department)",
      "'support' in principal.groups",
      "'eu-central-1' in model.regions",
      "data.sensitivity >= 3",
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => list.map((expression, index) => ({ name: `c${index}`, expression })));

const matchers = {
  subjects: seldom(subjects),
  actions: seldom(some(["llm.*", "llm.generate", "llm.embed", "tool.*", "tool.call"])),
  models: seldom(models),
  conditions: seldom(conditions),
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

const tools = seldom(fc.record({ names: some(["crm/*", "crm/lookup", "mail/send"]) }));
const exclude = seldom(fc.record({ groups: some(["support", "legal"]) }));
const quotaNames = ["q-deny", "q-route", "q-warn", "q-shadow"];
const quota = seldom(some(quotaNames));

/** Deny rules that say nothing of models. */
export const plainDeny: fc.Arbitrary<Fields> = fc.record({
  effect: fc.constant("deny"),
  subjects: matchers.subjects,
  actions: matchers.actions,
  priority: matchers.priority,
  exclude,
  dataClasses: seldom(anyOf),
});

/** Any deny rule. */
export const deny: fc.Arbitrary<Fields> = fc.record({
  effect: fc.constant("deny"),
  ...matchers,
  tools,
  exclude,
  dataClasses: fc.option(anyOf, { nil: undefined }),
});

/** What is no deny can be carried out only where text is sent to a model. */
const actionsOfModels = seldom(some(["llm.*", "llm.generate"]));

const warn = fc
  .tuple(deny, actionsOfModels)
  .map(([rule, actions]) => ({ ...rule, effect: "warn", actions }));

/** Any redact rule. */
export const redact: fc.Arbitrary<Fields> = fc.record({
  effect: fc.constant("redact"),
  ...matchers,
  actions: actionsOfModels,
  exclude,
  dataClasses: seldom(anyOf),
  redact: fc.record(
    {
      method: fc.constantFrom("mask", "remove"),
      classes: some(classes),
      directions: some(["request", "response", "log"]),
    },
    { requiredKeys: ["method", "classes"] },
  ),
});

const routeTerms = fc.record(
  { prefer: some(modelIds), fallback: some(modelIds) },
  { requiredKeys: ["fallback"] },
);

/** Allow rules without `permitted`. */
const openAllow = fc
  .record({
    effect: fc.constant("allow"),
    ...matchers,
    tools,
    route: fc.option(routeTerms, { nil: undefined }),
    quota,
    dataClasses: seldom(anyOf),
  })
  .map(({ quota: asked, ...allowed }) => {
    // Calls of tools spend no budget of their own, so a rule about them alone names none.
    const isOfTools = allowed.actions?.every((action) => action.startsWith("tool.")) ?? false;
    return isOfTools ? allowed : { ...allowed, quota: asked };
  });

const allow = fc.oneof(
  openAllow,
  openAllow.chain((rule) =>
    fc
      .uniqueArray(fc.constantFrom(...classes), { maxLength: 4 })
      .map((permitted) => ({ ...rule, dataClasses: { permitted } })),
  ),
);

const transform = fc.record({
  effect: fc.constant("transform"),
  ...matchers,
  // Parameters belong to models alone.
  actions: fc.constant(["llm.*"]),
  exclude,
  quota,
  transform: fc.oneof(
    fc.record({
      params: fc.record({
        maxTokens: fc.oneof(
          fc.record({ max: fc.integer({ min: 1, max: 9 }) }),
          fc.record({ min: fc.integer({ min: 1, max: 9 }) }),
        ),
      }),
    }),
    fc.record({ route: fc.record({ only: some(modelIds) }) }),
  ),
});

const rule = fc.oneof(
  { weight: 3, arbitrary: allow },
  { weight: 1, arbitrary: deny },
  { weight: 1, arbitrary: redact },
  { weight: 1, arbitrary: warn },
  { weight: 1, arbitrary: transform },
);
const shadowed = (one: fc.Arbitrary<Fields>) =>
  fc
    .tuple(one, fc.nat(5))
    .map(([fields, dice]) => (dice === 0 ? { ...fields, mode: "shadow" } : fields));

/** A rule as it may stand in a tenant's policy, in shadow. */
export const shadowRule: fc.Arbitrary<Fields> = rule.map((one) => ({ ...one, mode: "shadow" }));

const killTarget = fc.oneof(
  fc.record({ models: some([...modelIds, "vendor/*"]) }),
  fc.record({ providers: some(["vendor", "other"]) }),
  fc.record({ principals: some(["bob", "spiffe://*"]) }),
  fc.record({ tools: some(["mail/*"]) }),
);

const boundary = fc.record(
  {
    models: some([...modelIds, "vendor/*", "acme/*"]),
    providers: some(["vendor", "other", "ac*"]),
    maxSensitivity: fc.integer({ min: 2, max: 5 }),
  },
  { requiredKeys: [] },
);

/** A world, valid as it is: it loads without an error. */
export function world(): fc.Arbitrary<World> {
  const rules = (prefix: string, maxLength = 3) =>
    fc.array(shadowed(rule), { maxLength }).map((list) => named(list, prefix));
  return fc
    .record({
      global: rules("g", 4),
      defaults: rules("d", 2),
      locked: fc.array(fc.oneof(deny, redact), { maxLength: 1 }).map((list) => named(list, "l")),
      model: rules("m"),
      acme: rules("t"),
      chat: rules("a"),
      globex: rules("x"),
      stable: rules("r"),
      candidate: rules("r"),
      percent: fc.constantFrom(0, 10, 50, 100),
      unset: fc.array(fc.nat(1), { maxLength: 2 }),
      permits: seldom(rule),
      lifts: fc.boolean(),
      restrict: fc.array(deny, { maxLength: 1 }),
      kill: seldom(killTarget),
      acmeKill: seldom(killTarget),
      inactive: fc.boolean(),
      boundary: seldom(boundary),
      fallback: fc.constantFrom("deny", "deny", "allow"),
    })
    .map(documentsOf);
}

interface Drawn {
  readonly global: readonly Fields[];
  readonly defaults: readonly Fields[];
  readonly locked: readonly Fields[];
  readonly model: readonly Fields[];
  readonly acme: readonly Fields[];
  readonly chat: readonly Fields[];
  readonly globex: readonly Fields[];
  readonly stable: readonly Fields[];
  readonly candidate: readonly Fields[];
  readonly percent: number;
  readonly unset: readonly number[];
  readonly permits: Fields | undefined;
  readonly lifts: boolean;
  readonly restrict: readonly Fields[];
  readonly kill: Fields | undefined;
  readonly acmeKill: Fields | undefined;
  readonly inactive: boolean;
  readonly boundary: Fields | undefined;
  readonly fallback: string;
}

const exception = { ticket: "T-1", reason: "For the laws.", approvedBy: ["jo", "max"] };

function documentsOf(drawn: Drawn): World {
  const { fallback, boundary: limits, kill, acmeKill } = drawn;
  const unset = [...new Set(drawn.unset)]
    .filter((index) => index < drawn.defaults.length)
    .map((index) => `platform/global/d${index}`);
  const lifts = drawn.lifts && drawn.global.length > 0 ? ["platform/global/g0"] : undefined;
  const isRestrictive = lifts !== undefined && drawn.global[0]?.["effect"] !== "allow";
  const permits = drawn.permits?.["effect"] === "allow" ? [permitOf(drawn.permits)] : undefined;
  const switchOf = (target: Fields) => ({ sequence: 1, active: true, target, reason: "Stop." });
  return [
    document("platform", "Platform", "platform", { fallback }),
    document("platform", "Tenant", "acme", { fallback, boundary: limits }),
    document("platform", "Tenant", "globex", {}),
    ...["acme", "globex"].flatMap((tenant) =>
      ["chat", "desk"].map((app) => document(tenant, "App", app, { fallback })),
    ),
    document("platform", "ModelCatalog", "models", { models: catalog(drawn) }),
    document("acme", "ModelCatalog", "own", { models: [{ id: ownModel, aliases: ["fast"] }] }),
    document("platform", "ToolCatalog", "tools", {
      tools: [{ name: "crm/lookup", risk: "read" }, { name: "mail/send" }],
    }),
    ...["platform", "acme", "globex"].map((namespace) =>
      document(namespace, "NamedSet", "people", { items: ["alice", "carol*"] }),
    ),
    ...["platform", "acme", "globex"].flatMap((namespace) =>
      quotaNames.map((name) => document(namespace, "Quota", name, quotaSpec(name))),
    ),
    document("platform", "Policy", "global", {
      attach: { layer: "global" },
      defaults: { rules: drawn.defaults },
      rules: drawn.global,
      overrides: { rules: drawn.locked },
    }),
    document("platform", "Policy", "model", {
      attach: { layer: "model", model: "vendor/one" },
      rules: drawn.model,
    }),
    document("acme", "Policy", "own", {
      attach: { layer: "tenant" },
      ...(unset.length > 0 ? { unset } : {}),
      rules: drawn.acme,
    }),
    document("acme", "Policy", "chat", {
      attach: { layer: "app", app: "chat" },
      rules: drawn.chat,
    }),
    document("globex", "Policy", "own", { attach: { layer: "tenant" }, rules: drawn.globex }),
    ramped("1.0.0", drawn.stable),
    ramped("2.0.0", drawn.candidate),
    rampOf(drawn.percent),
    ...(isRestrictive || permits !== undefined
      ? [
          document("platform", "Grant", "grant", {
            ...exception,
            activeFrom: windowStart,
            expiresAt: windowEnd,
            scope: { tenants: ["acme"], subjects: { principals: ["*"] }, apps: ["chat", "desk"] },
            lifts: isRestrictive ? lifts : undefined,
            permits,
          }),
        ]
      : []),
    ...(drawn.restrict.length > 0
      ? [
          document("platform", "Incident", "incident", {
            ...exception,
            activeFrom: windowStart,
            activeUntil: windowEnd,
            restrict: named(drawn.restrict, "i"),
          }),
        ]
      : []),
    ...(kill === undefined ? [] : [document("platform", "KillSwitch", "stop", switchOf(kill))]),
    ...(acmeKill === undefined ? [] : [document("acme", "KillSwitch", "stop", switchOf(acmeKill))]),
  ];
}

function catalog({ inactive }: Drawn): readonly Fields[] {
  return [
    {
      id: "vendor/one",
      aliases: ["fast"],
      tags: ["approved"],
      regions: ["eu-central-1"],
      permitted: ["pii", "internal"],
    },
    { id: "vendor/two", aliases: ["fast"], tags: ["new"], price: { input: 0, output: 0 } },
    { id: "other/three", regions: ["us-east-1"], ...(inactive ? { status: "retired" } : {}) },
  ];
}

function quotaSpec(name: string): Fields {
  const mode = name === "q-shadow" ? { mode: "shadow" } : {};
  const onExceed = name === "q-shadow" ? "deny" : name.slice("q-".length);
  return {
    unit: name === "q-route" ? "usd" : "requests",
    limit: 10,
    window: { kind: "sliding", duration: "1h" },
    key: ["tenant.id"],
    onExceed,
    ...mode,
  };
}

function ramped(version: string, rules: readonly Fields[]): WorldDocument {
  return document("acme", "Policy", "ramped", { version, attach: { layer: "tenant" }, rules });
}

/** The rollout of a world, at another percentage. */
export function rampOf(percentage: number): WorldDocument {
  return document("acme", "Rollout", "ramp", {
    policy: "ramped",
    stable: "1.0.0",
    candidate: "2.0.0",
    seed: "seed",
    step: { percent: percentage },
  });
}

/** A permit has neither an effect nor what only rules have. */
function permitOf({ effect: _, mode: __, tools: ___, ...fields }: Fields): Fields {
  return { id: "p", ...fields };
}

export function document(
  namespace: string,
  kind: string,
  name: string,
  spec: Fields,
): WorldDocument {
  return { namespace, kind, name, spec };
}

export function named(rules: readonly Fields[], prefix: string): readonly Fields[] {
  return rules.map((one, index) => ({ id: `${prefix}${index}`, ...one }));
}

/** A world with rules added to a policy. */
export function withRule(
  given: World,
  { policy, added }: { readonly policy: string; readonly added: Fields },
): World {
  return given.map((one) => {
    if (one.kind !== "Policy" || `${one.namespace}/${one.name}` !== policy) return one;
    const rules = (one.spec["rules"] as readonly Fields[] | undefined) ?? [];
    return { ...one, spec: { ...one.spec, rules: [...rules, { id: "added", ...added }] } };
  });
}

/** A world without some of its documents. */
export function without(given: World, isOut: (one: WorldDocument) => boolean): World {
  return given.filter((one) => !isOut(one));
}

/** The documents as files, one each, named for what is in them. */
export function filesOf(given: World): readonly PolicyFile[] {
  return given.map(({ namespace, kind, name, spec }) => {
    const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
    const version = "version" in spec ? `-${spec["version"]}` : "";
    return {
      path: `${namespace}/${kind}-${name}${version}.json`,
      namespace,
      text: JSON.stringify(text),
    };
  });
}

const finding: fc.Arbitrary<FindingGroup> = fc.record({
  class: fc.constantFrom(...classes, "undeclared"),
  in: fc.constantFrom(...places),
  count: fc.integer({ min: 1, max: 3 }),
  confidence: percent,
});

const principal: fc.Arbitrary<Principal> = fc.record(
  {
    id: fc.constantFrom("alice", "bob", "carol-2"),
    kind: fc.constantFrom("user", "workload"),
    groups: fc.subarray(["support", "legal"]),
    claims: fc.constantFrom({}, { department: "fraud" }),
    actor: fc.record({ id: fc.constantFrom("spiffe://acme.example/bot", "spiffe://other/bot") }),
  },
  { requiredKeys: ["id", "kind"] },
);

const quotaResult = fc.constantFrom("ok", "ok", "exceeded", "unavailable" as const);
const quotaResults = fc.dictionary(
  fc.constantFrom(
    ...["platform", "acme"].flatMap((namespace) =>
      quotaNames.map((name) => `${namespace}/${name}`),
    ),
  ),
  quotaResult as fc.Arbitrary<"ok" | "exceeded" | "unavailable">,
  { maxKeys: 3 },
);

/** A request or an answer of one of acme's apps. */
export const input: fc.Arbitrary<DecisionInput> = fc
  .record({
    time: fc.constantFrom(...times),
    tenant: fc.constant("acme"),
    app: fc.constantFrom("chat", "desk"),
    call: fc.constantFrom(
      { action: "llm.generate", point: "request" },
      { action: "llm.generate", point: "request" },
      { action: "llm.embed", point: "request" },
      { action: "llm.generate", point: "response" },
      { action: "tool.call", point: "tool.call" },
    ) as fc.Arbitrary<Pick<DecisionInput, "action" | "point">>,
    model: fc.constantFrom(...modelIds, "vendor/one", "fast", "fast"),
    tool: fc.constantFrom({ name: "crm/lookup", args: {} }, { name: "mail/send", args: {} }),
    principal,
    request: fc.record({ inputTokens: fc.constantFrom(10, 1000) }),
    quotas: fc.option(quotaResults, { nil: undefined }),
    data: fc.record({
      status: fc.constantFrom("ok", "ok", "ok", "ok", "timeout"),
      findings: fc.array(finding, { maxLength: 3 }),
    }) as fc.Arbitrary<DecisionInput["data"]>,
  })
  .map(({ call, ...rest }) => ({ ...rest, ...call }));

/** A request that names one model, before any answer. */
export const namedRequest: fc.Arbitrary<DecisionInput> = fc
  .tuple(input, fc.constantFrom(...modelIds))
  .map(([one, model]) => ({ ...one, model, action: "llm.generate", point: "request" }) as const);
