import type { Problem } from "../base/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { type OpenBundle, openBundle } from "./archive.ts";
import { BundleError } from "./bundle-error.ts";
import {
  KeyIndex,
  type KeyRing,
  type ParseFile,
  platformAuthority,
  type RingKey,
  thresholdOf,
} from "./key-ring.ts";
import { type AcceptedBundle, type VerifiedBundle, verifyBundle } from "./verify-bundle.ts";

/** What a source gave: an archive, or the reason why there is none. */
export type BundleOffer =
  | { readonly place: string; readonly archive: Uint8Array }
  | { readonly place: string; readonly failure: Pick<Problem, "code" | "message" | "hint"> };

/** A bundle that was opened, and where it came from. */
export interface OpenOffer {
  readonly place: string;
  readonly open: OpenBundle;
}

/** A bundle that was verified, and where it came from. */
export interface AdmittedBundle extends VerifiedBundle {
  readonly place: string;
}

/** What bundles are held against, beside the rings. */
export interface AdmissionTerms {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly accepted: ReadonlyMap<string, AcceptedBundle>;
  /** By namespace, the files that were last in force. */
  readonly lastGood: ReadonlyMap<string, readonly PolicyFile[]>;
  /** Bytes of all documents of one bundle. */
  readonly bytesMax?: number | undefined;
  readonly parse: ParseFile;
}

/** What came of bundles, each under the name of its source. */
export interface Admission {
  /** One for each authority at most. */
  readonly admitted: readonly AdmittedBundle[];
  readonly refusals: readonly Problem[];
}

/** Opens what sources gave; what cannot be opened is a problem. */
export function openOffers(offers: readonly BundleOffer[]): {
  readonly opened: readonly OpenOffer[];
  readonly refusals: readonly Problem[];
} {
  const opened: OpenOffer[] = [];
  const refusals: Problem[] = [];
  for (const offer of offers) {
    const { place } = offer;
    if ("failure" in offer) refusals.push(toProblem(place, offer.failure));
    else attempt(place, refusals, () => opened.push({ place, open: openBundle(offer.archive) }));
  }
  return { opened, refusals };
}

/** Admits bundles of the platform by its ring; `rest` are those that it says nothing about. */
export function admitPlatform(
  offers: readonly OpenOffer[],
  ring: KeyRing,
  terms: AdmissionTerms,
): Admission & { readonly rest: readonly OpenOffer[] } {
  const index = new KeyIndex(new Map([[platformAuthority, ring]]));
  const claims: Claim[] = [];
  const rest: OpenOffer[] = [];
  for (const offer of offers) {
    const { envelope, manifest } = offer.open;
    const signers = index.signersOf(envelope, terms.nowMs).get(platformAuthority) ?? [];
    const isClaimed = manifest.namespace === platformAuthority && signers.length > 0;
    if (isClaimed || signers.length >= thresholdOf(ring)) {
      claims.push({ ...offer, authority: platformAuthority, ring, signers });
    } else rest.push(offer);
  }
  return { ...admitClaims(claims, terms), rest };
}

/** Admits bundles of tenants: whose each is, is told by the ring that vouches for it. */
export function admitTenants(
  offers: readonly OpenOffer[],
  rings: ReadonlyMap<string, KeyRing>,
  terms: AdmissionTerms,
): Admission {
  const index = new KeyIndex(rings);
  const claims: Claim[] = [];
  const refusals: Problem[] = [];
  for (const offer of offers) {
    attempt(offer.place, refusals, () => claims.push(claimOf(offer, { index, rings, terms })));
  }
  const { admitted, refusals: more } = admitClaims(claims, terms);
  return { admitted, refusals: [...refusals, ...more] };
}

/** A bundle and the authority whose keys signed it. */
interface Claim extends OpenOffer {
  readonly authority: string;
  readonly ring: KeyRing;
  readonly signers: readonly RingKey[];
}

interface TenantKeys {
  readonly index: KeyIndex;
  readonly rings: ReadonlyMap<string, KeyRing>;
  readonly terms: AdmissionTerms;
}

function claimOf(offer: OpenOffer, { index, rings, terms }: TenantKeys): Claim {
  const { envelope, manifest } = offer.open;
  const claims: Claim[] = [];
  for (const [authority, signers] of index.signersOf(envelope, terms.nowMs)) {
    const ring = rings.get(authority);
    if (ring !== undefined) claims.push({ ...offer, authority, ring, signers });
  }
  const enough = claims.filter(({ ring, signers }) => signers.length >= thresholdOf(ring));
  const [one, other] = enough.length > 0 ? enough : claims;
  if (one === undefined) throw untrusted(manifest.namespace, envelope.signatures.length);
  if (other === undefined) return one;
  throw new BundleError(
    "B04",
    `the bundle's signatures are of \`${one.authority}\` and of \`${other.authority}\` alike`,
    "Give each tenant keys of its own: a key tells whose a bundle is.",
  );
}

function untrusted(namespace: string, signatures: number): BundleError {
  if (signatures === 0) {
    const hint = "Sign it with `chancery bundle sign`.";
    return new BundleError("B01", "the bundle carries no signature", hint);
  }
  return new BundleError(
    "B01",
    "no signature of the bundle is by a key that is trusted now",
    namespace === platformAuthority
      ? "Sign it with a key of `policies.trust`, or of the key ring that the platform set since."
      : `Have the platform list the key in \`keyRing\` of the Tenant \`${namespace}\`.`,
  );
}

function admitClaims(claims: readonly Claim[], terms: AdmissionTerms): Admission {
  const refusals: Problem[] = [];
  const verified: AdmittedBundle[] = [];
  for (const { authority, open, place, ring, signers } of claims) {
    const known = {
      accepted: terms.accepted.get(authority),
      inForce: terms.lastGood.get(authority),
    };
    attempt(
      place,
      refusals,
      () => {
        verified.push({
          ...verifyBundle(open, { ...terms, ...known, authority, ring, signers }),
          place,
        });
      },
      authority,
    );
  }
  const admitted: AdmittedBundle[] = [];
  for (const [authority, candidates] of Map.groupBy(verified, ({ namespace }) => namespace)) {
    attempt(
      candidates[0]?.place ?? authority,
      refusals,
      () => admitted.push(newest(candidates)),
      authority,
    );
  }
  return { admitted, refusals };
}

/** Of mirrors that are not equally fast, the one that is ahead. */
function newest(candidates: readonly AdmittedBundle[]): AdmittedBundle {
  const [first, second] = candidates.toSorted((a, b) => b.manifest.sequence - a.manifest.sequence);
  const isTie = first?.manifest.sequence === second?.manifest.sequence;
  if (first !== undefined && (!isTie || first.digest === second?.digest)) return first;
  throw new BundleError(
    "B03",
    `two sources give different bundles with sequence ${first?.manifest.sequence}`,
    "Publish one of them again with a higher sequence.",
  );
}

function attempt(place: string, refusals: Problem[], act: () => unknown, namespace?: string): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    refusals.push(toProblem(place, error, namespace));
  }
}

/** A problem of one source, of which the authority is known once keys have told it. */
function toProblem(
  place: string,
  { code, hint, message }: Pick<Problem, "code" | "message" | "hint">,
  namespace?: string,
): Problem {
  return {
    code,
    severity: "error",
    ...(namespace === undefined ? {} : { namespace }),
    file: place,
    line: 0,
    column: 0,
    message,
    hint,
  };
}
