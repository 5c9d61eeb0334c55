import { Composer, type Value } from "../document.ts";

/** What a template of the wilder corpus may hold: text, a value, or something composed before. */
export type Planted = string | number | Value | Composer;

/** A template whose values become labelled: plant`tel ${phone}`. */
export function plant(texts: TemplateStringsArray, ...holes: readonly Planted[]): Composer {
  const composer = new Composer();
  for (const [index, text] of texts.entries()) {
    composer.write(text);
    const hole = holes[index];
    if (hole !== undefined) add(composer, hole);
  }
  return composer;
}

/** Several of them, one after the other. */
export function joined(parts: readonly Planted[], joint: string): Composer {
  const composer = new Composer();
  for (const [index, part] of parts.entries()) {
    if (index > 0) composer.write(joint);
    add(composer, part);
  }
  return composer;
}

function add(composer: Composer, part: Planted): void {
  if (part instanceof Composer) composer.append(part);
  else if (typeof part === "object") composer.value(part);
  else composer.write(String(part));
}
