import { requestParams } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastMember, lastText, soleMember } from "../members.ts";
import { insertion, prependToContent } from "../prepend.ts";
import type { OfferedNode, RequestLayout } from "../request-changes.ts";
import type { Splice } from "../splice.ts";

const toolLists = ["tools", "mcp_servers"];
const besideTools = ["tool_choice"];

/** Where a messages request can be changed; one that only counts tokens gets nothing added. */
export function layoutOf(doc: JsonDocument, mayAdd: boolean): RequestLayout {
  return {
    fieldsOf: (param) => requestParams[param]?.anthropicMessages,
    addedField: ([field = ""]) => field,
    tools: offeredTools(doc),
    toolLists,
    besideTools,
    storeMember: undefined,
    prepend: (text) => prepend(doc, text),
    mayAdd,
  };
}

/** Tools by name; servers that the provider asks by itself, and sets of their tools, as a whole. */
function offeredTools(doc: JsonDocument): readonly OfferedNode[] {
  const offered: OfferedNode[] = [];
  for (const name of toolLists) {
    const list = lastMember(doc, 0, name);
    if (list === undefined || !doc.isArray(list)) continue;
    for (let node = doc.first(list); node < doc.after(list); node = doc.after(node)) {
      const server = lastText(doc, node, name === "tools" ? "mcp_server_name" : "name");
      const own = lastText(doc, node, "name") ?? lastText(doc, node, "type") ?? "unnamed";
      offered.push({ name: server === undefined ? own : `${server}/*`, node });
    }
  }
  return offered;
}

function prepend(doc: JsonDocument, text: string): Splice {
  const system = soleMember(doc, 0, "system");
  if (system !== undefined) return prependToContent(doc, system, text);
  // A request has at least `messages`, so a comma follows.
  return insertion(doc.start(0) + 1, `"system":${JSON.stringify(text)},`);
}
