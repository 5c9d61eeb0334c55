import type { Limits } from "../../base/index.ts";
import type { ToolCallPiece } from "../../domain/index.ts";
import type { AnswerStreamDecoder } from "../format.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastMember, lastText, soleMember, soleText } from "../members.ts";
import { Copies, type PieceReader, requireSole } from "../piece-reader.ts";
import {
  count,
  fixed,
  opaque,
  type Rule,
  type Shape,
  shaped,
  shapeOf,
  structure,
  text,
  typedShape,
} from "../shape.ts";
import { type EventFacts, type EventReader, SseAnswerDecoder } from "../stream-decoder.ts";
import { UnknownEvents } from "../unknown-events.ts";
import { answerBlockShape, answerShape, citationShape } from "./shapes.ts";
import { callOf, callsIn } from "./tool-calls.ts";
import { TokenCounts } from "./usage.ts";
import { anthropicMessagesVocabulary } from "./vocabulary.ts";

/**
 * A signature comes after the text it signs, when that has left: what may be signed is fixed.
 */
const signedText: Rule = { kind: "text", segment: "", isFixed: true };

const partialJson: Rule = { kind: "text", segment: "", isJson: true };

const compactionDeltaShape = deltaOf({
  content: signedText,
  tool_changes: { ...signedText, segment: "tool_changes" },
  signature: opaque,
  encrypted_content: opaque,
});

/** The member of a delta that continues a text, or is ciphertext, by the delta's type. */
const deltaShapes: ReadonlyMap<string, Shape> = new Map([
  ["text_delta", deltaOf({ text: { kind: "text", segment: "" } })],
  ["thinking_delta", deltaOf({ thinking: signedText })],
  ["input_json_delta", deltaOf({ partial_json: partialJson })],
  ["compaction_delta", compactionDeltaShape],
  ["signature_delta", deltaOf({ signature: opaque })],
  ["citations_delta", deltaOf({ citation: shaped(citationShape, { segment: null }) })],
]);
const unknownDeltaShape = deltaOf({});

/** What a block begins with is continued by its deltas; all else in it comes whole. */
function startedText(name: string, type: string | undefined): StartedText | undefined {
  if (name === "text") return { delta: "text_delta", rule: text };
  if (name === "thinking") return { delta: "thinking_delta", rule: fixed };
  const isCompaction = name === "content" && type === "compaction";
  return isCompaction ? { delta: "compaction_delta", rule: fixed } : undefined;
}

interface StartedText {
  readonly delta: string;
  readonly rule: Rule;
}

/** The events of section "Streaming messages"; others may appear at any time. */
const knownEvents: ReadonlySet<string> = new Set([
  ...["message_start", "message_delta", "message_stop"],
  ...["content_block_start", "content_block_delta", "content_block_stop"],
  ...["ping", "error"],
]);

const eventShape = shapeOf({
  type: structure,
  index: count,
  usage: count,
  request_id: opaque,
  message: shaped(answerShape),
  delta: shaped(
    shapeOf({
      stop_reason: structure,
      stop_details: shaped(shapeOf({ type: structure, category: structure })),
    }),
  ),
  error: shaped(typedShape),
});

/** Reads the events from `message_start` to `message_stop`. */
export function openAnswerStream(limits: Limits, readsCalls = false): AnswerStreamDecoder {
  return new SseAnswerDecoder(limits, new MessageEventReader(readsCalls));
}

/** Every event says where it belongs; only counts, and kinds nobody knows, are kept in mind. */
class MessageEventReader implements EventReader {
  readonly vocabulary = anthropicMessagesVocabulary;
  readonly #counts = new TokenCounts();
  readonly #unknown = new UnknownEvents();
  readonly #readsCalls: boolean;

  constructor(readsCalls: boolean) {
    this.#readsCalls = readsCalls;
  }

