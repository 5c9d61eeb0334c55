import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";
import { type Detect, hasAny, toRows } from "./detection.ts";
import { nameOf, readLines } from "./read-text.ts";

const textLine = Type.Object({
  id: Type.Union([Type.String(), Type.Number()]),
  text: Type.String(),
});

const hint = 'Write one JSON object a line, such as {"id":"1","text":"…"}.';

/**
 * Reads JSON Lines of texts and writes a line for each as soon as it is read. Gives how many had
 * something in them. Throws `UsageError` at the first line that is no text; those before it are done.
 */
export async function detectLines(detect: Detect, io: Io, path: string): Promise<number> {
  let number = 0;
  let withFindings = 0;
  for await (const line of readLines(io, path)) {
    number += 1;
    if (line.trim() === "") continue;
    const { id, text } = toText(line, `${nameOf(path)}, line ${number}`);
    const detection = detect(text);
    if (hasAny(detection)) withFindings += 1;
    io.stdout.write(`${JSON.stringify({ id, ...toRows(detection) })}\n`);
  }
  return withFindings;
}

function toText(
  line: string,
  place: string,
): { readonly id: string | number; readonly text: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which may be content.
    throw new UsageError(`${place}: not JSON.`, hint);
  }
  if (Value.Check(textLine, value)) return value;
  throw new UsageError(`${place}: expected an object with \`id\` and \`text\`.`, hint);
}
