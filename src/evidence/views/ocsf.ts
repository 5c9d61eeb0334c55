import type { ReadRecord } from "../../record/index.ts";
import { classesOf, member } from "./csv.ts";

/** The version of the schema that events are made for (schema.ocsf.io). */
const schemaVersion = "1.8.0";

/** API Activity, in the category Application Activity. */
const categoryUid = 6;
const classUid = 6003;

/** Kinds that tell of an exchange; the others are of the log itself. */
const exchangeKinds = new Set(["bypass", "closing", "decision"]);

type Json = ReadRecord["json"];

/**
 * A record of an exchange as an event of the Open Cybersecurity Schema Framework: API Activity
 * (6003) with the profiles `ai_operation` and `security_control`; undefined for any other record.
 * What the schema has no place for stands in `unmapped` under our own names. It is a view, never the
 * evidence. `version`: of this product.
 */
export function toOcsfEvent(record: ReadRecord, version: string): object | undefined {
  const { at, json, kind } = record;
  if (!exchangeKinds.has(kind)) return undefined;
  const isDenied = json["outcome"] === "deny";
  return withoutAbsent({
    ...{ category_uid: categoryUid, category_name: "Application Activity" },
    ...{ class_uid: classUid, class_name: "API Activity" },
    ...activityOf(json),
    ...severityOf(json, isDenied),
    time: Date.parse(at),
    ...statusOf(json, isDenied),
    ...controlOf(kind, json, isDenied),
    policy: policyOf(json),
    metadata: metadataOf(record, version),
    api: apiOf(json),
    actor: actorOf(json),
    src_endpoint: { name: text(json["app"]) ?? text(json["route"]) ?? "unknown" },
    ai_model: modelOf(json),
    message_context: contextOf(kind, json),
    trace: traceOf(json),
    unmapped: unmappedOf(kind, json),
  });
}

/** A call to a model makes something; the class has no word for the others. */
function activityOf(json: Json) {
  const action = text(json["action"]) ?? "";
  const isMade = action.startsWith("llm.");
  return isMade
    ? {
        activity_id: 1,
        activity_name: "Create",
        type_uid: classUid * 100 + 1,
        type_name: "API Activity: Create",
      }
    : {
        activity_id: 99,
        activity_name: action || "Other",
        type_uid: classUid * 100 + 99,
        type_name: "API Activity: Other",
      };
}

function severityOf(json: Json, isDenied: boolean) {
  const isFound = classesOf(json).length > 0;
  if (isDenied) return { severity_id: 3, severity: "Medium" };
  return isFound
    ? { severity_id: 2, severity: "Low" }
    : { severity_id: 1, severity: "Informational" };
}

function statusOf(json: Json, isDenied: boolean) {
  const isFailure = isDenied || json["outcome"] === "none";
  const detail = text(json["reason"]) ?? text(json["end"]);
  return isFailure
    ? { status_id: 2, status: "Failure", status_detail: detail }
    : { status_id: 1, status: "Success", status_detail: detail };
}

/** Profile `security_control`: what the guard did about it. */
function controlOf(kind: string, json: Json, isDenied: boolean) {
  if (kind === "bypass") return controls.passed;
  if (isDenied) return { ...controls.denied, is_alert: true };
  if (json["outcome"] !== "permit") return controls.unknown;
  return json["verdict"] === "allow" ? controls.allowed : controls.changed;
}

/** `action_id` and `disposition_id` with their captions. */
const controls = {
  passed: { action_id: 3, action: "Observed", disposition_id: 17, disposition: "Logged" },
  denied: { action_id: 2, action: "Denied", disposition_id: 2, disposition: "Blocked" },
  unknown: { action_id: 0, action: "Unknown", disposition_id: 0, disposition: "Unknown" },
  allowed: { action_id: 1, action: "Allowed", disposition_id: 1, disposition: "Allowed" },
  changed: { action_id: 4, action: "Modified", disposition_id: 11, disposition: "Corrected" },
} as const;

