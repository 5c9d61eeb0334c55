import protobuf from "protobufjs/minimal.js";
import { Fault, type Limits } from "../base/index.ts";
import type { HeaderField } from "../domain/index.ts";
import type { ExchangeEvent } from "../exchange/index.ts";
import { type AttributeValue, readAttributes } from "./decode-attributes.ts";
import { createMetadataReader, joinMetadata } from "./decode-metadata.ts";
import { enter } from "./enter-message.ts";
import { envoy } from "./gen/messages.js";

const { ProtocolConfiguration } = envoy.service.ext_proc.v3;

const noBytes: Buffer = Buffer.alloc(0);
const noHeaders: HeaderField[] = [];
const noAttributes: ReadonlyMap<string, string | number | boolean> = new Map();

/** An event that a message can carry; the others are notices of the transport's own. */
export type AskedEvent = Exclude<
  ExchangeEvent,
  { readonly kind: "peer_ended" | "peer_reset" | "drained" | "audit_failed" }
>;

/** Announced with the first message of a stream. */
export type ProtocolConfig = envoy.service.ext_proc.v3.ProtocolConfiguration.$Properties;

/** What one ProcessingRequest says. */
export interface DecodedRequest {
  /** Undefined for housekeeping, which asks for no answer. */
  readonly event: AskedEvent | undefined;
  readonly protocolConfig: ProtocolConfig | undefined;
  readonly isObservability: boolean;
}

/** The wire is read in one pass, straight into the event: no intermediate object per header. */
interface Draft {
  kind: Kind | undefined;
  headers: HeaderField[];
  headersSeen: number;
  headerBytes: number;
  /** The header block as one text, where each byte is one character of it; else undefined. */
  blockText: string | undefined;
  blockStart: number;
  bytes: Buffer;
  endOfStream: boolean;
  attributes: Map<string, AttributeValue> | undefined;
  /** Encoded, and left so until somebody asks; undefined where the proxy forwards none. */
  metadata: Buffer | undefined;
  protocolConfig: ProtocolConfig | undefined;
  isObservability: boolean;
}

type Kind = Exclude<AskedEvent["kind"], "malformed">;

/**
 * Decodes one message by the definitions in `proto/`. Headers beyond the limits become a
 * `malformed` event. Throws a `Fault` (`message_malformed`) when the bytes are no such message.
 * Bodies are views of `message`, header texts may be slices of their block: who keeps one longer
 * than its exchange keeps them all. Fields that nothing here reads are skipped, known or not.
 */
export function decodeRequest(message: Buffer, limits: Limits): DecodedRequest {
  const draft: Draft = {
    kind: undefined,
    headers: noHeaders,
    headersSeen: 0,
    headerBytes: 0,
    blockText: undefined,
    blockStart: 0,
    bytes: noBytes,
    endOfStream: false,
    attributes: undefined,
    metadata: undefined,
    protocolConfig: undefined,
    isObservability: false,
  };
  try {
    readRequest(protobuf.Reader.create(message), draft, limits);
  } catch (cause) {
    throw new Fault("message_malformed", "expected a ProcessingRequest", { cause });
  }
  const { protocolConfig, isObservability } = draft;
  return { event: toEvent(draft, limits), protocolConfig, isObservability };
}

/** Tags are field number times eight plus wire type, as in external_processor.proto. */
function readRequest(reader: protobuf.Reader, draft: Draft, limits: Limits): void {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    switch (tag) {
      case 18:
        readHttpHeaders(reader, begin(draft, "request_headers"), limits);
        break;
      case 26:
        readHttpHeaders(reader, begin(draft, "response_headers"), limits);
        break;
      case 34:
        readHttpBody(reader, begin(draft, "request_body"));
        break;
      case 42:
        readHttpBody(reader, begin(draft, "response_body"));
        break;
      case 50:
        readHttpHeaders(reader, begin(draft, "request_trailers"), limits);
        break;
      case 58:
        readHttpHeaders(reader, begin(draft, "response_trailers"), limits);
        break;
      case 66:
        // It comes with every message, and counts with the request's headers only.
        if (draft.kind !== undefined && draft.kind !== "request_headers") {
          reader.skip(reader.size());
        } else {
          draft.metadata = joinMetadata(draft.metadata, reader.bytes() as Buffer);
        }
        break;
      case 74:
        draft.attributes ??= new Map();
        readAttributes(reader, draft.attributes);
        break;
      case 80:
        draft.isObservability = reader.bool();
        break;
      case 90:
        draft.protocolConfig = ProtocolConfiguration.decode(reader, reader.size());
        break;
      default:
        reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
}

/** Of a oneof the last member written counts; what came of another is gone. */
function begin(draft: Draft, kind: Kind): Draft {
  if (draft.kind === kind) return draft;
  draft.kind = kind;
  draft.headers = [];
  draft.headersSeen = 0;
  draft.headerBytes = 0;
  draft.bytes = noBytes;
  draft.endOfStream = false;
  return draft;
}

function readHttpHeaders(reader: protobuf.Reader, draft: Draft, limits: Limits): void {
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) readHeaderMap(reader, draft, limits);
    else if (tag === 24) draft.endOfStream = reader.bool();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
}

