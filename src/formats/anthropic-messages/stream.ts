import type { Limits } from "../../base/index.ts";
import type { AnswerStreamDecoder } from "../format.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastMember, lastText, soleMember, soleText } from "../members.ts";
import { Copies, type PieceReader } from "../piece-reader.ts";
import { type Rule, type Shape, shaped, shapeOf, structure, typedShape } from "../shape.ts";
import { type EventFacts, type EventReader, SseAnswerDecoder } from "../stream-decoder.ts";
import { answerBlockShape, answerShape, citationShape } from "./shapes.ts";
import { readUsage } from "./usage.ts";
import { anthropicMessagesVocabulary } from "./vocabulary.ts";

const compactionDeltaShape = deltaOf({
  content: { kind: "text", segment: "" },
  signature: structure,
  encrypted_content: structure,
});

/** The member of a delta that continues a text, or is ciphertext, by the delta's type. */
const deltaShapes: ReadonlyMap<string, Shape> = new Map([
  ["text_delta", deltaOf({ text: { kind: "text", segment: "" } })],
  ["thinking_delta", deltaOf({ thinking: { kind: "text", segment: "" } })],
  ["input_json_delta", deltaOf({ partial_json: { kind: "text", segment: "" } })],
  ["compaction_delta", compactionDeltaShape],
  ["signature_delta", deltaOf({ signature: structure })],
  ["citations_delta", deltaOf({ citation: shaped(citationShape, { segment: null }) })],
]);
const unknownDeltaShape = deltaOf({});

/** What a block begins with is continued by its deltas; all else in it comes whole. */
const startedTexts: ReadonlyMap<string, string> = new Map([
  ["text", "text_delta"],
  ["thinking", "thinking_delta"],
]);

const eventShape = shapeOf({
  type: structure,
  request_id: structure,
  message: shaped(answerShape),
  delta: shaped(shapeOf({ stop_reason: structure, stop_details: shaped(typedShape) })),
  error: shaped(typedShape),
});

/** Reads the events from `message_start` to `message_stop`. */
export function openAnswerStream(limits: Limits): AnswerStreamDecoder {
  return new SseAnswerDecoder(limits, messageEventReader);
}

/** Every event says where it belongs, so nothing is kept between them. */
const messageEventReader: EventReader = {
  vocabulary: anthropicMessagesVocabulary,
  read(doc, pieces, name): EventFacts {
    const type = soleText(doc, 0, "type") ?? name;
    const index = blockIndex(doc);
    readTexts(pieces, type, index);
    switch (type) {
      case "content_block_stop":
        return { ends: [`${index}/`] };
      case "message_stop":
        return { ends: [""] };
      case "message_start":
        return { ends: [], usage: readUsage(doc, lastMember(doc, 0, "message") ?? 0) };
      case "message_delta":
        return { ends: [], usage: readUsage(doc, 0), finishReason: stopReason(doc) };
      default:
        return { ends: [] };
    }
  },
};

function readTexts(pieces: PieceReader, type: string, index: number): void {
  const { doc } = pieces;
  if (!doc.isObject(0)) {
    pieces.read(0, null, undefined);
    return;
  }
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
  pieces.read(delta, blockKey(index, type, copy), shape);
}

function readStart(pieces: PieceReader, block: number, index: number, copy: number): void {
  const { doc } = pieces;
  if (!doc.isObject(block)) {
    pieces.read(block, null, undefined);
    return;
  }
  const shape = answerBlockShape.refine?.(doc, block) ?? answerBlockShape;
  const copies = new Copies();
  const after = doc.after(block);
  for (let member = doc.first(block); member < after; member = doc.after(member)) {
    const name = doc.name(member);
    const nameCopy = copies.next(name);
    const delta = startedTexts.get(name);
    if (delta === undefined) pieces.readMember(member, null, shape.members.get(name), nameCopy);
    else pieces.read(member, blockKey(index, delta, copy + nameCopy), undefined);
  }
}

function blockKey(index: number, type: string, copy: number): string {
  const key = `${index}/${type}`;
  return copy === 0 ? key : `${key}#${copy}`;
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
