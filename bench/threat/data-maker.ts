import { rotated } from "../../src/detect/threat/rot-13.ts";
import { attackFamilies } from "./attack-templates.ts";
import { benignFamilies } from "./benign-templates.ts";
import { createDraw, type Draw, expand, pick, type TemplateFamily } from "./grammar.ts";
import { foreignAttacks, foreignBenign } from "./language-templates.ts";

/** A text to learn from. */
export interface Sample {
  readonly text: string;
  readonly isAttack: boolean;
  /** The templates it comes from; validation holds out whole families. */
  readonly family: string;
  /** Its own template, by family and number. */
  readonly template: string;
  /** Where the attack stands, in UTF-16 code units; the whole text where there is none. */
  readonly start: number;
  readonly end: number;
  /** Found in data rather than said by a user. */
  readonly isData: boolean;
}

/** Seed and size of the data of the shipped model. */
export const shipped = { seed: 20_260_301, attacks: 5000, benign: 12000 } as const;

/** Samples made from a seed: the same ones wherever this runs. */
export function makeSamples(seed: number, attacks: number, benign: number): readonly Sample[] {
  const draw = createDraw(seed);
  const samples: Sample[] = [];
  for (let made = 0; made < attacks; made += 1) samples.push(attackSample(draw, made));
  for (let made = 0; made < benign; made += 1) samples.push(benignSample(draw, made));
  return samples;
}

/** All families, by name. */
export const familyNames: readonly string[] = [
  ...[...attackFamilies, ...foreignAttacks, ...benignFamilies, ...foreignBenign].map(
    ({ name }) => name,
  ),
];

function attackSample(draw: Draw, serial: number): Sample {
  // English has more to say; other languages take two of five.
  const list = serial % 5 < 3 ? attackFamilies : foreignAttacks;
  const family = pick(list, draw);
  const template = Math.floor(draw() * family.templates.length);
  const attack = disguised(expand(family.templates[template] ?? "", draw), draw);
  const isEmbedded = draw() < 0.5;
  const [before, after] = isEmbedded ? surroundings(draw, list === foreignAttacks) : ["", ""];
  const [open, close] = isEmbedded && draw() < 0.35 ? pick(wrappers, draw) : ["", ""];
  const start = before.length + open.length;
  return {
    text: `${before}${open}${attack}${close}${after}`,
    isAttack: true,
    family: family.name,
    template: `${family.name} ${template}`,
    start,
    end: start + attack.length,
    isData: isEmbedded,
  };
}

function benignSample(draw: Draw, serial: number): Sample {
  const list = serial % 4 < 3 ? benignFamilies : foreignBenign;
  const family = pick(list, draw);
  const sentences = 1 + Math.floor(draw() * draw() * 7);
  const template = Math.floor(draw() * family.templates.length);
  let text = expand(family.templates[template] ?? "", draw);
  for (let more = 1; more < sentences; more += 1) {
    text +=
      pick([" ", "\n", "\n\n"], draw) + written(draw() < 0.6 ? family : pick(list, draw), draw);
  }
  return {
    text,
    isAttack: false,
    family: family.name,
    template: `${family.name} ${template}`,
    start: 0,
    end: text.length,
    isData: draw() < 0.5,
  };
}

function written(family: TemplateFamily, draw: Draw): string {
  return expand(pick(family.templates, draw), draw);
}

const wrappers: readonly (readonly [string, string])[] = [
  ["<!-- ", " -->"],
  ['<span style="display:none">', "</span>"],
  ['<img alt="', '" src="x.png">'],
  ["/* ", " */"],
  ["// ", "\n"],
  ['{"comment": "', '"}'],
  ["> ", "\n"],
  ["[", "]"],
];

const quoting = /["'`“„«]/;

/** Harmless sentences to stand before and behind an attack. */
function surroundings(draw: Draw, isForeign: boolean): readonly [string, string] {
  const list = isForeign && draw() < 0.7 ? foreignBenign : benignFamilies;
  const some = (most: number): string => {
    let text = "";
    for (let left = Math.floor(draw() * most); left > 0; left -= 1) {
      const family = pick(list, draw);
      const sentence = written(family, draw);
      const parting = pick([" ", "\n", "\n\n"], draw);
      // What quotes attacks would make that a part of them.
      if (!quoting.test(sentence)) text += sentence + parting;
    }
    return text;
  };
  return [some(4), ` ${some(3)}`];
}

function disguised(text: string, draw: Draw): string {
  const chance = draw();
  if (chance < 0.86) return text;
  if (chance < 0.88) return text.toUpperCase();
  if (chance < 0.9) return text.replace(/o/g, "0").replace(/e/g, "3").replace(/i/g, "1");
  if (chance < 0.92) return text.replace(/a/g, "а").replace(/o/g, "о");
  if (chance < 0.94) return [...text].join("\u200b");
  if (chance < 0.96) return Buffer.from(text, "utf8").toString("base64");
  if (chance < 0.98) return mistyped(text, draw);
  return rotated(text);
}

/** Letters swapped in one of six words. */
function mistyped(text: string, draw: Draw): string {
  return text.replace(/[a-z]{5,}/gi, (word) => {
    if (draw() >= 0.17) return word;
    const at = 1 + Math.floor(draw() * (word.length - 3));
    return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
  });
}
