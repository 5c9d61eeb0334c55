import type { Finding } from "../../domain/index.ts";

/** Values that are nobody's secret, of some classes. */
export interface IgnoreSource {
  /** Classes and with them all below. */
  readonly classes: readonly string[];
  /** Whole values; small and capital letters are the same. */
  readonly values: readonly string[];
}

/** Says which findings are none, because their value is on a list. */
export class IgnoredValues {
  readonly #lists: readonly { readonly classes: readonly string[]; readonly values: Set<string> }[];

  constructor(sources: readonly IgnoreSource[]) {
    this.#lists = sources.map(({ classes, values }) => ({
      classes,
      values: new Set(values.map(plain)),
    }));
  }

  /** Whether a value found as of a class is on a list for that class. */
  has({ dataClass }: Pick<Finding, "dataClass">, value: string): boolean {
    let text: string | undefined;
    for (const { classes, values } of this.#lists) {
      if (!classes.some((name) => isOrIsBelow(dataClass, name))) continue;
      text ??= plain(value);
      if (values.has(text)) return true;
    }
    return false;
  }

  /** Findings without those that are ignored; offsets into `text`. */
  without(findings: readonly Finding[], text: string): readonly Finding[] {
    if (findings.length === 0) return findings;
    return findings.filter((one) => !this.has(one, text.slice(one.start, one.end)));
  }
}

function isOrIsBelow(dataClass: string, name: string): boolean {
  return dataClass === name || dataClass.startsWith(`${name}.`);
}

// Not folded any further: what only looks like an ignored value is another one.
function plain(value: string): string {
  return value.normalize("NFC").toLowerCase();
}
