import { Value } from "typebox/value";
import { keyRingSchema, type LoadOptions } from "../policy/index.ts";
import {
  type Envelope,
  preAuthenticationEncoding,
  readVerifyingKey,
  type VerifyingKey,
} from "../signing/index.ts";

/** Gives what one file says, as `parsePolicies` does. */
export type ParseFile = NonNullable<LoadOptions["parse"]>;

/** One key of a ring, as documents and configuration write it. */
export interface RingKey {
  readonly id: string;
  /** The 32 bytes of the public key in base64. */
  readonly ed25519: string;
  /** RFC 3339; it counts from then on. */
  readonly notBefore?: string;
  /** RFC 3339; it counts until then. */
  readonly notAfter?: string;
  /** Kinds of documents it may vouch for; absent: all. */
  readonly kinds?: readonly string[];
}

/** Who may sign for one authority (policy-model 10). */
export interface KeyRing {
  /** Signatures by different keys that a bundle needs; 1 where not given. */
  readonly threshold?: number;
  readonly keys: readonly RingKey[];
}

/** The platform's namespace and authority. */
export const platformAuthority = "platform";

/** The ring that plain data says, or undefined where it has not the shape of one. */
export function readKeyRing(value: unknown): KeyRing | undefined {
  return Value.Check(keyRingSchema, value) ? value : undefined;
}

/** How many signatures by different keys a ring asks for. */
export function thresholdOf({ threshold }: KeyRing): number {
  return threshold ?? 1;
}

/**
 * What signatures are tried against for one bundle, so that a hostile one costs no more than a few
 * dozen milliseconds. A signature that names its key rightly needs one try.
 */
const triesMax = 1024;

interface KnownKey {
  readonly verifying: VerifyingKey;
  /** Whose it is, and as what; usually one. */
  readonly roles: { readonly authority: string; readonly key: RingKey }[];
}

/** The keys of many rings, to find whose signatures a bundle carries. */
export class KeyIndex {
  /** By public key: two entries with the same bytes are one signer. */
  readonly #keys = new Map<string, KnownKey>();
  readonly #byId = new Map<string, KnownKey[]>();

  constructor(rings: ReadonlyMap<string, KeyRing>) {
    for (const [authority, { keys }] of rings) {
      for (const key of keys) this.#add(authority, key);
    }
  }

  /**
   * The keys that did sign an envelope, by authority, each once. Key ids only say where to look
   * first; keys outside their window (RFC 3339, `nowMs` since 1970) do not count.
   */
  signersOf(envelope: Envelope, nowMs: number): ReadonlyMap<string, readonly RingKey[]> {
    const signed = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
    const signers = new Set<KnownKey>();
    let triesLeft = triesMax;
    for (const { keyid, sig } of envelope.signatures) {
      for (const known of this.#candidates(keyid)) {
        if (triesLeft === 0) break;
        triesLeft -= 1;
        if (!known.verifying.verify(signed, sig)) continue;
        signers.add(known);
        break;
      }
    }
    const roles = [...signers].flatMap((known) => distinctRoles(known, nowMs));
    const grouped = Map.groupBy(roles, ({ authority }) => authority);
    return new Map([...grouped].map(([name, found]) => [name, found.map(({ key }) => key)]));
  }

  #add(authority: string, key: RingKey): void {
    const known = this.#keys.get(key.ed25519) ?? this.#learn(key.ed25519);
    if (known === undefined) return;
    known.roles.push({ authority, key });
    this.#byId.set(key.id, [...(this.#byId.get(key.id) ?? []), known]);
  }

  #learn(publicKey: string): KnownKey | undefined {
    const verifying = readVerifyingKey(publicKey);
    if (verifying === undefined) return undefined;
    const known: KnownKey = { verifying, roles: [] };
    this.#keys.set(publicKey, known);
    return known;
  }

  *#candidates(keyid: string): Iterable<KnownKey> {
    const named = this.#byId.get(keyid) ?? [];
    yield* named;
    for (const known of this.#keys.values()) if (!named.includes(known)) yield known;
  }
}

/** One role at each authority: a key that a ring lists twice is still one signer. */
function distinctRoles({ roles }: KnownKey, nowMs: number): KnownKey["roles"] {
  const first = new Map<string, KnownKey["roles"][number]>();
  for (const role of roles) {
    if (isInWindow(role.key, nowMs) && !first.has(role.authority)) first.set(role.authority, role);
  }
  return [...first.values()];
}

function isInWindow({ notAfter, notBefore }: RingKey, nowMs: number): boolean {
  // A moment that cannot be read makes the comparison false, and the key does not count.
  const isBegun = notBefore === undefined || Date.parse(notBefore) <= nowMs;
  return isBegun && (notAfter === undefined || nowMs < Date.parse(notAfter));
}

/** The moments in milliseconds since 1970 at which keys of a ring begin or end to count. */
export function momentsOf({ keys }: KeyRing): readonly number[] {
  return keys.flatMap(({ notAfter, notBefore }) =>
    [notAfter, notBefore].flatMap((moment) => (moment === undefined ? [] : [Date.parse(moment)])),
  );
}
