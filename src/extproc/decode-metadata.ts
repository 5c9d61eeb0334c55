import protobuf from "protobufjs/minimal.js";
import type { MetadataFields, ReadMetadata } from "../domain/index.ts";

/** Lists and mappings within each other; claims of tokens are rarely deeper than three. */
const depthMax = 16;
/** Values of one namespace, those inside of others included. */
const valuesMax = 4_096;
/** Bytes of one namespace. A token comes in a header, and headers are bounded too. */
const namespaceBytesMax = 64 * 1024;

/**
 * Reads namespaces of an encoded `envoy.config.core.v3.Metadata` when they are asked for; nothing is
 * decoded before, and nothing of the others ever. `encoded` is kept as long as the function is.
 */
export function createMetadataReader(encoded: Buffer): ReadMetadata {
  return (namespace) => {
    try {
      const struct = findNamespace(encoded, namespace);
      if (struct === undefined) return undefined;
      if (struct.length > namespaceBytesMax) return "unreadable";
      return readStruct(protobuf.Reader.create(struct), { valuesLeft: valuesMax }, depthMax);
    } catch {
      // Bytes that are no such message, or bounds that are passed: what it says is not known.
      return "unreadable";
    }
  };
}

/** Pieces of one message are one after the other, as any of protobuf; an empty one says nothing. */
export function joinMetadata(known: Buffer | undefined, piece: Buffer): Buffer | undefined {
  if (piece.length === 0) return known;
  return known === undefined ? piece : Buffer.concat([known, piece]);
}

/** The struct of the last entry with that key, as in any map of protobuf. */
function findNamespace(encoded: Buffer, namespace: string): Uint8Array | undefined {
  const reader = protobuf.Reader.create(encoded);
  let found: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag !== 10) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    const entry = readEntry(protobuf.Reader.create(reader.bytes()));
    if (entry.key === namespace) found = entry.value ?? noBytes;
  }
  return found;
}

const noBytes = new Uint8Array(0);

interface Entry {
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** One entry of a map whose values are messages. */
function readEntry(reader: protobuf.Reader): Entry {
  let key = "";
  let value: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) key = reader.string();
    else if (tag === 18) value = reader.bytes();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return { key, value };
}

interface Budget {
  valuesLeft: number;
}

/** A `google.protobuf.Struct`. Keys are the issuer's or the caller's, so there is no prototype. */
function readStruct(reader: protobuf.Reader, budget: Budget, depthLeft: number): MetadataFields {
  const fields = Object.create(null) as Record<string, unknown>;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag !== 10) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    const { key, value } = readEntry(protobuf.Reader.create(reader.bytes()));
    fields[key] = value === undefined ? null : readValue(value, budget, depthLeft);
  }
  return fields;
}

function readList(reader: protobuf.Reader, budget: Budget, depthLeft: number): readonly unknown[] {
  const values: unknown[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) values.push(readValue(reader.bytes(), budget, depthLeft));
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return values;
}

/** A `google.protobuf.Value`; null where none of its members is set. The last one written counts. */
function readValue(encoded: Uint8Array, budget: Budget, depthLeft: number): unknown {
  budget.valuesLeft -= 1;
  if (budget.valuesLeft < 0 || depthLeft === 0) throw new RangeError("too much or too deep");
  const reader = protobuf.Reader.create(encoded);
  let value: unknown = null;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        reader.int32();
        value = null;
        break;
      case 17:
        value = reader.double();
        break;
      case 26:
        value = reader.string();
        break;
      case 32:
        value = reader.bool();
        break;
      case 42:
        value = readStruct(protobuf.Reader.create(reader.bytes()), budget, depthLeft - 1);
        break;
      case 50:
        value = readList(protobuf.Reader.create(reader.bytes()), budget, depthLeft - 1);
        break;
      default:
        reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
  return value;
}
