import type { Decision, DecisionInput, PrincipalOnRecord } from "../../src/domain/index.ts";
import { evaluate, type Snapshot } from "../../src/policy/index.ts";
import {
  type ClosingRecord,
  type DecisionRecord,
  encodeClosing,
  encodeDecision,
  type RecordedTool,
  toRecordedFindings,
  toRecordedRules,
} from "../../src/record/index.ts";
import type { ReplayableRecord, VersionSource } from "../../src/replay/index.ts";
import { digestOf } from "../../src/signing/index.ts";
import { filesOf, type World } from "./policy-worlds.ts";

/*
 * Records of decisions in random worlds, with what a server writes of them and nothing else: ids,
 * claims, arguments and parameters that are texts stay behind.
 */

const exchange = "01a1fd1e-9060-7266-9625-1b601630ea14";
const timeUs = { total: 1 };

/** A record as it comes from a log. */
export type WorldRecord = ReplayableRecord & { readonly json: Readonly<Record<string, unknown>> };

/** The records of one exchange in which this was decided. */
export function recordWorld(snapshot: Snapshot, given: DecisionInput): readonly WorldRecord[] {
  const input = asAsked(given);
  const decided = decide(snapshot, input);
  if (input.point === "request") {
    return [written({ ...decisionRecord(snapshot, input, decided), final: true }, input.time)];
  }
  const model = { requested: input.model ?? null, used: input.model ?? null };
  const { buckets } = decided;
  const first = { ...decisionRecord(snapshot, input, undefined), model, buckets };
  const opening = written(first, input.time);
  if (input.point === "response") return [opening, closing(input, decided, [])];
  const tool = recordedTool(input, decided);
  if (decided.outcome === "deny") return [opening, closing(input, decided, [tool])];
  const answer: DecisionInput = { ...input, action: "llm.generate", point: "response" };
  const { tool: _, ...rest } = answer;
  return [opening, closing(rest, decide(snapshot, rest), [tool])];
}

/** The same input of a caller of whom this is told. */
export function toldAs(input: DecisionInput, onRecord: PrincipalOnRecord): DecisionInput {
  const { principal } = input;
  return principal === undefined ? input : { ...input, principal: { ...principal, onRecord } };
}

/** Before an answer nothing is found in it. */
export function asAsked(input: DecisionInput): DecisionInput {
  if (input.point === "response") return input;
  const findings = input.data.findings.filter((one) => one.in !== "response");
  return { ...input, data: { ...input.data, findings } };
}

/** As a server does: a running answer is ended only by the kill switches that say so. */
function decide(snapshot: Snapshot, input: DecisionInput): Decision {
  const { killSwitches } = snapshot;
  const isAnswer = input.point === "response";
  return evaluate(snapshot, input, isAnswer ? { killSwitches: killSwitches.ofStreams } : {});
}

/** The files of a world as a store has them. */
export function storeOf(world: World): VersionSource {
  const files = filesOf(world);
  return {
    layer: (namespace) => Promise.resolve(files.filter((one) => one.namespace === namespace)),
    killSwitch: () => Promise.resolve(undefined),
  };
}

export async function* stream(records: readonly WorldRecord[]): AsyncGenerator<WorldRecord> {
  yield* records;
}

function decisionRecord(
  snapshot: Snapshot,
  { app, data, principal, quotas, request, tenant, time, ...input }: DecisionInput,
  decision: Decision | undefined,
): DecisionRecord {
  const { actor, groups, issuer, kind, onRecord, roles } = principal ?? { kind: "user" as const };
  const isHidden = onRecord?.hidesNames === true;
  const { switches } = snapshot.killSwitches;
  const sequences = switches.map(({ name, sequence }) => [name, sequence] as const);
  return {
    ...(decision === undefined ? notJudged : judgedParts(decision)),
    exchange,
    tenant,
    app,
    point: "request",
    action: input.action.startsWith("llm.") ? input.action : "llm.generate",
    principal: {
      ...{ kind, ref: "p1:xyz", auth: "jwt" },
      issuer: isHidden ? issuer && "p1:abc" : issuer,
      groups: isHidden ? groups?.map(() => "p1:abc") : groups,
      roles: isHidden ? roles?.map(() => "p1:abc") : roles,
      hidden: isHidden ? ["groups", "issuer", "roles"] : [],
      actor: actor && { kind: "workload", ref: "spiffe://acme.example/x" },
    },
    model: { requested: input.model, used: decision?.model.used },
    buckets: decision?.buckets,
    quotas,
    versions: {
      ...snapshot.versionsFor(tenant),
      ...(switches.length === 0 ? {} : { killSwitches: Object.fromEntries(sequences) }),
    },
    facts: {
      "data.status": data.status,
      "request.inputTokens": request?.inputTokens,
      ...claimsOf(principal),
    },
    findings: toRecordedFindings(data.findings.filter((one) => one.in !== "response")),
    mode: "enforce",
    fallback: "none",
    timeUs,
    retainDays: 400,
  };
}

function closing(
  { app, data, tenant, time }: DecisionInput,
  decision: Decision,
  tools: readonly RecordedTool[],
): WorldRecord {
  const record: ClosingRecord = {
    ...judgedParts(decision),
    exchange,
    tenant,
    app,
    point: "response",
    tools,
    facts: { "data.status": data.status },
    findings: toRecordedFindings(data.findings.filter((one) => one.in === "response")),
    end: "complete",
    timeUs,
  };
  return parsed("closing", encodeClosing(record, { ...position, seq: 1, at: time }));
}

function claimsOf(principal: DecisionInput["principal"]): NonNullable<DecisionRecord["facts"]> {
  const names = [...(principal?.onRecord?.claims ?? [])];
  const told = names.map((name) => [`principal.claims.${name}`, principal?.claims?.[name]]);
  return { "principal.claims": names, ...Object.fromEntries(told) };
}

const notJudged = { outcome: "none", verdict: "none" } as const;

function judgedParts(decision: Decision) {
  const { decidedBy, lifted, matched, model, obligations, outcome, reason, results } = decision;
  const { rules, shadow, verdict, warnings } = decision;
  const isBound = Object.keys(obligations).length > 0;
  return {
    ...{ outcome, verdict, reason, decidedBy, lifted, model, shadow, warnings, results },
    rules: toRecordedRules(matched, rules),
    obligations,
    obligationsDigest: isBound ? digestOf(obligations) : undefined,
  } as const;
}

function recordedTool(
  { data: { status }, quotas, time, tool }: DecisionInput,
  decision: Decision,
): RecordedTool {
  const { decidedBy, outcome, reason, results, verdict, warnings } = decision;
  return {
    ...{ point: "tool.call", name: tool?.name ?? "", at: time, status },
    ...{ outcome, verdict, reason, decidedBy, warnings, results, quotas },
  } as const;
}

const position = {
  log: "test/0/00000000",
  seq: 0,
  id: "01a1fd1e-9063-7670-891a-985ccc8c71a2",
} as const;

function written(record: DecisionRecord, at: string): WorldRecord {
  return parsed("decision", encodeDecision(record, { ...position, at }));
}

function parsed(kind: string, line: string): WorldRecord {
  const json = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return { kind, log: position.log, seq: Number(json["seq"]), json };
}