function policyOf(json: Json) {
  const rule = text(json["decidedBy"]);
  return rule === undefined
    ? undefined
    : {
        name: rule,
        uid: rule,
        version: text(member(json, "versions", "effective")),
        is_applied: true,
      };
}

function metadataOf({ at, id, json, log, seq }: ReadRecord, version: string) {
  return {
    version: schemaVersion,
    profiles: ["ai_operation", "security_control", "trace"],
    product: { name: "Chancery", vendor_name: "Chancery", version },
    uid: id,
    correlation_uid: text(json["exchange"]),
    log_name: log,
    sequence: seq,
    original_time: at,
    tenant_uid: text(json["tenant"]),
    is_truncated: json["truncated"] === undefined ? undefined : true,
  };
}

function apiOf(json: Json) {
  const provider = text(member(json, "model", "provider"));
  return {
    operation: text(json["action"]) ?? text(json["point"]) ?? "unknown",
    request: { uid: text(json["requestId"]) ?? text(json["exchange"]) },
    service: provider === undefined ? undefined : { name: provider },
  };
}

/** Nobody is named: a person is told by a pseudonym, as in the record. */
function actorOf(json: Json) {
  const kind = text(member(json, "principal", "kind"));
  const uid = text(member(json, "principal", "ref"));
  const groups = member(json, "principal", "groups");
  const user =
    uid === undefined
      ? undefined
      : {
          uid,
          ...(kind === "workload" ? { type_id: 4, type: "Service" } : { type_id: 1, type: "User" }),
          groups: Array.isArray(groups)
            ? groups.map((name) => ({ name: String(name) }))
            : undefined,
        };
  return { app_name: text(json["app"]) ?? "unknown", user };
}

function modelOf(json: Json) {
  const name = text(member(json, "model", "used")) ?? text(member(json, "model", "requested"));
  if (name === undefined) return undefined;
  return { name, ai_provider: text(member(json, "model", "provider")) ?? "unknown" };
}

function contextOf(kind: string, json: Json) {
  const provider = text(member(json, "model", "provider"));
  const [tokensIn, tokensOut] = [member(json, "usage", "in"), member(json, "usage", "out")];
  const total = typeof tokensIn === "number" && typeof tokensOut === "number";
  return {
    uid: text(json["exchange"]),
    ...(kind === "closing"
      ? { ai_role_id: 2, ai_role: "Assistant" }
      : { ai_role_id: 1, ai_role: "User" }),
    application: { name: text(json["app"]) ?? "unknown" },
    service: provider === undefined ? undefined : { name: provider },
    prompt_tokens: tokensIn,
    completion_tokens: tokensOut,
    total_tokens: total ? tokensIn + tokensOut : undefined,
  };
}

function traceOf(json: Json) {
  const [uid, span] = [member(json, "trace", "traceId"), member(json, "trace", "spanId")];
  return typeof uid === "string" ? { uid, span: { uid: span } } : undefined;
}

function unmappedOf(kind: string, json: Json) {
  const names = [
    "verdict",
    "decidedBy",
    "point",
    "end",
    "controls",
    "warnings",
    "mode",
    "fallback",
  ];
  return {
    kind,
    ...Object.fromEntries(names.map((name) => [name, json[name]])),
    classes: classesOf(json),
    region: member(json, "model", "region"),
    costMicros: member(json, "usage", "costMicros"),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Members and objects that say nothing are left out, at any depth. */
function withoutAbsent(value: object): object {
  const members = Object.entries(value).flatMap(([name, member]) => {
    if (member === undefined || (Array.isArray(member) && member.length === 0)) return [];
    if (typeof member !== "object" || member === null || Array.isArray(member)) {
      return [[name, member] as const];
    }
    const inner = withoutAbsent(member);
    return Object.keys(inner).length === 0 ? [] : [[name, inner] as const];
  });
  return Object.fromEntries(members);
}