function readHeaderMap(reader: protobuf.Reader, draft: Draft, limits: Limits): void {
  const outer = enter(reader);
  decodeBlock(reader, draft, limits);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag !== 10) {
      reader.skipType(tag & 7, 0, tag >>> 3);
      continue;
    }
    draft.headersSeen += 1;
    if (draft.headersSeen > limits.headersMax) reader.skip(reader.size());
    else readHeader(reader, draft);
  }
  reader.len = outer;
}

/**
 * Decodes a whole header block at once: names and values are then slices of it, which costs less
 * than half of decoding each. No byte sequence decodes to more characters than it has bytes, so
 * equal lengths mean that every byte is one character and the bytes' offsets are the text's.
 */
function decodeBlock(reader: protobuf.Reader, draft: Draft, limits: Limits): void {
  const { buf, pos, len } = reader;
  draft.blockText = undefined;
  if (len - pos > limits.headerBytesMax) return;
  const text = (buf as Buffer).toString(undefined, pos, len);
  if (text.length !== len - pos) return;
  draft.blockText = text;
  draft.blockStart = pos;
}

/** Envoy fills `raw_value` alone, agentgateway puts pseudo-headers into `value`. */
function readHeader(reader: protobuf.Reader, draft: Draft): void {
  const outer = enter(reader);
  let name = "";
  let value = "";
  let rawValue = "";
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) name = readText(reader, draft);
    else if (tag === 26) rawValue = readText(reader, draft);
    else if (tag === 18) value = readText(reader, draft);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
  draft.headers.push({ name: name.toLowerCase(), value: rawValue === "" ? value : rawValue });
}

/** UTF-8 with replacement: header values may be any bytes (RFC 9110, 5.5). */
function readText(reader: protobuf.Reader, draft: Draft): string {
  const bytes = reader.size();
  const start = reader.pos;
  reader.skip(bytes);
  draft.headerBytes += bytes;
  const { blockText, blockStart } = draft;
  if (blockText === undefined) {
    return (reader.buf as Buffer).toString(undefined, start, start + bytes);
  }
  return blockText.slice(start - blockStart, start - blockStart + bytes);
}

function readHttpBody(reader: protobuf.Reader, draft: Draft): void {
  const outer = enter(reader);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) draft.bytes = reader.bytes() as Buffer;
    else if (tag === 16) draft.endOfStream = reader.bool();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
}

function toEvent(draft: Draft, limits: Limits): AskedEvent | undefined {
  const { kind, bytes, endOfStream } = draft;
  switch (kind) {
    case undefined:
      return undefined;
    case "request_headers":
    case "response_headers":
      return toHeadersEvent(kind, draft, limits);
    case "request_body":
    case "response_body":
      return { kind, bytes, endOfStream };
    case "request_trailers":
    case "response_trailers":
      return toTrailersEvent(kind, draft, limits);
  }
}

function toTrailersEvent(
  kind: "request_trailers" | "response_trailers",
  draft: Draft,
  limits: Limits,
): AskedEvent {
  const { headers } = draft;
  if (headers.length === 0) return { kind };
  return findTooLarge(draft, limits) ?? { kind, headers };
}

function toHeadersEvent(
  kind: "request_headers" | "response_headers",
  draft: Draft,
  limits: Limits,
): AskedEvent {
  const { headers, endOfStream } = draft;
  const refused = findTooLarge(draft, limits);
  if (refused !== undefined) return refused;
  const { attributes = noAttributes, metadata } = draft;
  if (metadata === undefined || kind !== "request_headers") {
    return { kind, headers, endOfStream, attributes };
  }
  return {
    kind,
    headers,
    endOfStream,
    attributes,
    metadata: createMetadataReader(metadata),
  };
}

function findTooLarge(draft: Draft, limits: Limits): AskedEvent | undefined {
  const { headersSeen, headerBytes } = draft;
  if (headersSeen > limits.headersMax) {
    return tooLarge(`expected at most ${limits.headersMax} headers, found ${headersSeen}`);
  }
  if (headerBytes > limits.headerBytesMax) {
    return tooLarge(`expected at most ${limits.headerBytesMax} bytes, found ${headerBytes}`);
  }
  return undefined;
}

function tooLarge(found: string): AskedEvent {
  return { kind: "malformed", fault: new Fault("headers_too_large", found) };
}
