/** Series one metric may have (audit-and-operations 6); what comes after that is `other`. */
export const seriesMax = 2_000;

/** The one value that stands for all a label does not have. */
const otherValue = "other";

/** A label and the closed set of its values; without `values` they come from loaded policy. */
export interface LabelDefinition {
  readonly name: string;
  readonly values?: readonly string[];
}

/**
 * Numbers for the series of one metric with at most two labels, so that counting is an addition in
 * a typed array. Series of closed sets exist from the start. A value that is in no set, or would be
 * one series too many, becomes `other`: traffic cannot make series.
 */
export class LabelSlots {
  readonly #definitions: readonly LabelDefinition[];
  readonly #onOverflow: () => void;
  /** Series without a second label, which most are looked up by. */
  readonly #single = new Map<string, number>();
  readonly #pairs = new Map<string, Map<string, number>>();
  /** By slot; owned here, read when scraped. */
  readonly #labels: Readonly<Record<string, string>>[] = [];

  constructor(definitions: readonly LabelDefinition[], onOverflow: () => void = () => {}) {
    this.#definitions = definitions;
    this.#onOverflow = onOverflow;
    for (const first of this.#knownValues(0)) {
      for (const second of this.#knownValues(1)) this.#add(first, second);
    }
  }

  /** Labels of every series, by slot. */
  get labels(): readonly Readonly<Record<string, string>>[] {
    return this.#labels;
  }

  /** The slot of a series; labels that the metric does not have are empty. */
  of(first = "", second = ""): number {
    return this.#find(first, second) ?? this.#admit(first, second);
  }

  #find(first: string, second: string): number | undefined {
    return second === "" ? this.#single.get(first) : this.#pairs.get(first)?.get(second);
  }

  #admit(first: string, second: string): number {
    const known = [this.#admissible(0, first), this.#admissible(1, second)] as const;
    const slot = this.#find(...known);
    if (slot !== undefined) return slot;
    if (this.#labels.length < seriesMax) return this.#add(known[0], known[1]);
    this.#onOverflow();
    const [one, two] = [this.#overflowing(0, known[0]), this.#overflowing(1, known[1])] as const;
    return this.#find(one, two) ?? this.#add(one, two);
  }

  #add(first: string, second: string): number {
    const slot = this.#labels.length;
    const [one, two] = this.#definitions;
    this.#labels.push({ ...(one && { [one.name]: first }), ...(two && { [two.name]: second }) });
    if (second === "") {
      this.#single.set(first, slot);
      return slot;
    }
    const bySecond = this.#pairs.get(first) ?? new Map<string, number>();
    this.#pairs.set(first, bySecond.set(second, slot));
    return slot;
  }

  #knownValues(index: number): readonly string[] {
    const definition = this.#definitions[index];
    return definition === undefined ? [""] : (definition.values ?? []);
  }

  #admissible(index: number, value: string): string {
    const definition = this.#definitions[index];
    if (definition === undefined) return "";
    return definition.values?.includes(value) === false ? otherValue : value;
  }

  #overflowing(index: number, value: string): string {
    const definition = this.#definitions[index];
    return definition === undefined || definition.values !== undefined ? value : otherValue;
  }
}
