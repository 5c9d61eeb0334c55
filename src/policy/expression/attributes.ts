import type { Principal, ResponseFacts, ToolFacts } from "../../domain/index.ts";
import type {
  ExpressionFacts,
  ExpressionModel,
  ExpressionUse,
  ReadVariable,
} from "./expression.ts";
import { FoundData } from "./found-data.ts";
import { listItemsMax } from "./limits.ts";
import { parseTimestamp } from "./time.ts";
import {
  bool,
  double,
  dyn,
  type Field,
  int,
  listOf,
  mapOf,
  type ObjectType,
  string,
  type Type,
  timestamp,
} from "./types.ts";
import { failed, JsonMap, type Value } from "./values.ts";

/** The variables of policy-model 3.1, with every attribute they have, for one use. */
export function variablesFor(use: ExpressionUse): ReadonlyMap<ReadVariable, Field> {
  return use === "allowRule" ? variables.onRequestSide : variables.onAll;
}

type Read<Owner> = (owner: Owner, facts: ExpressionFacts) => Value | undefined;

function field<Owner extends object>(type: Type, read: Read<Owner>, more?: Partial<Field>): Field {
  // Each table below reads the owners that its own object hands out.
  return { type, read: read as Field["read"], ...more };
}

function object(name: string, fields: Readonly<Record<string, Field>>): ObjectType {
  return { kind: "object", name, fields: new Map(Object.entries(fields)) };
}

/** A list that is missing is empty. */
function texts<Owner extends object>(
  read: (owner: Owner) => readonly string[] | undefined,
  more?: Partial<Field>,
): Field {
  return field<Owner>(listOf(string), (owner) => bounded(read(owner) ?? []), more);
}

function bounded(list: readonly string[]): Value {
  return list.length > listItemsMax ? failed : list;
}

/** A map that is missing has no entries. */
function entries<Owner extends object>(
  value: Type,
  read: (owner: Owner) => Readonly<Record<string, unknown>> | undefined,
  more?: Partial<Field>,
): Field {
  const toMap = (owner: Owner) => new JsonMap(read(owner) ?? {});
  return field<Owner>(mapOf(value), toMap, { isOpen: true, ...more });
}

function count<Owner extends object>(
  read: (owner: Owner) => number | undefined,
  more?: Partial<Field>,
): Field {
  const toInteger = (owner: Owner) => {
    const number = read(owner);
    if (number === undefined) return undefined;
    return Number.isSafeInteger(number) ? BigInt(number) : failed;
  };
  return field<Owner>(int, toInteger, more);
}

/** What no record holds, so that records say how conditions that read it ended. */
const hidden = { counts: "hidden" } as const;
/** What records tell, unless it would name a person. */
const names = { counts: "names" } as const;

const principal = object("principal", {
  id: field<Principal>(string, ({ id }) => id, hidden),
  kind: field<Principal>(string, ({ kind }) => kind),
  issuer: field<Principal>(string, ({ issuer }) => issuer, names),
  groups: texts<Principal>(({ groups }) => groups, names),
  roles: texts<Principal>(({ roles }) => roles, names),
  claims: entries<Principal>(dyn, ({ claims }) => claims, { counts: "claims" }),
  actor: field<Principal>(
    object("principal.actor", {
      id: field<NonNullable<Principal["actor"]>>(string, ({ id }) => id),
    }),
    ({ actor }) => actor,
    { isOpen: true, ...hidden },
  ),
  authn: field<Principal>(
    object("principal.authn", {
      mtls: field<NonNullable<Principal["authn"]>>(bool, ({ mtls }) => mtls),
      mfa: field<NonNullable<Principal["authn"]>>(bool, ({ mfa }) => mfa),
    }),
    ({ authn }) => authn,
  ),
});

const tenant = object("tenant", {
  id: field<ExpressionFacts>(string, ({ input }) => input.tenant),
  tier: field<ExpressionFacts>(string, (facts) => facts.tenant.tier),
  region: field<ExpressionFacts>(string, (facts) => facts.tenant.region),
  labels: entries<ExpressionFacts>(string, (facts) => facts.tenant.labels),
});

const app = object("app", {
  id: field<ExpressionFacts>(string, ({ input }) => input.app),
  env: field<ExpressionFacts>(string, (facts) => facts.app.env),
  owner: field<ExpressionFacts>(string, (facts) => facts.app.owner),
  labels: entries<ExpressionFacts>(string, (facts) => facts.app.labels),
});

const route = object("route", {
  name: field<ExpressionFacts>(string, ({ input }) => input.route?.name),
  host: field<ExpressionFacts>(string, ({ input }) => input.route?.host, {
    counts: "route.host",
  }),
});

