import type { ToolCallPiece } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { soleMember, soleText } from "../members.ts";
import { noTexts, type TextIndex } from "../text-index.ts";

/** The texts of the same document. */
type Texts = Pick<TextIndex<{ readonly text: string }>, "within">;

/**
 * The calls in a message, or what a delta adds to them. A key is the place in the message, as a
 * later delta names it.
 * @throws Fault json_ambiguous
 */
export function callsOf(
  doc: JsonDocument,
  message: number,
  texts: Texts,
): readonly ToolCallPiece[] {
  const calls: ToolCallPiece[] = [];
  const list = soleMember(doc, message, "tool_calls");
  if (list !== undefined) {
    let position = 0;
    for (let call = doc.first(list); call < doc.after(list); call = doc.after(call)) {
      const index = soleMember(doc, call, "index");
      const place = (index === undefined ? undefined : doc.numberIfNumber(index)) ?? position;
      const called = soleMember(doc, call, "function") ?? soleMember(doc, call, "custom") ?? call;
      calls.push({ key: `tool_calls/${place}`, ...namedCall(doc, called, texts) });
      position += 1;
    }
  }
  const former = soleMember(doc, message, "function_call");
  if (former !== undefined && doc.isObject(former)) {
    calls.push({ key: "function_call", ...namedCall(doc, former, texts) });
  }
  return calls;
}

/** Name and arguments; a custom tool has a text as its `input`. */
function namedCall(doc: JsonDocument, called: number, texts: Texts): Omit<ToolCallPiece, "key"> {
  const args = soleMember(doc, called, "arguments") ?? soleMember(doc, called, "input");
  return {
    name: soleText(doc, called, "name"),
    args: args === undefined ? args : textOf(doc, args),
    texts: args === undefined ? noTexts : texts.within(doc.start(args), doc.end(args)),
  };
}

/** Some servers give the arguments as an object instead of the text of one. */
function textOf(doc: JsonDocument, node: number): string {
  return doc.textIfString(node) ?? doc.bytes.toString("utf8", doc.start(node), doc.end(node));
}
