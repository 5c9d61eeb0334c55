import { type Problem, sortProblems } from "../base/index.ts";
import {
  type LoadOptions,
  type PolicyFile,
  type PreparedPolicies,
  parsePolicies,
} from "../policy/index.ts";
import { digestOf } from "../signing/index.ts";
import {
  type AdmissionTerms,
  type AdmittedBundle,
  admitPlatform,
  admitTenants,
  type BundleOffer,
  openOffers,
} from "./admit.ts";
import { loadGated, type RunTests } from "./gated-load.ts";
import { type KeyRing, momentsOf, type ParseFile, platformAuthority } from "./key-ring.ts";
import { readPlatformTerms } from "./platform-terms.ts";
import type { AcceptedBundle } from "./verify-bundle.ts";

/** What is remembered between two loads, and kept on disk between two starts. */
export interface BundleLedger {
  /** Digest of the root of trust under which bundles were accepted. */
  readonly trust: string;
  /** By namespace. */
  readonly accepted: ReadonlyMap<string, AcceptedBundle>;
  /** The ring that the platform's accepted bundle set for what comes after it, if it set one. */
  readonly ring?: KeyRing | undefined;
}

/** Everything that loading depends on. */
export interface LoadBundlesInput {
  readonly offers: readonly BundleOffer[];
  /** The platform's keys as the configuration has them; undefined: it verifies no bundle. */
  readonly root: KeyRing | undefined;
  readonly ledger: BundleLedger | undefined;
  /** By namespace, the files that were last in force. */
  readonly lastGood: ReadonlyMap<string, readonly PolicyFile[]>;
  /** Of folders, which load only under the development flag. */
  readonly unsigned?: readonly PolicyFile[];
  /** What went wrong when those were read. */
  readonly readProblems?: readonly Problem[];
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly engineVersion: string;
  readonly parse?: ParseFile;
  /** As `loadSnapshot` takes them. */
  readonly modes?: LoadOptions["modes"] | undefined;
  readonly endpoints?: LoadOptions["endpoints"];
  readonly onWork?: LoadOptions["onWork"];
  readonly runTests: RunTests;
}

/** What can be in force, and what became of each bundle: plain data, as `PreparedPolicies` is. */
export interface LoadedBundles extends PreparedPolicies {
  /** To be kept once the snapshot serves. */
  readonly ledger: BundleLedger;
  /** Why bundles do not serve, under the names of their sources; sorted. */
  readonly refusals: readonly Problem[];
  /** When time alone changes what holds, in milliseconds since 1970; undefined: never. */
  readonly reviewAtMs: number | undefined;
  /** By namespace, of the bundles that serve as they were found: the envelope as it came. */
  readonly envelopes: ReadonlyMap<string, Uint8Array>;
}

/**
 * Verifies, compiles and tests what sources gave (policy-model 10): the platform's bundle first, by
 * the ring in force, then each tenant's by the ring that the platform in force gives it. What does
 * not hold leaves its own authority at its last good version and stands in nobody else's way.
 */
export function loadBundles(input: LoadBundlesInput): LoadedBundles {
  const loading = begin(input);
  const { unsigned } = loading;
  const offered = openOffers(input.offers);
  const ring = ringInForce(loading);
  const first = admitPlatform(offered.opened, ring, loading);
  const missing = absences(loading, [platformAuthority], {
    admitted: first.admitted,
    refusals: [...offered.refusals, ...first.refusals],
  });
  const basis = platformInForce(loading, first.admitted, missing);
  const platform = readPlatformTerms(basis.files, loading.parse);

  const terms = { ...loading, bytesMax: platform.bundleBytesMax };
  const second = admitTenants(first.rest, platform.tenantRings, terms);
  const { admitted, refusals: clashes } = withoutClashes(
    [...first.admitted, ...second.admitted],
    unsigned,
  );
  const refusals = [...offered.refusals, ...first.refusals, ...second.refusals, ...clashes];
  const awaited = [...loading.accepted.keys()].filter((name) => platform.tenants.has(name));
  const absent = absences(loading, awaited, { admitted, refusals });
  const final = load(loading, admitted, [], [...basis.testProblems, ...missing, ...absent]);
  return {
    ...final.prepared,
    ledger: {
      trust: loading.trust,
      accepted: nextAccepted(loading, admitted, final.prepared),
      ring: nextRing(loading, admitted, final.prepared),
    },
    refusals: sortProblems([...refusals, ...basis.testProblems, ...final.testProblems]),
    reviewAtMs: reviewAt(loading.nowMs, [ring, ...platform.tenantRings.values()], admitted),
    envelopes: envelopesOf(admitted, final.prepared),
  };
}

