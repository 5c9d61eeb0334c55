import type { JudgedRecord } from "./judged-record.ts";

/** Facts of a record by their names, each as the type that its attribute has. */
export class RecordedFacts {
  readonly #facts: Readonly<Record<string, unknown>>;

  constructor({ facts }: Pick<JudgedRecord, "facts">) {
    this.#facts = facts ?? {};
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#facts, name);
  }

  text(name: string): string | undefined {
    const value = this.#facts[name];
    return typeof value === "string" ? value : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.#facts[name];
    return typeof value === "boolean" ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = numberOf(this.#facts[name]);
    return typeof value === "number" ? value : undefined;
  }

  /** An empty list is not written, so one that is absent was empty. */
  texts(name: string): readonly string[] {
    const value = this.#facts[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** All below a name, by what stands after it; numbers as they were before they were written. */
  below(name: string): Readonly<Record<string, unknown>> {
    const prefix = `${name}.`;
    const found = Object.entries(this.#facts).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), numberOf(value)] as const] : [],
    );
    return Object.fromEntries(found);
  }
}

/** As it was before it was written (audit-and-operations 2.1). */
function numberOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("decimal" in value) return Number(value.decimal);
  return "int" in value ? BigInt(String(value.int)) : value;
}
