import type protobuf from "protobufjs/minimal.js";
import { enter } from "./enter-message.ts";

/** What an attribute of the proxy can be; anything else among them says nothing here. */
export type AttributeValue = string | number | boolean;

/**
 * One entry of the map, of which only the struct is read: the key names the filter, or what a proxy
 * calls the filter. Values that are neither text nor number nor boolean say nothing here.
 */
export function readAttributes(
  reader: protobuf.Reader,
  attributes: Map<string, AttributeValue>,
): void {
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag !== 18) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    readStruct(reader, attributes);
  }
  reader.len = outer;
}

function readStruct(reader: protobuf.Reader, attributes: Map<string, AttributeValue>): void {
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) readField(reader, attributes);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
}

function readField(reader: protobuf.Reader, attributes: Map<string, AttributeValue>): void {
  const outer = enter(reader);
  let name = "";
  let value: AttributeValue | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) name = reader.string();
    else if (tag === 18) value = readValue(reader);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
  if (value === undefined) attributes.delete(name);
  else attributes.set(name, value);
}

/** The last member of the oneof counts; one that is no scalar takes back those before it. */
function readValue(reader: protobuf.Reader): AttributeValue | undefined {
  const outer = enter(reader);
  let value: AttributeValue | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 17) value = reader.double();
    else if (tag === 26) value = reader.string();
    else if (tag === 32) value = reader.bool();
    else {
      if (tag === 8 || tag === 42 || tag === 50) value = undefined;
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
  reader.len = outer;
  return value;
}