interface Loading
  extends AdmissionTerms,
    Pick<LoadBundlesInput, "endpoints" | "engineVersion" | "modes" | "onWork" | "runTests"> {
  readonly root: KeyRing;
  readonly trust: string;
  readonly ring: KeyRing | undefined;
  /** Of folders, by namespace. */
  readonly unsigned: ReadonlyMap<string, readonly PolicyFile[]>;
  readonly readProblems: readonly Problem[];
}

const nobody: KeyRing = { keys: [] };

function begin(input: LoadBundlesInput): Loading {
  const { endpoints, engineVersion, lastGood, ledger, modes, nowMs, onWork, runTests } = input;
  const { parse = (file) => parsePolicies([file]), readProblems = [], root = nobody } = input;
  const trust = digestOf(root);
  // Another root of trust begins anew: what was accepted under the old one binds nobody.
  const isSameTrust = ledger?.trust === trust;
  const accepted = isSameTrust ? ledger.accepted : new Map<string, AcceptedBundle>();
  const ring = isSameTrust ? ledger.ring : undefined;
  const unsigned = Map.groupBy(input.unsigned ?? [], ({ namespace }) => namespace);
  const facts = { endpoints, engineVersion, lastGood, modes, nowMs, onWork };
  return { ...facts, parse, readProblems, runTests, root, trust, accepted, ring, unsigned };
}

/** The ring that the accepted platform set for what comes after it, else the configuration's. */
function ringInForce({ accepted, ring, root }: Loading): KeyRing {
  // Not what a folder says that stood in between: nobody vouched for that.
  return accepted.has(platformAuthority) ? (ring ?? root) : root;
}

/** The platform's files that tenants are held against, and what its tests say of new ones. */
function platformInForce(
  loading: Loading,
  admitted: readonly AdmittedBundle[],
  missing: readonly Problem[],
): { readonly files: readonly PolicyFile[]; readonly testProblems: readonly Problem[] } {
  const { accepted, lastGood, unsigned } = loading;
  const [bundle] = admitted;
  const isKnown = bundle?.digest === accepted.get(platformAuthority)?.digest;
  // What is in force already is what it falls back to as well, so nothing has to be found out.
  if (bundle !== undefined && isKnown && !unsigned.has(platformAuthority)) {
    return { files: bundle.files, testProblems: [] };
  }
  // The platform's tests are about tenants too: those in force are there when they run.
  const others = [...lastGood]
    .filter(([name]) => name !== platformAuthority && !unsigned.has(name))
    .flatMap(([, files]) => files);
  const { prepared, testProblems } = load(loading, admitted, others, missing);
  return { files: prepared.namespaces.get(platformAuthority)?.files ?? [], testProblems };
}

function load(
  loading: Loading,
  admitted: readonly AdmittedBundle[],
  others: readonly PolicyFile[],
  problems: readonly Problem[] = [],
) {
  const { accepted, endpoints, engineVersion, lastGood, modes, nowMs, onWork } = loading;
  const { parse, readProblems, runTests, unsigned } = loading;
  const isNew = ({ digest, namespace }: AdmittedBundle) =>
    accepted.get(namespace)?.digest !== digest;
  const files = [
    ...[...unsigned.values()].flat(),
    ...admitted.flatMap((bundle) => bundle.files),
    ...others,
  ];
  return loadGated(files, {
    engineVersion,
    nowMs,
    lastGood,
    parse,
    modes,
    endpoints,
    onWork,
    readProblems: [...readProblems, ...problems],
    untested: new Set(admitted.filter(isNew).map(({ namespace }) => namespace)),
    runTests,
  });
}