const request = object("request", {
  protocol: field<ExpressionFacts>(string, ({ input }) => input.request?.protocol),
  stream: field<ExpressionFacts>(bool, ({ input }) => input.request?.stream),
  inputTokens: count<ExpressionFacts>(({ input }) => input.request?.inputTokens),
  maxTokens: count<ExpressionFacts>(({ input }) => input.request?.maxTokens),
  params: entries<ExpressionFacts>(dyn, ({ input }) => input.request?.params, hidden),
  toolNames: texts<ExpressionFacts>(({ input }) => input.request?.toolNames),
  time: field<ExpressionFacts>(timestamp, ({ input }) => parseTimestamp(input.time)),
  region: field<ExpressionFacts>(string, ({ input }) => input.request?.region),
});

const model = object("model", {
  id: field<ExpressionModel>(string, ({ id }) => id),
  provider: field<ExpressionModel>(string, ({ provider }) => provider),
  family: field<ExpressionModel>(string, ({ family }) => family),
  regions: texts<ExpressionModel>(({ regions }) => regions),
  deployment: field<ExpressionModel>(string, ({ deployment }) => deployment),
  tags: texts<ExpressionModel>(({ tags }) => tags),
  retention: field<ExpressionModel>(string, ({ retention }) => retention),
  status: field<ExpressionModel>(string, ({ status }) => status),
  price: field<ExpressionModel>(
    object("model.price", {
      input: field<NonNullable<ExpressionModel["price"]>>(double, ({ input }) => input),
      output: field<NonNullable<ExpressionModel["price"]>>(double, ({ output }) => output),
    }),
    ({ price }) => price,
  ),
});

const tool = object("tool", {
  server: field<ToolFacts>(string, ({ name }) => serverOf(name)),
  name: field<ToolFacts>(string, ({ name }) => name),
  risk: field<ToolFacts>(string, (_tool, { toolRisk }) => toolRisk),
  approved: field<ToolFacts>(bool, ({ approved }) => approved, { counts: "tool.approved" }),
  args: entries<ToolFacts>(dyn, ({ args }) => args, { counts: "args" }),
});

function serverOf(name: string): string | undefined {
  const end = name.indexOf("/");
  return end < 0 ? undefined : name.slice(0, end);
}

const finding = object("data.findings[class]", {
  count: field<{ count: bigint }>(int, (found) => found.count),
  confidence: field<{ confidence: number }>(double, (found) => found.confidence),
});

function dataOf(name: "data" | "response.data"): ObjectType {
  return object(name, {
    status: field<FoundData>(string, ({ status }) => status),
    classes: field<FoundData>(listOf(string), (data) => data.classes()),
    sensitivity: field<FoundData>(int, (data) => data.sensitivity()),
    findings: field<FoundData>(mapOf(finding), (data) => data.findings()),
    ...(name === "data" && {
      residual: field<FoundData>(listOf(string), (data) => data.residual(), {
        only: ["allowRule"],
      }),
    }),
  });
}

const response = object("response", {
  finishReason: field<ResponseFacts>(string, ({ finishReason }) => finishReason, {
    counts: "response.finishReason",
  }),
  outputTokens: count<ResponseFacts>(({ outputTokens }) => outputTokens, {
    counts: "response.outputTokens",
  }),
  toolCalls: texts<ResponseFacts>(({ toolCalls }) => toolCalls, hidden),
  data: field<ResponseFacts>(
    dataOf("response.data"),
    (_response, facts) => new FoundData(facts, "response"),
    { counts: "data" },
  ),
});

type Usage = NonNullable<ExpressionFacts["usage"]>;
const usage = object("usage", {
  inputTokens: count<Usage>(({ inputTokens }) => inputTokens),
  outputTokens: count<Usage>(({ outputTokens }) => outputTokens),
});

const variables = {
  onRequestSide: variablesOn("request"),
  onAll: variablesOn("all"),
};

function variablesOn(side: "request" | "all"): ReadonlyMap<ReadVariable, Field> {
  return new Map<ReadVariable, Field>([
    ["principal", field<ExpressionFacts>(principal, ({ input }) => input.principal)],
    ["tenant", field<ExpressionFacts>(tenant, (facts) => facts)],
    ["app", field<ExpressionFacts>(app, (facts) => facts)],
    ["route", field<ExpressionFacts>(route, (facts) => facts)],
    ["action", field<ExpressionFacts>(string, ({ input }) => input.action)],
    ["request", field<ExpressionFacts>(request, (facts) => facts)],
    ["data", field<ExpressionFacts>(dataOf("data"), (facts) => new FoundData(facts, side))],
    ["model", field<ExpressionFacts>(model, (facts) => facts.model)],
    ["tool", field<ExpressionFacts>(tool, ({ input }) => input.tool)],
    [
      "response",
      field<ExpressionFacts>(response, ({ input }) => input.response, {
        only: ["restrictiveRule"],
      }),
    ],
    ["usage", field<ExpressionFacts>(usage, (facts) => facts.usage, { only: ["cost"] })],
  ]);
}
