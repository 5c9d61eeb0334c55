import { Fault } from "../../base/index.ts";
import type { ToolResult } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { soleMember, soleText } from "../members.ts";
import type { TextIndex } from "../text-index.ts";
import { nameOf } from "./tool-calls.ts";

/**
 * The content blocks of a request that say what tools gave back, by the call whose id they name;
 * tools that the provider runs by itself included.
 * @throws Fault json_ambiguous
 */
export function toolResults(
  doc: JsonDocument,
  texts: TextIndex<{ readonly text: string }>,
): readonly ToolResult[] {
  const called = new Map<string, string>();
  const results: ToolResult[] = [];
  for (const block of blocksOf(doc)) {
    const type = soleText(doc, block, "type") ?? "";
    if (type.endsWith("tool_use")) noteCall(doc, block, called);
    if (!type.endsWith("tool_result")) continue;
    const name = called.get(soleText(doc, block, "tool_use_id") ?? "");
    results.push({ name, texts: texts.within(doc.start(block), doc.end(block)) });
  }
  return results;
}

/** The content blocks of all messages, in order. */
function* blocksOf(doc: JsonDocument): Iterable<number> {
  const messages = soleMember(doc, 0, "messages");
  if (messages === undefined) return;
  const after = doc.after(messages);
  for (let message = doc.first(messages); message < after; message = doc.after(message)) {
    const content = soleMember(doc, message, "content");
    if (content === undefined) continue;
    for (let block = doc.first(content); block < doc.after(content); block = doc.after(block)) {
      yield block;
    }
  }
}

function noteCall(doc: JsonDocument, block: number, called: Map<string, string>): void {
  const id = soleText(doc, block, "id");
  if (id === undefined) return;
  const name = nameOf(doc, block);
  const known = called.get(id);
  if (known !== undefined && known !== name) {
    throw new Fault("json_ambiguous", "expected one tool for each id of a call");
  }
  called.set(id, name);
}
