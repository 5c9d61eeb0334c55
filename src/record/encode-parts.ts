import { recordListMax } from "../base/index.ts";
import type { Decision, PolicyVersions, Redaction, RuleMatch } from "../domain/index.ts";
import {
  encodeInteger,
  encodeList,
  encodeName,
  encodeNames,
  encodeObject,
  encodeText,
  integerMember,
  isRecordableKey,
  member,
  nameMember,
  sortedKeys,
  wordMember,
} from "./canonical.ts";
import { Cuts } from "./cuts.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { type Data, encodeData } from "./encode-data.ts";
import type {
  Applied,
  FactValue,
  RecordedFinding,
  RecordedModel,
  RecordedObligations,
  RecordedPrincipal,
  RecordedSide,
  RecordedTimes,
  RecordedUsage,
} from "./parts.ts";

/*
 * One encoder per structured field. Each lists its members in canonical order, gives "" for what
 * is absent or empty, and names its field in `cuts` where something was cut.
 */

export function encodeApplied(applied: Applied | undefined): string {
  if (applied === undefined) return "";
  return encodeObject(
    wordMember('"body":"', applied.body) +
      wordMember('"headers":"', applied.headers) +
      wordMember('"params":"', applied.params) +
      wordMember('"redactions":"', applied.redactions) +
      wordMember('"route":"', applied.route) +
      integerMember('"spans":', applied.spans),
  );
}

export function encodeFacts(facts: DecisionRecord["facts"], cuts: Cuts): string {
  if (facts === undefined) return "";
  let members = "";
  let count = 0;
  for (const key of sortedKeys(facts)) {
    const value = facts[key];
    if (value === undefined) continue;
    if (count === recordListMax) {
      cuts.add("facts");
      break;
    }
    const encoded = encodeFact(value, cuts);
    if (encoded === "") continue;
    if (!isRecordableKey(key)) {
      cuts.add("facts");
      continue;
    }
    members += `${count === 0 ? "{" : ","}${encodeText(key)}:${encoded}`;
    count += 1;
  }
  return count === 0 ? "" : `${members}}`;
}

export function encodeFact(value: FactValue, cuts: Cuts): string {
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? String(value) : `{"decimal":"${value}"}`;
  }
  if (typeof value === "string") return encodeName(value, "facts", cuts);
  if (typeof value === "bigint") return isSafe(value) ? String(value) : `{"int":"${value}"}`;
  return encodeNames(value, "facts", cuts);
}

function isSafe(value: bigint): boolean {
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
}

export function encodeFinding(finding: RecordedFinding, field: string, cuts: Cuts): string {
  return `{${
    nameMember('"class":"', finding.class, field, cuts) +
    integerMember('"confidencePct":', finding.confidencePct) +
    integerMember('"count":', finding.count) +
    nameMember('"detector":"', finding.detector, field, cuts)
  }"in":"${finding.in}"}`;
}

export function encodeHop(hop: Decision["hops"][number], field: string, cuts: Cuts): string {
  return `{${
    nameMember('"model":"', hop.model, field, cuts) +
    nameMember('"reason":"', hop.reason, field, cuts)
  }"result":"${hop.result}"}`;
}

export function encodeModel(model: RecordedModel | undefined, cuts: Cuts): string {
  if (model === undefined) return "";
  return encodeObject(
    nameMember('"provider":"', model.provider, "model", cuts) +
      nameMember('"region":"', model.region, "model", cuts) +
      nameMember('"requested":"', model.requested, "model", cuts) +
      nameMember('"used":"', model.used, "model", cuts),
  );
}

export function encodeObligations(
  obligations: RecordedObligations | undefined,
  cuts: Cuts,
): string {
  if (obligations === undefined || isEmpty(obligations)) return "";
  const { audit, headers, params, prompt, quotas, redact, retention, tools } = obligations;
  const data = (prefix: string, value: Data | undefined) =>
    value === undefined ? "" : member(prefix, encodeData(value, "obligations", cuts));
  return encodeObject(
    data('"audit":', audit) +
      data('"headers":', headers) +
      data('"params":', params as Data | undefined) +
      data('"prompt":', prompt) +
      data('"quotas":', quotas) +
      member('"redact":', encodeRedactions(redact, cuts)) +
      data('"retention":', retention) +
      data('"tools":', tools as Data | undefined),
  );
}

function isEmpty(obligations: RecordedObligations): boolean {
  for (const _ in obligations) return false;
  return true;
}

function encodeRedactions(redact: RecordedObligations["redact"], cuts: Cuts): string {
  if (redact === undefined) return "";
  let members = "";
  for (const key of sortedKeys(redact)) {
    const redaction = redact[key];
    if (redaction === undefined || !isRecordableKey(key)) {
      cuts.add("obligations");
      continue;
    }
    members += `${encodeName(key, "obligations", cuts)}:${encodeRedaction(redaction, cuts)},`;
  }
  return encodeObject(members);
}

