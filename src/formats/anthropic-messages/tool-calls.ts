import type { ToolCall } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { soleMember, soleText } from "../members.ts";
import { noTexts, type TextIndex } from "../text-index.ts";

/** The texts of the same document. */
type Texts = Pick<TextIndex<{ readonly text: string }>, "within">;

/**
 * The call that a content block is, whoever carries it out: the client, or the provider by itself.
 * Undefined for every other block.
 * @throws Fault json_ambiguous
 */
export function callOf(doc: JsonDocument, block: number, texts: Texts): ToolCall | undefined {
  if (soleText(doc, block, "type")?.endsWith("tool_use") !== true) return undefined;
  const input = soleMember(doc, block, "input");
  return {
    name: nameOf(doc, block),
    args: input === undefined ? "" : doc.bytes.toString("utf8", doc.start(input), doc.end(input)),
    texts: input === undefined ? noTexts : texts.within(doc.start(input), doc.end(input)),
  };
}

/** The name of the tool that a block calls, behind its server where it names one. */
export function nameOf(doc: JsonDocument, block: number): string {
  const name = soleText(doc, block, "name") ?? "unnamed";
  const server = soleText(doc, block, "server_name");
  return server === undefined ? name : `${server}/${name}`;
}

/**
 * The calls among the content blocks of a message.
 * @throws Fault json_ambiguous
 */
export function callsIn(doc: JsonDocument, message: number, texts: Texts): readonly ToolCall[] {
  const content = soleMember(doc, message, "content");
  if (content === undefined) return [];
  const calls: ToolCall[] = [];
  for (let block = doc.first(content); block < doc.after(content); block = doc.after(block)) {
    const call = callOf(doc, block, texts);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}
