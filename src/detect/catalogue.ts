import { families, labelledFamilies } from "./families.ts";
import type { CatalogueEntry } from "./scan/family.ts";
import { undecodedKind } from "./scan/undecoded-reading.ts";
import { privateKeyKind } from "./secret/private-key.ts";

/**
 * All types that the rules report, by class and then type. A type that is found in several ways, such as
 * by its shape and behind its label, stands there once for each check.
 */
export const catalogue: readonly CatalogueEntry[] = listed([
  ...families.flatMap(({ kinds }) => kinds ?? []),
  ...labelledFamilies.flatMap(({ kinds }) => kinds),
  privateKeyKind,
  undecodedKind,
]);

/** Names the rules with their versions: where it is the same, so are findings of the same text. */
export const detectorVersion: string = [...new Set(catalogue.map(({ detector }) => detector))]
  .sort()
  .join(" ");

function listed(entries: readonly CatalogueEntry[]): readonly CatalogueEntry[] {
  const byName = new Map(entries.map((entry) => [nameOf(entry), entry]));
  return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
}

function nameOf({ check, dataClass, type }: CatalogueEntry): string {
  return `${dataClass} ${type} ${check}`;
}
