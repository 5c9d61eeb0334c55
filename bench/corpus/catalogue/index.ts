/** How documents speak of each type of value. Start with `typeEntries`; `rowOf` for scorers. */

import type { TypeEntry } from "./entry.ts";
import { financialEntries } from "./financial.ts";
import { governmentEntries } from "./government.ts";
import { healthEntries } from "./health.ts";
import { networkEntries } from "./network.ts";
import { personalEntries } from "./personal.ts";
import { secretEntries } from "./secret.ts";

export type { Sphere, TypeEntry } from "./entry.ts";

/** All types of the catalogue, rows 1 to 82. */
export const typeEntries: readonly TypeEntry[] = [
  ...personalEntries,
  ...networkEntries,
  ...governmentEntries,
  ...healthEntries,
  ...financialEntries,
  ...secretEntries,
];

const rowsByType = new Map(typeEntries.map(({ type, row }) => [type, row]));

/** Other names under which detectors may report a row. */
const aliases: Readonly<Record<string, number>> = {
  HANDLE: 13,
  US_PASSPORT: 18,
  NIF: 31,
  NIE: 31,
  BEARER: 79,
  AZURE_CLIENT_SECRET: 80,
  // An unnamed secret is one thing, whether its name or its randomness gives it away.
  HIGH_ENTROPY: 81,
};

/** The row of the catalogue a type stands in, as a name; types that are no row's are their own. */
export function rowOf(type: string): string {
  const row = aliases[type] ?? rowsByType.get(type);
  return row === undefined ? type : `row ${row}`;
}