/** A namespace whose documents come from a folder and in a bundle has no one to say which count. */
function withoutClashes(
  bundles: readonly AdmittedBundle[],
  unsigned: ReadonlyMap<string, unknown>,
): { readonly admitted: readonly AdmittedBundle[]; readonly refusals: readonly Problem[] } {
  const clashing = bundles.filter(({ namespace }) => unsigned.has(namespace));
  return {
    admitted: bundles.filter(({ namespace }) => !unsigned.has(namespace)),
    refusals: clashing.map(({ namespace, place }) =>
      problemOf(namespace, {
        code: "B04",
        file: place,
        message: `the documents of \`${namespace}\` come from a folder as well`,
        hint: "Take the folder away, or the bundle's source.",
      }),
    ),
  };
}

interface Arrivals {
  readonly admitted: readonly AdmittedBundle[];
  readonly refusals: readonly Problem[];
}

/**
 * Authorities of whom nothing came that holds. It is never taken for a wish to have no policies:
 * that is said by a bundle without documents, or by the platform taking the tenant away.
 */
function absences(
  { accepted, unsigned }: Loading,
  awaited: readonly string[],
  { admitted, refusals }: Arrivals,
): readonly Problem[] {
  const came = new Set(admitted.map(({ namespace }) => namespace));
  const problems: Problem[] = [];
  for (const namespace of awaited) {
    if (came.has(namespace)) continue;
    const { place } = accepted.get(namespace) ?? {};
    const reason = refusals.find((one) => one.namespace === namespace || one.file === place);
    if (reason !== undefined) problems.push({ ...reason, namespace });
    else if (!unsigned.has(namespace)) problems.push(nothingCame(namespace, place));
  }
  return problems;
}

function nothingCame(namespace: string, place: string | undefined): Problem {
  return problemOf(namespace, {
    code: "C04",
    file: place ?? namespace,
    message: `no source gives a bundle of \`${namespace}\``,
    hint: "See `bundle status` for what each source gives, and publish it again.",
  });
}

function problemOf(
  namespace: string,
  text: Pick<Problem, "code" | "file" | "message" | "hint">,
): Problem {
  return { ...text, severity: "error", namespace, line: 0, column: 0 };
}

function nextAccepted(
  { accepted, nowMs }: Loading,
  admitted: readonly AdmittedBundle[],
  { namespaces }: PreparedPolicies,
): ReadonlyMap<string, AcceptedBundle> {
  const next = new Map(accepted);
  for (const { digest, manifest, namespace, place, signers } of admitted) {
    if (namespaces.get(namespace)?.state !== "current") continue;
    const known = accepted.get(namespace);
    const acceptedAtMs = known?.digest === digest ? known.acceptedAtMs : nowMs;
    const { createdAt, expiresAt, sequence, version } = manifest;
    const said = { createdAt, expiresAt, sequence, version };
    next.set(namespace, { namespace, place, digest, ...said, signers, acceptedAtMs });
  }
  return next;
}

function envelopesOf(
  admitted: readonly AdmittedBundle[],
  { namespaces }: PreparedPolicies,
): ReadonlyMap<string, Uint8Array> {
  const serving = admitted.filter(
    ({ namespace }) => namespaces.get(namespace)?.state === "current",
  );
  // Each a copy, since what goes to another thread takes along all that it is a part of.
  return new Map(serving.map(({ envelope, namespace }) => [namespace, Uint8Array.from(envelope)]));
}

function nextRing(
  { parse, ring }: Loading,
  admitted: readonly AdmittedBundle[],
  { namespaces }: PreparedPolicies,
): KeyRing | undefined {
  const bundle = admitted.find(({ namespace }) => namespace === platformAuthority);
  if (bundle === undefined || namespaces.get(platformAuthority)?.state !== "current") return ring;
  return readPlatformTerms(bundle.files, parse).ring;
}

function reviewAt(
  nowMs: number,
  rings: readonly KeyRing[],
  admitted: readonly AdmittedBundle[],
): number | undefined {
  const ends = admitted.map(({ manifest }) => Date.parse(manifest.expiresAt));
  const moments = [...ends, ...rings.flatMap(momentsOf)].filter((moment) => moment > nowMs);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
