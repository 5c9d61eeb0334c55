import { Fault, type Limits } from "../../base/index.ts";
import type { ToolCallPiece } from "../../domain/index.ts";
import type { AnswerStreamDecoder } from "../format.ts";
import { type JsonDocument, jsonKinds } from "../json-document.ts";
import { lastMember, lastText, soleMember } from "../members.ts";
import { Copies, type PieceReader, requireSole } from "../piece-reader.ts";
import { type Rule, shaped, shapeOf, text } from "../shape.ts";
import { type EventFacts, type EventReader, SseAnswerDecoder } from "../stream-decoder.ts";
import { UnknownEvents } from "../unknown-events.ts";
import { ChannelTracker } from "./channels.ts";
import { answerMessageShape, answerRootShape, choiceMembers } from "./shapes.ts";
import { callsOf } from "./tool-calls.ts";
import { readUsage } from "./usage.ts";
import { openaiChatVocabulary } from "./vocabulary.ts";

/** What a choice adds to the texts of its message. Some servers send a message, or plain text. */
const continued: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["delta", shaped(answerMessageShape, { segment: "" })],
  ["message", shaped(answerMessageShape, { segment: "" })],
  ["text", text],
]);
const choiceShape = shapeOf(choiceMembers);
const chunkShape = answerRootShape(choiceShape);

/** Choices of one stream; `n` is at most 128 where it is documented. */
const choicesMax = 1024;

/** Reads `chat.completion.chunk` events up to `[DONE]`. */
export function openAnswerStream(limits: Limits, readsCalls = false): AnswerStreamDecoder {
  return new SseAnswerDecoder(limits, new ChunkReader(readsCalls));
}

class ChunkReader implements EventReader {
  readonly vocabulary = openaiChatVocabulary;
  readonly terminator = "[DONE]";
  /** By the key of the choice. */
  readonly #choices = new Map<string, ChannelTracker>();
  readonly #unknown = new UnknownEvents();
  readonly #readsCalls: boolean;

  constructor(readsCalls: boolean) {
    this.#readsCalls = readsCalls;
  }

  read(doc: JsonDocument, pieces: PieceReader, name: string): EventFacts {
    const ends: string[] = [];
    if (!isChunk(doc)) {
      const kind = lastText(doc, 0, "type") ?? name;
      pieces.read(0, this.#unknown.keyOf(kind, ends), chunkShape);
      return { ends, usage: readUsage(doc) };
    }
    this.#unknown.interrupt(ends);
    const copies = new Copies();
    let finishReason: string | undefined;
    const after = doc.after(0);
    for (let member = doc.first(0); member < after; member = doc.after(member)) {
      const memberName = doc.name(member);
      const copy = copies.next(memberName);
      if (memberName === "choices" && doc.isArray(member)) {
        requireSole(copy, doc.start(member));
        finishReason = this.#readChoices(pieces, member, ends) ?? finishReason;
      } else {
        pieces.readMember(member, null, chunkShape.members.get(memberName), copy);
      }
    }
    const calls = this.#readsCalls ? readCalls(pieces) : undefined;
    return { ends, usage: readUsage(doc), finishReason, calls };
  }

  #readChoices(pieces: PieceReader, choices: number, ends: string[]): string | undefined {
    const { doc } = pieces;
    let finishReason: string | undefined;
    const after = doc.after(choices);
    for (let choice = doc.first(choices); choice < after; choice = doc.after(choice)) {
      const key = String(choiceIndex(doc, choice));
      finishReason ??= this.#readChoice(pieces, choice, key, ends);
    }
    return finishReason;
  }

  /** Reads one choice and returns why it ended, if it did. */
  #readChoice(
    pieces: PieceReader,
    choice: number,
    key: string,
    ends: string[],
  ): string | undefined {
    const { doc, texts } = pieces;
    if (!doc.isObject(choice)) {
      pieces.read(choice, null, undefined);
      return undefined;
    }
    const first = texts.items.length;
    const mirrors: number[] = [];
    const copies = new Copies();
    let finishReason: string | undefined;
    const after = doc.after(choice);
    for (let member = doc.first(choice); member < after; member = doc.after(member)) {
      const name = doc.name(member);
      const copy = copies.next(name);
      const rule = continued.get(name);
      const own = choiceShape.members.get(name);
      if (name === "finish_reason") finishReason = doc.textIfString(member) || finishReason;
      if (own?.kind === "mirror") mirrors.push(member);
      else if (rule === undefined) pieces.readMember(member, null, own, copy);
      else pieces.readMember(member, memberKey(doc, member, key, copy), rule, 0);
    }
    const tracker = this.#trackerOf(key);
    tracker.follow(texts.items, first, ends);
    const last = texts.items.length;
    for (const node of mirrors) {
      if (doc.kind(node) !== jsonKinds.null)
        pieces.readMirror(node, { key: tracker.mirrorKey(), first, after: last });
    }
    if (finishReason !== undefined) ends.push(`${key}/`);
    return finishReason;
  }

  #trackerOf(key: string): ChannelTracker {
    let tracker = this.#choices.get(key);
    if (tracker === undefined) {
      if (this.#choices.size >= choicesMax) {
        throw new Fault("json_too_many_keys", `expected at most ${choicesMax} choices in a stream`);
      }
      tracker = new ChannelTracker(key);
      this.#choices.set(key, tracker);
    }
    return tracker;
  }
}

/** True for an event of this format; others may come from servers that mix formats. */
function isChunk(doc: JsonDocument): boolean {
  return lastMember(doc, 0, "choices") !== undefined || lastMember(doc, 0, "error") !== undefined;
}

/** Deltas that are no object are kept apart from what the delta adds to. */
function memberKey(doc: JsonDocument, member: number, key: string, copy: number): string {
  requireSole(copy, doc.start(member));
  return doc.isObject(member) || doc.name(member) === "text" ? key : `${key}/${doc.name(member)}`;
}

/** What a chunk adds to the calls of its choices. */
function readCalls({ doc, texts }: PieceReader): readonly ToolCallPiece[] | undefined {
  const choices = lastMember(doc, 0, "choices");
  if (choices === undefined) return undefined;
  let calls: ToolCallPiece[] | undefined;
  for (let choice = doc.first(choices); choice < doc.after(choices); choice = doc.after(choice)) {
    for (const name of continued.keys()) {
      const message = soleMember(doc, choice, name);
      if (message === undefined || !doc.isObject(message)) continue;
      for (const call of callsOf(doc, message, texts)) {
        calls ??= [];
        calls.push({ ...call, key: `${choiceIndex(doc, choice)}/${call.key}` });
      }
    }
  }
  return calls;
}

function choiceIndex(doc: JsonDocument, choice: number): number {
  const member = soleMember(doc, choice, "index");
  return (member === undefined ? undefined : doc.numberIfNumber(member)) ?? 0;
}
