import { Fault } from "../../base/index.ts";
import type { ToolResult } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { soleMember, soleText } from "../members.ts";
import type { TextIndex } from "../text-index.ts";

/**
 * The messages of a request that say what tools gave back: those of role `tool`, by the call whose
 * id they name, and those of the older role `function`, by their own name.
 * @throws Fault json_ambiguous
 */
export function toolResults(
  doc: JsonDocument,
  texts: TextIndex<{ readonly text: string }>,
): readonly ToolResult[] {
  const messages = soleMember(doc, 0, "messages");
  if (messages === undefined) return [];
  const called = new Map<string, string>();
  const results: ToolResult[] = [];
  const after = doc.after(messages);
  for (let message = doc.first(messages); message < after; message = doc.after(message)) {
    noteCalls(doc, message, called);
    const role = soleText(doc, message, "role");
    if (role !== "tool" && role !== "function") continue;
    const name =
      role === "tool"
        ? called.get(soleText(doc, message, "tool_call_id") ?? "")
        : soleText(doc, message, "name");
    results.push({ name, texts: texts.within(doc.start(message), doc.end(message)) });
  }
  return results;
}

/** Ids of the calls of a message, each with the name of its tool. */
function noteCalls(doc: JsonDocument, message: number, called: Map<string, string>): void {
  const list = soleMember(doc, message, "tool_calls");
  if (list === undefined) return;
  for (let call = doc.first(list); call < doc.after(list); call = doc.after(call)) {
    const id = soleText(doc, call, "id");
    const inner = soleMember(doc, call, "function") ?? soleMember(doc, call, "custom") ?? call;
    const name = soleText(doc, inner, "name");
    if (id === undefined || name === undefined) continue;
    const known = called.get(id);
    if (known !== undefined && known !== name) {
      throw new Fault("json_ambiguous", "expected one tool for each id of a call");
    }
    called.set(id, name);
  }
}
