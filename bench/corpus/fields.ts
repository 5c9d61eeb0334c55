import { type Sphere, type TypeEntry, typeEntries } from "./catalogue/index.ts";
import type { Value } from "./document.ts";
import { lookAlikes } from "./look-alikes.ts";
import type { Random } from "./random.ts";
import { makers } from "./values/index.ts";

/** A value with the ways its document may speak of it. */
export interface Field {
  readonly label: string;
  readonly key: string;
  /** `{}` stands for the value. */
  readonly sentence: string;
  readonly value: Value;
}

/** A value of a type with one choice of each way to speak of it. */
export function fieldOf(random: Random, entry: TypeEntry): Field {
  const make = makers[entry.type];
  if (make === undefined) throw new Error(`expected a maker of ${entry.type}`);
  return {
    label: random.pick(entry.labels),
    key: random.pick(entry.keys),
    sentence: random.pick(entry.sentences),
    value: make(random),
  };
}

/** Something that looks like a value and is none. */
export function lookAlikeField(random: Random): Field {
  const { labels, keys, sentences, make } = random.pick(lookAlikes);
  return {
    label: random.pick(labels),
    key: random.pick(keys),
    sentence: random.pick(sentences),
    value: { text: make(random) },
  };
}

/**
 * Deals types so that each comes up as often as its weight says, the rare ones too: every sphere has
 * its cards, and is dealt through before it is shuffled anew.
 */
export class Deck {
  readonly #random: Random;
  readonly #cards = new Map<Sphere, TypeEntry[]>();

  constructor(random: Random) {
    this.#random = random;
  }

  deal(spheres: readonly Sphere[]): TypeEntry {
    const weights = spheres.map((sphere) => this.#all(sphere).length);
    let place = this.#random.between(
      1,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
    const index = weights.findIndex((weight) => {
      place -= weight;
      return place <= 0;
    });
    return this.#next(spheres[index] ?? "personal");
  }

  #next(sphere: Sphere): TypeEntry {
    const cards = this.#cards.get(sphere) ?? [];
    if (cards.length === 0) cards.push(...this.#random.shuffled(this.#all(sphere)));
    this.#cards.set(sphere, cards);
    const card = cards.pop();
    if (card === undefined) throw new Error(`expected types of the sphere ${sphere}`);
    return card;
  }

  #all(sphere: Sphere): TypeEntry[] {
    return typeEntries
      .filter((entry) => entry.sphere === sphere)
      .flatMap((entry) => Array.from({ length: entry.weight }, () => entry));
  }
}
