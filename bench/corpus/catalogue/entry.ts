/** What a value is about; decides in which kinds of documents it is found. */
export type Sphere = "personal" | "government" | "health" | "financial" | "network" | "secret";

/** How documents speak of a type of value. */
export interface TypeEntry {
  readonly type: string;
  /** Row of the catalogue; types of one row are the same to a scorer that names rows. */
  readonly row: number;
  readonly sphere: Sphere;
  /** How often it comes up, against others. */
  readonly weight: number;
  /** Labels as people write them on forms and in mails. */
  readonly labels: readonly string[];
  /** Names of fields, columns and variables. */
  readonly keys: readonly string[];
  /** Sentences that say what it is; `{}` stands for the value. */
  readonly sentences: readonly string[];
}

/** An entry from its parts; kinds of one thing are split at `|`. */
export function entry(
  type: string,
  [row, sphere, weight]: readonly [row: number, sphere: Sphere, weight: number],
  labels: string,
  keys: string,
  ...sentences: readonly string[]
): TypeEntry {
  return { type, row, sphere, weight, labels: labels.split("|"), keys: keys.split("|"), sentences };
}