  read(doc: JsonDocument, pieces: PieceReader, name: string): EventFacts {
    const type = soleText(doc, 0, "type") ?? name;
    const ends: string[] = [];
    if (!knownEvents.has(type) || !doc.isObject(0)) {
      pieces.read(0, this.#unknown.keyOf(type, ends), eventShape);
      return { ends };
    }
    this.#unknown.interrupt(ends);
    const index = blockIndex(doc);
    readTexts(pieces, type, index);
    switch (type) {
      case "content_block_stop":
        return { ends: [...ends, `${index}/`] };
      case "message_stop":
        return { ends: [""] };
      case "message_start":
        return this.#readStart(pieces, ends);
      case "message_delta":
        return { ends, usage: this.#counts.read(doc, 0), finishReason: stopReason(doc) };
      default:
        return { ends, calls: this.#readsCalls ? readCall(pieces, index) : undefined };
    }
  }

  /** A message begins without content, though some servers may say all of it at once. */
  #readStart({ doc, texts }: PieceReader, ends: readonly string[]): EventFacts {
    const message = lastMember(doc, 0, "message") ?? 0;
    const calls = this.#readsCalls
      ? callsIn(doc, message, texts).map((call, index) => ({ ...call, key: `${index}/begun` }))
      : undefined;
    return { ends, usage: this.#counts.read(doc, message), calls };
  }
}

/** What the start of a block or its delta adds to the call that the block is. */
function readCall(
  { doc, texts }: PieceReader,
  index: number,
): readonly ToolCallPiece[] | undefined {
  const key = `${index}/call`;
  const block = soleMember(doc, 0, "content_block");
  const call = block === undefined ? undefined : callOf(doc, block, texts);
  // A block begins with an empty object where its deltas bring the arguments.
  if (call !== undefined) {
    return [{ ...call, key, args: /^\{\s*\}$/.test(call.args) ? "" : call.args }];
  }
  const delta = soleMember(doc, 0, "delta");
  const more = delta === undefined ? undefined : soleMember(doc, delta, "partial_json");
  const args = more === undefined ? undefined : doc.textIfString(more);
  if (more === undefined || args === undefined) return undefined;
  return [{ key, args, texts: texts.within(doc.start(more), doc.end(more)) }];
}

function readTexts(pieces: PieceReader, type: string, index: number): void {
  const { doc } = pieces;
  const isDelta = type === "content_block_delta";
  const isStart = type === "content_block_start";
  const copies = new Copies();
  const after = doc.after(0);
  for (let member = doc.first(0); member < after; member = doc.after(member)) {
    const name = doc.name(member);
    const copy = copies.next(name);
    if (isDelta && name === "delta") readDelta(pieces, member, index, copy);
    else if (isStart && name === "content_block") readStart(pieces, member, index, copy);
    else pieces.readMember(member, null, eventShape.members.get(name), copy);
  }
}

function readDelta(pieces: PieceReader, delta: number, index: number, copy: number): void {
  const type = soleText(pieces.doc, delta, "type") ?? "delta";
  const shape = deltaShapes.get(type) ?? unknownDeltaShape;
  requireSole(copy, pieces.doc.start(delta));
  pieces.read(delta, blockKey(index, type), shape);
}

function readStart(pieces: PieceReader, block: number, index: number, copy: number): void {
  const { doc } = pieces;
  if (!doc.isObject(block)) {
    pieces.read(block, null, undefined);
    return;
  }
  const shape = answerBlockShape.refine?.(doc, block) ?? answerBlockShape;
  const type = soleText(doc, block, "type");
  const copies = new Copies();
  const after = doc.after(block);
  for (let member = doc.first(block); member < after; member = doc.after(member)) {
    const name = doc.name(member);
    const nameCopy = copies.next(name);
    const own = startedText(name, type);
    if (own === undefined) pieces.readMember(member, null, shape.members.get(name), nameCopy);
    else {
      requireSole(copy + nameCopy, doc.start(member));
      pieces.readText(member, blockKey(index, own.delta), own.rule);
    }
  }
}

function blockKey(index: number, type: string): string {
  return `${index}/${type}`;
}

function blockIndex(doc: JsonDocument): number {
  const member = soleMember(doc, 0, "index");
  return (member === undefined ? undefined : doc.numberIfNumber(member)) ?? 0;
}

function stopReason(doc: JsonDocument): string | undefined {
  const delta = lastMember(doc, 0, "delta");
  return delta === undefined ? undefined : lastText(doc, delta, "stop_reason");
}

function deltaOf(members: Readonly<Record<string, Rule>>): Shape {
  return shapeOf({ type: structure, ...members });
}
