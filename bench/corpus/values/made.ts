import type { Value } from "../document.ts";
import type { Random } from "../random.ts";

export type Maker = (random: Random) => Value;

/** A maker of values that stand alone. */
export function made(type: string, make: (random: Random) => string): Maker {
  return (random) => ({ type, text: make(random) });
}
