import type { Principal, RequestFacts, ResponseFacts, ToolFacts } from "../domain/index.ts";

/**
 * Stands where attributes are that no record holds. Whoever reads one is stopped, and the seal knows
 * that it was touched, so that a decision is never made on what is not there.
 */
export class Seal {
  #isTouched = false;

  /** Whether anything was read since this was asked last. */
  takeTouched(): boolean {
    const isTouched = this.#isTouched;
    this.#isTouched = false;
    return isTouched;
  }

  break(): never {
    this.#isTouched = true;
    throw new Error("expected an attribute that records hold");
  }
}

/** A caller without id, actor and claims. */
export function sealedPrincipal(known: Omit<Principal, "id">, seal: Seal): Principal {
  return {
    ...known,
    get id(): string {
      return seal.break();
    },
    get actor() {
      return seal.break();
    },
    get claims() {
      return seal.break();
    },
  };
}

/** A tool without what it is called with. */
export function sealedTool(known: Omit<ToolFacts, "args">, seal: Seal): ToolFacts {
  return {
    ...known,
    get args() {
      return seal.break();
    },
  };
}

/** An answer without the names of the tools it calls. */
export function sealedResponse(known: ResponseFacts, seal: Seal): ResponseFacts {
  return {
    ...known,
    get toolCalls() {
      return seal.break();
    },
  };
}

/** The parameters that are recorded: those that are numbers or booleans. Of others nobody knows. */
export function sealedParams(
  known: Readonly<Record<string, unknown>>,
  seal: Seal,
): NonNullable<RequestFacts["params"]> {
  return new Proxy(known, {
    get: (target, key) => (isKnown(target, key) ? Reflect.get(target, key) : seal.break()),
    has: (target, key) => isKnown(target, key) || seal.break(),
    ownKeys: () => seal.break(),
    getOwnPropertyDescriptor: (target, key) =>
      isKnown(target, key) ? Reflect.getOwnPropertyDescriptor(target, key) : seal.break(),
  });
}

function isKnown(known: object, key: string | symbol): boolean {
  return Object.hasOwn(known, key);
}

/** The same facts with these attributes sealed too, which are recorded only where they are read. */
export function sealed<Known extends object>(
  known: Known,
  names: readonly string[],
  seal: Seal,
): Known {
  for (const name of names) {
    Object.defineProperty(known, name, { get: () => seal.break(), enumerable: true });
  }
  return known;
}
