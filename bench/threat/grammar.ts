/** Numbers that look random and are the same every time (mulberry32), 0 to 1. */
export type Draw = () => number;

/** A source of numbers from a seed. */
export function createDraw(seed: number): Draw {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of a list. */
export function pick<T>(list: readonly T[], draw: Draw): T {
  const picked = list[Math.floor(draw() * list.length)];
  if (picked === undefined) throw new Error("expected a list with something in it");
  return picked;
}

/**
 * A template with one of each `{this|that|}` chosen, from the inside out.
 * Braces and bars of the text itself are written `‹`, `›` and `¦`.
 */
export function expand(template: string, draw: Draw): string {
  let text = template;
  for (let open = text.lastIndexOf("{"); open >= 0; open = text.lastIndexOf("{")) {
    const close = text.indexOf("}", open);
    const choice = pick(text.slice(open + 1, close).split("|"), draw);
    text = text.slice(0, open) + choice + text.slice(close + 1);
  }
  return text
    .replaceAll("‹", "{")
    .replaceAll("›", "}")
    .replaceAll("¦", "|")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** Templates of one kind, which validation holds out together. */
export interface TemplateFamily {
  readonly name: string;
  readonly templates: readonly string[];
}
