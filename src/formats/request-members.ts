import { Fault } from "../base/index.ts";
import { type JsonDocument, jsonKinds } from "./json-document.ts";
import { soleMember } from "./members.ts";

/** More numeric and boolean members than any provider's request has. */
const paramsMax = 64;
/** Names of providers' parameters; other names may be data of the caller and are left out. */
const paramName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** What both formats say at the top of a request. */
export interface RequestMembers {
  readonly modelNode: number | undefined;
  readonly model: string | undefined;
  readonly isStreaming: boolean;
  readonly params: Readonly<Record<string, number | boolean>>;
}

/**
 * Reads the top-level members that steer a request. `stream` may be null, which means false.
 * @throws Fault json_ambiguous, json_invalid, json_too_many_keys
 */
export function readRequestMembers(doc: JsonDocument): RequestMembers {
  if (!doc.isObject(0)) throw invalid("an object as the request");
  const messages = soleMember(doc, 0, "messages");
  if (messages === undefined || !doc.isArray(messages)) throw invalid('an array as "messages"');
  soleMember(doc, 0, "system");
  const modelNode = soleMember(doc, 0, "model");
  const model = modelNode === undefined ? undefined : doc.textIfString(modelNode);
  if (modelNode !== undefined && model === undefined) throw invalid('a string as "model"');
  return { modelNode, model, isStreaming: readStream(doc), params: readParams(doc) };
}

/** The largest of these parameters, undefined where none is a number. */
export function largestParam(
  params: Readonly<Record<string, number | boolean>>,
  names: readonly string[],
): number | undefined {
  const values = names.map((name) => params[name]).filter((value) => typeof value === "number");
  return values.length === 0 ? undefined : Math.max(...values);
}

function readStream(doc: JsonDocument): boolean {
  const node = soleMember(doc, 0, "stream");
  if (node === undefined || doc.kind(node) === jsonKinds.null) return false;
  const value = booleanOf(doc, node);
  if (value === undefined) throw invalid('a boolean as "stream"');
  return value;
}

function readParams(doc: JsonDocument): Readonly<Record<string, number | boolean>> {
  // Names are the caller's, so the object must not inherit any.
  const params = Object.create(null) as Record<string, number | boolean>;
  let count = 0;
  const after = doc.after(0);
  for (let member = doc.first(0); member < after; member = doc.after(member)) {
    const value = doc.numberIfNumber(member) ?? booleanOf(doc, member);
    if (value === undefined) continue;
    const name = doc.name(member);
    if (!paramName.test(name)) continue;
    count += 1;
    if (count > paramsMax) {
      throw new Fault("json_too_many_keys", `expected at most ${paramsMax} parameters`);
    }
    if (value === Infinity || value === -Infinity) throw invalid(`a smaller number as "${name}"`);
    params[name] = value;
  }
  return params;
}

function booleanOf(doc: JsonDocument, node: number): boolean | undefined {
  const kind = doc.kind(node);
  if (kind === jsonKinds.true) return true;
  return kind === jsonKinds.false ? false : undefined;
}

function invalid(expected: string): Fault {
  return new Fault("json_invalid", `expected ${expected}`);
}