function encodeRedaction(redaction: Redaction, cuts: Cuts): string {
  return `{${
    nameMember('"by":"', redaction.by, "obligations", cuts) +
    member('"directions":', encodeNames(redaction.directions, "obligations", cuts)) +
    member('"in":', encodeNames(redaction.in, "obligations", cuts))
  }"method":"${redaction.method}"}`;
}

export function encodePrincipal(principal: RecordedPrincipal | undefined, cuts: Cuts): string {
  if (principal === undefined) return "";
  const roles = encodeNames(principal.roles, "principal", cuts);
  return `{${
    member('"actor":', encodeActor(principal.actor, cuts)) +
    nameMember('"auth":"', principal.auth, "principal", cuts) +
    member('"groups":', encodeNames(principal.groups, "principal", cuts)) +
    member('"hidden":', encodeNames(principal.hidden, "principal", cuts)) +
    nameMember('"issuer":"', principal.issuer, "principal", cuts)
  }"kind":"${principal.kind}","ref":${encodeName(principal.ref, "principal", cuts)}${
    roles === "" ? "}" : `,"roles":${roles}}`
  }`;
}

function encodeActor(actor: RecordedPrincipal["actor"], cuts: Cuts): string {
  if (actor === undefined) return "";
  return `{"kind":"${actor.kind}","ref":${encodeName(actor.ref, "principal", cuts)}}`;
}

export function encodeRule(rule: RuleMatch, field: string, cuts: Cuts): string {
  return `{"effect":"${rule.effect}","id":${encodeName(rule.id, field, cuts)},"layer":"${rule.layer}","match":"${rule.match}"}`;
}

export function encodeSide(side: RecordedSide | undefined): string {
  if (side === undefined) return "";
  const bytes = `{"bytes":${encodeInteger(side.bytes)}`;
  const digest = side.digest === undefined ? "" : `,"digest":"${side.digest}"`;
  const tokens = side.tokens === undefined ? "" : `,"tokens":${encodeInteger(side.tokens)}`;
  return `${bytes}${digest}${tokens}}`;
}

export function encodeTimes(times: RecordedTimes): string {
  return `{${
    integerMember('"detect":', times.detect) +
    integerMember('"evaluate":', times.evaluate) +
    integerMember('"parse":', times.parse) +
    integerMember('"queue":', times.queue)
  }"total":${encodeInteger(times.total)}}`;
}

export function encodeTrace(trace: DecisionRecord["trace"], cuts: Cuts): string {
  if (trace === undefined) return "";
  const { spanId, traceId } = trace;
  return `{"spanId":${encodeName(spanId, "trace", cuts)},"traceId":${encodeName(traceId, "trace", cuts)}}`;
}

export function encodeUsage(usage: RecordedUsage | undefined): string {
  if (usage === undefined) return "";
  return encodeObject(
    integerMember('"costMicros":', usage.costMicros) +
      integerMember('"in":', usage.in) +
      integerMember('"out":', usage.out),
  );
}

interface EncodedVersions {
  readonly text: string;
  readonly isCut: boolean;
}

/** One snapshot stands in thousands of records, so its versions are encoded once. */
const encodedVersions = new WeakMap<PolicyVersions, EncodedVersions>();

export function encodeVersions(versions: PolicyVersions | undefined, cuts: Cuts): string {
  if (versions === undefined) return "";
  let encoded = encodedVersions.get(versions);
  if (encoded === undefined) {
    encoded = encodeVersionsAnew(versions);
    encodedVersions.set(versions, encoded);
  }
  if (encoded.isCut) cuts.add("versions");
  return encoded.text;
}

function encodeVersionsAnew(versions: PolicyVersions): EncodedVersions {
  const cuts = new Cuts();
  const text = encodeObject(
    member('"classifiers":', encodeData(versions.classifiers, "versions", cuts)) +
      nameMember('"effective":"', versions.effective, "versions", cuts) +
      nameMember('"engine":"', versions.engine, "versions", cuts) +
      member('"killSwitches":', encodeData(versions.killSwitches, "versions", cuts)) +
      member('"layers":', encodeList(versions.layers, "versions", cuts, encodeLayer)) +
      integerMember('"semantics":', versions.semantics) +
      nameMember('"snapshot":"', versions.snapshot, "versions", cuts),
  );
  // As one piece instead of the many it was joined from: every record of the snapshot copies it.
  return { text: Buffer.from(text).toString(), isCut: cuts.fields !== undefined };
}

function encodeLayer(layer: PolicyVersions["layers"][number], field: string, cuts: Cuts): string {
  return encodeObject(
    nameMember('"digest":"', layer.digest, field, cuts) +
      nameMember('"id":"', layer.id, field, cuts) +
      nameMember('"version":"', layer.version, field, cuts),
  );
}
