/** Sensitivity 0 to 5 of the built-in data classes (policy-model 2.1). */
export const builtInSensitivity: ReadonlyMap<string, number> = new Map([
  ["public", 0],
  ["internal", 1],
  ["network", 2],
  ["confidential", 3],
  ["pii", 3],
  ["financial", 3],
  ["phi", 4],
  ["pci", 4],
  ["secret", 5],
  ["threat", 0],
]);

/** What nobody declared, and has no declared ancestor, counts as the most sensitive. */
const undeclaredSensitivity = 5;

/** A declared class; without a sensitivity it has that of its nearest ancestor. */
export interface DeclaredClass {
  readonly id: string;
  readonly sensitivity: number | undefined;
}

/** The data classes one namespace may name: the built-in ones, the platform's and its own. */
export class Taxonomy {
  readonly #sensitivities = new Map<string, number>(builtInSensitivity);
  readonly #declared = new Set<string>(builtInSensitivity.keys());

  constructor(declared: readonly DeclaredClass[]) {
    for (const { id, sensitivity } of declared) {
      this.#declared.add(id);
      if (sensitivity !== undefined) this.#sensitivities.set(id, sensitivity);
    }
  }

  /** Sensitivity of a found class: its own, else that of its nearest ancestor, else 5. */
  sensitivityOf(dataClass: string): number {
    for (let name = dataClass; name !== ""; name = parentOf(name)) {
      const sensitivity = this.#sensitivities.get(name);
      if (sensitivity !== undefined) return sensitivity;
    }
    return undeclaredSensitivity;
  }

  /** Whether the class is declared or lies below one that is. */
  knows(dataClass: string): boolean {
    for (let name = dataClass; name !== ""; name = parentOf(name)) {
      if (this.#declared.has(name)) return true;
    }
    return false;
  }

  /** The classes that are declared, the built-in ones first. */
  get ids(): Iterable<string> {
    return this.#declared;
  }
}

/** The parent of `a.b` is `a`; of `a` it is the empty name. */
export function parentOf(dataClass: string): string {
  return dataClass.slice(0, Math.max(0, dataClass.lastIndexOf(".")));
}

/** How a found class relates to a listed one: the same, below it, or neither. */
export function classFit(found: string, listed: string): "same" | "below" | "none" {
  if (found === listed) return "same";
  const isBelow = found.startsWith(listed) && found.charCodeAt(listed.length) === dot;
  return isBelow ? "below" : "none";
}

const dot = ".".charCodeAt(0);

/** Whether one of the listed classes is the found one or a parent of it. */
export function coversClass(listed: readonly string[], found: string): boolean {
  for (const dataClass of listed) if (classFit(found, dataClass) !== "none") return true;
  return false;
}
