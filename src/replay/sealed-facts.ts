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

/** A caller without id, actor, the names that are `hidden`, and the claims that are not on record. */
export function sealedPrincipal(
  known: Omit<Principal, "id">,
  hidden: readonly ("groups" | "issuer" | "roles")[],
  seal: Seal,
): Principal {
  const claims = sealedClaims(known, seal);
  const principal = {
    ...known,
    get id(): string {
      return seal.break();
    },
    get actor() {
      return seal.break();
    },
    claims,
  };
  return sealed(principal, hidden, seal);
}

/** Of the claims that are on record those without a value were not there; of others nobody knows. */
function sealedClaims(
  { claims = {}, onRecord }: Omit<Principal, "id">,
  seal: Seal,
): NonNullable<Principal["claims"]> {
  return sealedBut(claims, (name) => onRecord?.claims.has(name) === true, seal);
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
  return sealedBut(known, (name) => Object.hasOwn(known, name), seal);
}

type Members = Readonly<Record<string, unknown>>;

/** Members of which some are known, to be there or not; which others there are nobody knows. */
function sealedBut(known: Members, isKnown: (name: string) => boolean, seal: Seal): Members {
  const look = (key: string | symbol) => {
    if (typeof key !== "string" || !isKnown(key)) seal.break();
  };
  return new Proxy(known, {
    get: (target, key) => {
      look(key);
      return Reflect.get(target, key);
    },
    has: (target, key) => {
      look(key);
      return Object.hasOwn(target, key);
    },
    ownKeys: () => seal.break(),
    getOwnPropertyDescriptor: (target, key) => {
      look(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
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
