/** Members of records of exchanges (audit-and-operations 2.2 and 2.3); allow-lists, as writers have. */
const common = ["at", "id", "kind", "late", "log", "seq", "truncated", "v"];

const judged = [
  ...["app", "applied", "buckets", "controls", "content", "decidedBy", "end", "evaluated"],
  ...["exchange", "facts", "findings", "lifted", "model", "obligations", "obligationsDigest"],
  ...["outcome", "output", "point", "quotas", "reason", "results", "retainDays", "route", "rules"],
  ...["shadow", "tenant", "timeUs", "tools", "unsigned", "verdict", "versions", "warnings"],
];

const members: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "decision",
    new Set([
      ...[...common, ...judged, "action", "fallback", "final", "hops", "input", "mode"],
      ...["principal", "requestId", "suspended", "trace"],
    ]),
  ],
  ["closing", new Set([...common, ...judged, "usage"])],
  ["bypass", new Set([...common, "app", "exchange", "reason", "requestId", "route", "tenant"])],
]);

const mandatory: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "decision",
    ["exchange", "fallback", "mode", "outcome", "point", "retainDays", "timeUs", "verdict"],
  ],
  ["closing", ["end", "exchange", "outcome", "point", "timeUs", "verdict"]],
]);

type Json = Readonly<Record<string, unknown>>;

/** Whether a record of an exchange has a member that its kind does not have. */
export function hasForeignMember(kind: string, json: Json): boolean {
  const known = members.get(kind);
  return known !== undefined && Object.keys(json).some((name) => !known.has(name));
}

/** Whether a record has every member that its kind always has. */
export function isComplete(kind: string, json: Json): boolean {
  return (mandatory.get(kind) ?? []).every((name) => Object.hasOwn(json, name));
}
