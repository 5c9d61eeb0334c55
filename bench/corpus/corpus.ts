import { Composer, type LabelledDocument } from "./document.ts";
import { Deck, type Field, fieldOf, lookAlikeField } from "./fields.ts";
import { conversations } from "./genres/conversations.ts";
import type { Genre } from "./genres/genre.ts";
import { multilingual } from "./genres/languages.ts";
import { machines } from "./genres/machines.ts";
import { structures } from "./genres/structures.ts";
import { Random } from "./random.ts";

const genres: readonly Genre[] = [...conversations, ...structures, ...machines, multilingual];

/** Share of documents that hold nothing but look-alikes. */
const cleanShare = 0.32;

/**
 * The first corpus: documents of fourteen genres with labelled values and look-alikes. Deterministic for a
 * seed. What counts as a value: a shape of the catalogue that is there on purpose, with the context its
 * row asks for; names and numbers without any label are left out rather than labelled.
 */
export function createCorpus(seed: string, documents: number): LabelledDocument[] {
  const random = new Random(seed);
  const deck = new Deck(random);
  return Array.from({ length: documents }, (_, serial) => {
    const genre = random.pick(genres);
    const fields = fieldsFor(random, deck, genre);
    const composer = new Composer();
    genre.write(composer, random, fields);
    return composer.document(`${genre.name}-${serial}`, genre.name);
  });
}

function fieldsFor(random: Random, deck: Deck, genre: Genre): Field[] {
  const isClean = random.chance(cleanShare);
  const values = isClean ? 0 : random.between(2, 7);
  const alike = isClean ? random.between(3, 7) : random.between(0, 3);
  const planted = Array.from({ length: values }, () => fieldOf(random, deck.deal(genre.spheres)));
  const others = Array.from({ length: alike }, () => lookAlikeField(random));
  return random.shuffled([...planted, ...others]);
}
