import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { actions, places } from "../domain/index.ts";

const words = <const Word extends string>(list: readonly Word[]) =>
  Type.Union(list.map((word) => Type.Literal(word)));
const text = Type.String();
const texts = Type.Array(text);
const optional = Type.Optional;

const finding = Type.Object({
  class: text,
  detector: optional(text),
  in: words(places),
  count: Type.Integer(),
  confidencePct: Type.Integer(),
});

const status = words(["ok", "timeout", "failed", "truncated"]);
const outcome = words(["permit", "deny", "none"]);
const results = Type.Record(text, words(["T", "E"]));
const quotas = Type.Record(text, words(["ok", "exceeded", "unavailable"]));

const tool = Type.Object({
  point: words(["tool.list", "tool.call", "tool.result"]),
  name: text,
  outcome,
  verdict: text,
  reason: optional(text),
  decidedBy: optional(text),
  at: optional(text),
  status: optional(status),
  findings: optional(Type.Array(finding)),
  results: optional(results),
  quotas: optional(quotas),
});

const versions = Type.Object({
  effective: text,
  layers: Type.Array(Type.Object({ id: text, digest: text })),
  killSwitches: optional(Type.Record(text, Type.Integer())),
});

const redaction = Type.Object({
  method: words(["remove", "mask", "tokenize", "hash", "partial"]),
  by: text,
  directions: Type.Array(words(["request", "response", "log"])),
  in: optional(Type.Array(words(places))),
});

const judged = Type.Object({
  kind: words(["decision", "closing"]),
  exchange: text,
  at: text,
  tenant: optional(text),
  app: optional(text),
  route: optional(text),
  principal: optional(
    Type.Object({
      kind: words(["user", "workload", "composite"]),
      issuer: optional(text),
      groups: optional(texts),
      roles: optional(texts),
      hidden: optional(Type.Array(words(["groups", "issuer", "roles"]))),
    }),
  ),
  action: optional(words(actions)),
  point: text,
  model: optional(Type.Object({ requested: optional(text), used: optional(text) })),
  outcome,
  verdict: text,
  reason: optional(text),
  decidedBy: optional(text),
  rules: optional(
    Type.Array(Type.Object({ id: text, layer: text, effect: text, match: words(["T", "E"]) })),
  ),
  warnings: optional(texts),
  lifted: optional(Type.Array(Type.Object({ rule: text, by: text }))),
  obligations: optional(Type.Object({ redact: optional(Type.Record(text, redaction)) })),
  obligationsDigest: optional(text),
  shadow: optional(Type.Object({ changed: Type.Boolean(), verdict: text, reason: optional(text) })),
  facts: optional(Type.Record(text, Type.Unknown())),
  results: optional(results),
  findings: optional(Type.Array(finding)),
  quotas: optional(quotas),
  buckets: optional(Type.Record(text, Type.Integer())),
  suspended: optional(texts),
  tools: optional(Type.Array(tool)),
  versions: optional(versions),
  mode: optional(text),
  final: optional(Type.Boolean()),
  end: optional(text),
  truncated: optional(texts),
});

/** What replay reads of a decision or closing (audit-and-operations 2.3); other fields are let be. */
export type JudgedRecord = Static<typeof judged>;
export type RecordedTool = Static<typeof tool>;
export type RecordedFinding = Static<typeof finding>;
export type RecordedVersions = Static<typeof versions>;

/** The record as replay reads it; undefined for one of another kind, or with fields of other types. */
export function readJudged(record: unknown): JudgedRecord | undefined {
  return Value.Check(judged, record) ? record : undefined;
}
