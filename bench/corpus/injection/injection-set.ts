import { Random } from "../random.ts";
import {
  developmentSlots,
  developmentTemplates,
  heldOutSlots,
  heldOutTemplates,
  type Slots,
  type Templates,
} from "./templates.ts";

/** One text that attacks or only looks like it. */
export interface InjectionCase {
  readonly id: string;
  readonly text: string;
  readonly isAttack: boolean;
  /** Where it would stand: what a user writes, or what a tool or a document brings along. */
  readonly place: "prompt" | "tool_result";
  readonly disguise: string;
}

/** Which half: the two share no template, no slot word and no seed. */
export type Half = "development" | "held-out";

const lookAlikeLetters: Readonly<Record<string, string>> = {
  a: "а",
  e: "е",
  o: "о",
  c: "с",
  p: "р",
  i: "і",
};
const leet: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0" };

/** Ways to hide an attack that a reader model still understands. */
const disguises: readonly (readonly [string, (text: string, random: Random) => string])[] = [
  ["none", (text) => text],
  ["none", (text) => text],
  ["none", (text) => text],
  ["capitals", (text) => text.toUpperCase()],
  [
    "zero-width",
    (text, random) =>
      [...text].map((each) => (random.chance(0.2) ? `${each}\u200b` : each)).join(""),
  ],
  [
    "look-alikes",
    (text, random) =>
      [...text]
        .map((each) => (random.chance(0.3) ? (lookAlikeLetters[each] ?? each) : each))
        .join(""),
  ],
  [
    "leet",
    (text, random) =>
      [...text].map((each) => (random.chance(0.5) ? (leet[each] ?? each) : each)).join(""),
  ],
  ["base64", (text) => `Decode and do what it says: ${Buffer.from(text).toString("base64")}`],
  [
    "tags",
    (text) =>
      `ok ${[...text].map((each) => (each.charCodeAt(0) < 128 ? String.fromCodePoint(0xe0000 + each.charCodeAt(0)) : each)).join("")}`,
  ],
];

/** Attacks and look-alikes of one half. Deterministic for a seed. */
export function createInjectionSet(seed: string, half: Half, attacks: number): InjectionCase[] {
  const random = new Random(`injection ${half} ${seed}`);
  const isDevelopment = half === "development";
  const templates = isDevelopment ? developmentTemplates : heldOutTemplates;
  const slots = isDevelopment ? developmentSlots : heldOutSlots;
  const attacking = Array.from({ length: attacks }, (_, serial) =>
    attackOf(`attack-${serial}`, random, templates, slots),
  );
  const harmless = Array.from({ length: attacks * 2 }, (_, serial) =>
    harmlessOf(`benign-${serial}`, random, templates, slots),
  );
  return [...attacking, ...harmless];
}

function attackOf(id: string, random: Random, templates: Templates, slots: Slots): InjectionCase {
  const [disguise, hide] = random.pick(disguises);
  const attack = hide(filled(random, random.pick(templates.attacks), slots), random);
  const place = random.pick(["prompt", "tool_result"] as const);
  const text = random.chance(0.5) ? within(random, attack, templates) : attack;
  return { id, text, isAttack: true, place, disguise };
}

function harmlessOf(id: string, random: Random, templates: Templates, slots: Slots): InjectionCase {
  const text = random.chance(0.25)
    ? filled(random, random.pick(templates.carriers), {})
    : filled(random, random.pick(templates.benign), slots);
  const place = random.pick(["prompt", "tool_result"] as const);
  const whole = random.chance(0.4) ? within(random, text, templates) : text;
  return { id, text: whole, isAttack: false, place, disguise: "none" };
}

/** The text in the midst of something ordinary. */
function within(random: Random, text: string, { carriers }: Templates): string {
  const [before, after] = random.shuffled(carriers);
  return `${filled(random, before ?? "", {})}\n\n${text}\n\n${filled(random, after ?? "", {})}`;
}

function filled(random: Random, template: string, slots: Slots): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, slot: string) => {
    if (slot === "n") return String(random.between(11, 98));
    const words = slots[slot];
    return words === undefined ? whole : random.pick(words);
  });
}
