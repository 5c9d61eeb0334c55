import { Taxonomy } from "./taxonomy.ts";

/** The four words most organisations mark their data with, from the least to the most sensitive. */
export type SensitivityLabel = "public" | "internal" | "confidential" | "restricted";

/** By sensitivity 0 to 5: health, payment cards and secrets are more than confidential. */
const labels: readonly SensitivityLabel[] = [
  "public",
  "internal",
  "internal",
  "confidential",
  "restricted",
  "restricted",
];

const builtIn = new Taxonomy([]);

/** How sensitive a data class is where no document says otherwise (policy-model 2.1). */
export function builtInSensitivityOf(dataClass: string): {
  /** 0 to 5. */
  readonly sensitivity: number;
  readonly label: SensitivityLabel;
} {
  const sensitivity = builtIn.sensitivityOf(dataClass);
  return { sensitivity, label: labels[sensitivity] ?? "restricted" };
}
