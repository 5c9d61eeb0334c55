import type { ToolCall } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { soleMember, soleText } from "../members.ts";

/**
 * The call that a content block is, whoever carries it out: the client, or the provider by itself.
 * Undefined for every other block.
 * @throws Fault json_ambiguous
 */
export function callOf(doc: JsonDocument, block: number): ToolCall | undefined {
  if (soleText(doc, block, "type")?.endsWith("tool_use") !== true) return undefined;
  const name = soleText(doc, block, "name") ?? "unnamed";
  const server = soleText(doc, block, "server_name");
  const input = soleMember(doc, block, "input");
  return {
    name: server === undefined ? name : `${server}/${name}`,
    args: input === undefined ? "" : doc.bytes.toString("utf8", doc.start(input), doc.end(input)),
  };
}

/**
 * The calls among the content blocks of a message.
 * @throws Fault json_ambiguous
 */
export function callsIn(doc: JsonDocument, message: number): readonly ToolCall[] {
  const content = soleMember(doc, message, "content");
  if (content === undefined) return [];
  const calls: ToolCall[] = [];
  for (let block = doc.first(content); block < doc.after(content); block = doc.after(block)) {
    const call = callOf(doc, block);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}
