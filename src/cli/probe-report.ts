import { isUtf8 } from "node:buffer";
import type { ProbeHeader, ProbeOutcome, TranscriptEntry } from "../probe/index.ts";
import type { Paint } from "./paint.ts";

/** Characters of a body that are shown to people; programs get all of it. */
const shownCharactersMax = 2000;

/** One message for people: an arrow for its direction, its kind, and what it says below. */
export function renderEntry(entry: TranscriptEntry, paint: Paint): string {
  if (entry.kind === "ended") {
    const { name, details } = entry.status;
    const why = details === "" || details === name ? "" : `: ${details.trim()}`;
    return `${paint("faint", "<")} end of stream, ${name}${why}\n`;
  }
  const arrow = entry.kind === "sent" ? ">" : "<";
  const { kind, rest } = splitMessage(entry.message);
  const lines = describe(rest, "    ");
  const body = lines.length === 0 && entry.kind === "received" ? ["    no change"] : lines;
  return `${paint("faint", arrow)} ${paint("strong", kind)}\n${body.map((line) => `${line}\n`).join("")}`;
}

/** The last lines for people: how the exchange ended. */
export function renderOutcome(outcome: ProbeOutcome, paint: Paint): string {
  switch (outcome.kind) {
    case "processed": {
      const { request, response } = outcome;
      const caller =
        response === undefined
          ? ""
          : `; the caller gets ${statusOf(response.headers)} with ${response.body.length} bytes`;
      const upstream = `the upstream gets ${request.body.length} bytes`;
      return `\n${paint("good", "processed")}: ${upstream}${caller}\n`;
    }
    case "refused": {
      const { status, body, details } = outcome.refusal;
      const why = details === "" ? "" : ` (${details})`;
      return `\n${paint("warning", "refused")}: the caller gets ${status}${why} with ${body.length} bytes\n`;
    }
    case "failed": {
      const { name, details } = outcome.status;
      const next =
        name === "UNAVAILABLE" ? "\n  Check that the server runs and listens on this address." : "";
      return `\n${paint("bad", "failed")}: ${name}: ${details.trim()}${next}\n`;
    }
    case "broken":
      return `\n${paint("bad", "broken")}: ${outcome.reason}\n`;
  }
}

/** The whole exchange for programs: one JSON document, bytes as text where they are UTF-8. */
export function exchangeToJson(entries: readonly TranscriptEntry[], outcome: ProbeOutcome): string {
  return `${JSON.stringify(toPlain({ outcome, messages: entries }), undefined, 2)}\n`;
}

/** The member of the oneof that is set, its content, and what rides beside it. */
function splitMessage(message: object): { readonly kind: string; readonly rest: object } {
  // The marker of the oneof, which is only in what came.
  const { request: _request, response: _response, ...fields } = message as Record<string, unknown>;
  const isPart = (name: string): boolean =>
    /^(?:request|response)_(?:headers|body|trailers)$|_response$/.test(name);
  const kind = Object.keys(fields).find(isPart);
  if (kind === undefined) return { kind: "a message with nothing in it", rest: fields };
  const { [kind]: content, ...beside } = fields;
  return { kind, rest: { ...(content as object), ...beside } };
}

/** Indented lines for one level of a message; headers and bytes take their short form. */
function describe(value: object, indent: string): readonly string[] {
  return Object.entries(value).flatMap(([name, field]) => describeField(name, field, indent));
}

function describeField(name: string, field: unknown, indent: string): readonly string[] {
  if (Buffer.isBuffer(field)) return describeBytes(name, field, indent);
  const plain = toPlain(field);
  if (isEmpty(plain) || (name === "mutation" && typeof field === "string")) return [];
  if (Array.isArray(field)) return describeList(name, field, indent);
  if (typeof plain !== "object") return [`${indent}${name}: ${plain}`];
  // A wrapper with one thing in it says nothing by itself.
  if (wrappers.has(name)) return describe(field as object, indent);
  const inner = describe((isStruct(field) ? plain : field) as object, `${indent}  `);
  return inner.length === 0 ? [] : [`${indent}${name}`, ...inner];
}

const wrappers = new Set(["response", "headers", "trailers", "header_mutation", "body_mutation"]);

/** What is said before each entry of a list, where its name would say too little or too much. */
const listVerbs: Readonly<Record<string, string>> = {
  headers: "",
  set_headers: "set ",
  remove_headers: "remove ",
};

function describeList(
  name: string,
  entries: readonly unknown[],
  indent: string,
): readonly string[] {
  const verb = listVerbs[name] ?? `${name}: `;
  return entries.map((entry) => `${indent}${verb}${asHeader(entry) ?? toText(toPlain(entry))}`);
}

function toText(plain: unknown): string {
  return typeof plain === "string" ? plain : JSON.stringify(plain);
}

function describeBytes(name: string, bytes: Buffer, indent: string): readonly string[] {
  if (bytes.length === 0) return [`${indent}${name}: 0 bytes`];
  const text = isUtf8(bytes) ? bytes.toString("utf8") : bytes.toString("base64");
  const shown = text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text;
  return [
    `${indent}${name}: ${bytes.length} bytes`,
    ...shown
      .trimEnd()
      .split("\n")
      .map((line) => `${indent}  ${line}`),
  ];
}

/** `name: value` of a header, or of one that a mutation sets. */
function asHeader(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { header, key, value: text, raw_value: raw } = value as Readonly<Record<string, unknown>>;
  if (header !== undefined) return asHeader(header);
  if (typeof key !== "string") return undefined;
  return `${key}: ${Buffer.isBuffer(raw) ? raw.toString("utf8") : (text ?? "")}`;
}

function isStruct(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "fields");
}

function isEmpty(plain: unknown): boolean {
  if (plain === undefined || plain === false || plain === null) return true;
  return typeof plain === "object" && Object.keys(plain).length === 0;
}

/** A message as JSON can say it; google.protobuf.Struct becomes the object it stands for. */
function toPlain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) {
    return isUtf8(value) ? value.toString("utf8") : { base64: value.toString("base64") };
  }
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  const { fields, kind, ...rest } = value as Readonly<Record<string, unknown>>;
  // Only a Struct has `fields`, and only the Values in it name the member that is set by `kind`.
  if (fields !== undefined) return toPlain(fields);
  if (typeof kind === "string" && kind.endsWith("Value")) return toPlain(rest[kind]);
  const [only] = Object.keys(value);
  if (only !== undefined && structValues.has(only)) {
    return toPlain((value as Record<string, unknown>)[only]);
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toPlain(field)]));
}

/** Members of google.protobuf.Value that we send ourselves, without a marker. */
const structValues = new Set(["stringValue", "numberValue", "boolValue"]);

function statusOf(headers: readonly ProbeHeader[]): string {
  return headers.find(([name]) => name === ":status")?.[1] ?? "an answer";
}
