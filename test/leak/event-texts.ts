/**
 * A stream of server-sent events as its reader has it: every text of every event, joined with what
 * came before it in the same place. Reads events by the letter of the standard and knows no format.
 */

/** Texts by their place, such as `choices[0].delta.content`. */
export type EventTexts = ReadonlyMap<string, string>;

/** The place of data that is no JSON. */
export const notJson = "data";

/**
 * Joins the texts of a stream. Data that is no JSON is a text as well; comments and unknown fields
 * are, too, for whoever looks at the bytes.
 */
export function joinEventTexts(stream: string): EventTexts {
  const texts = new Map<string, string>();
  for (const event of eventsOf(stream)) {
    for (const [place, text] of event.others) append(texts, place, text);
    if (event.data === undefined) continue;
    const value = parse(event.data);
    if (value === undefined) append(texts, notJson, `${event.data}\n`);
    else walk(value, prefixOf(value), (place, text) => append(texts, place, text));
  }
  return texts;
}

interface ReadEvent {
  readonly data: string | undefined;
  /** Everything else in it, by the name of the field. */
  readonly others: readonly (readonly [string, string])[];
}

function eventsOf(stream: string): readonly ReadEvent[] {
  const text = stream.replace(/^\uFEFF/, "").replace(/\r\n|\r/g, "\n");
  return text
    .split(/\n\n+/)
    .filter((lines) => lines !== "")
    .map((lines) => readEvent(lines.split("\n")));
}

function readEvent(lines: readonly string[]): ReadEvent {
  const fields = lines.filter((line) => line !== "").map(readField);
  const data = fields.filter(([name]) => name === "data").map(([, value]) => value);
  const others = fields.filter(([name]) => name !== "data");
  return {
    data: data.length > 0 ? data.join("\n") : undefined,
    others: others.map(([name, value]) => [`field ${name}`, `${value}\n`]),
  };
}

function readField(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(":");
  return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // `[DONE]`, or text where an event should be.
    return undefined;
  }
}

/** Events of Anthropic say at their top which block they belong to. */
function prefixOf(value: unknown): string {
  const index = typeof value === "object" && value !== null && "index" in value ? value.index : "";
  return typeof index === "number" ? `#${index}` : "";
}

function walk(value: unknown, place: string, found: (place: string, text: string) => void): void {
  if (typeof value === "string") return found(place, value);
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((item) => typeof item === "number")) {
      return found(`${place} as bytes`, Buffer.from(value).toString("utf8"));
    }
    for (const [at, item] of value.entries()) walk(item, `${place}[${itemIndex(item, at)}]`, found);
    return;
  }
  if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      found(`${place} names`, `${name}\n`);
      walk(member, `${place}.${name}`, found);
    }
    return;
  }
  found(place, `${value}\n`);
}

function itemIndex(item: unknown, at: number): number {
  const index = typeof item === "object" && item !== null && "index" in item ? item.index : at;
  return typeof index === "number" ? index : at;
}

function append(texts: Map<string, string>, place: string, text: string): void {
  texts.set(place, (texts.get(place) ?? "") + text);
}
