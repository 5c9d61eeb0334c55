import { requestParams } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastMember, lastText, soleMember, soleText } from "../members.ts";
import { insertion, prependItem, prependToContent } from "../prepend.ts";
import type { OfferedNode, RequestLayout } from "../request-changes.ts";
import type { Splice } from "../splice.ts";

const toolLists = ["tools", "functions"];
const besideTools = ["tool_choice", "parallel_tool_calls", "function_call"];

/** Where a chat completions request can be changed. */
export function layoutOf(doc: JsonDocument): RequestLayout {
  return {
    fieldsOf: (param) => requestParams[param]?.openaiChat,
    addedField,
    tools: offeredTools(doc),
    toolLists,
    besideTools,
    storeMember: "store",
    prepend: (text) => prepend(doc, text),
    mayAdd: true,
  };
}

/**
 * OpenAI's newer models refuse `max_tokens`, and servers that only speak alike may not know the
 * field that took its place: a cap they overlook would be none.
 */
function addedField(fields: readonly string[], provider: string | undefined): string {
  const isOwn = provider === undefined || /^(?:openai|azure)/.test(provider);
  return (isOwn ? fields[0] : fields.at(-1)) ?? "";
}

/** Tools under `tools`, nested by kind or flat, and under the older `functions`. */
function offeredTools(doc: JsonDocument): readonly OfferedNode[] {
  const offered: OfferedNode[] = [];
  for (const name of toolLists) {
    const list = lastMember(doc, 0, name);
    if (list === undefined || !doc.isArray(list)) continue;
    for (let node = doc.first(list); node < doc.after(list); node = doc.after(node)) {
      offered.push({ name: toolName(doc, node), node });
    }
  }
  return offered;
}

/** What has no name is one of the provider's own, and called by its type. */
function toolName(doc: JsonDocument, tool: number): string {
  const inner = lastMember(doc, tool, "function") ?? lastMember(doc, tool, "custom");
  return lastText(doc, inner ?? tool, "name") ?? lastText(doc, tool, "type") ?? "unnamed";
}

/** Some models' templates know one system message only, so one that leads is added to. */
function prepend(doc: JsonDocument, text: string): Splice {
  const messages = soleMember(doc, 0, "messages");
  if (messages === undefined) return insertion(doc.start(0) + 1, "");
  const first = doc.first(messages);
  if (first < doc.after(messages) && doc.isObject(first)) {
    const role = soleText(doc, first, "role");
    const content = soleMember(doc, first, "content");
    const leads = role === "system" || role === "developer";
    if (leads && content !== undefined) return prependToContent(doc, content, text);
  }
  return prependItem(doc, messages, { role: "system", content: text });
}
