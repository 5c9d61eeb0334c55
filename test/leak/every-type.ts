/** Values of every type in turn, under policies that mask all of them. */
import type { PlantedJson, Planting } from "../support/planted-json.ts";
import { type PlantedValue, sentenceWith, valuesOfEveryType } from "../support/planted-values.ts";
import { holdsNumber } from "./position.ts";

/** One value of each type. */
export const everyValue: readonly PlantedValue[] = valuesOfEveryType(3);
const numbers = everyValue.filter(({ digits }) => digits !== undefined);

/** The value for a body in a turn: in as many turns as there are types, each is there once. */
export function valueInTurn(body: PlantedJson | undefined, turn: number): PlantedValue {
  const list = holdsNumber(body) ? numbers : everyValue;
  return list[turn % list.length] as PlantedValue;
}

/** The value in its sentence. */
export function plainPlanting(planted: PlantedValue): Planting {
  return { text: sentenceWith(planted), number: planted.digits ?? "0", spelling: "plain" };
}

/** What is to stand there instead. */
export function plainMask(planted: PlantedValue): Planting {
  const mask = `[${planted.type}]`;
  return { text: sentenceWith(planted, mask), number: JSON.stringify(mask), spelling: "plain" };
}

/** All values, a sentence each. */
export const everySentence: Planting = joined(plainPlanting);

/** All masks, a sentence each. */
export const everyMask: Planting = joined(plainMask);

function joined(plantingOf: (planted: PlantedValue) => Planting): Planting {
  const text = everyValue.map((planted) => plantingOf(planted).text).join(".\n");
  return { text, number: "0", spelling: "plain" };
}
