import type { PolicyDocument, PolicyFile } from "../policy/index.ts";
import { BundleError } from "./bundle-error.ts";
import { type KeyRing, type ParseFile, type RingKey, thresholdOf } from "./key-ring.ts";

interface RightsTerms {
  readonly ring: KeyRing;
  readonly signers: readonly RingKey[];
  /** What is in force of the authority. */
  readonly inForce?: readonly PolicyFile[] | undefined;
  readonly parse: ParseFile;
}

/** Whoever relaxes rules in an incident needs a second pair of eyes (policy-model 6). */
const relaxSignersMin = 2;

/**
 * Holds what a bundle changes against what its signers may vouch for (policy-model 9): of each kind
 * of document in a file that was added, changed or taken away, enough of them. What stays as it is
 * has been vouched for when it came. Throws `BundleError`.
 */
export function checkSignersRights(files: readonly PolicyFile[], terms: RightsTerms): void {
  const { inForce = [], parse } = terms;
  const before = new Map(inForce.map((file) => [file.path, file]));
  for (const file of files) {
    const known = before.get(file.path);
    before.delete(file.path);
    if (known?.text === file.text) continue;
    checkFile(file, terms);
    if (known !== undefined) checkKinds(known, kindsIn(known, parse), terms);
  }
  for (const gone of before.values()) checkKinds(gone, kindsIn(gone, parse), terms);
}

function checkFile(file: PolicyFile, terms: RightsTerms): void {
  checkKinds(file, kindsIn(file, terms.parse), terms);
  const isRelaxing = terms.parse(file).documents.some(relaxes);
  if (!isRelaxing || terms.signers.length >= relaxSignersMin) return;
  throw new BundleError(
    "B04",
    `\`${file.path}\` relaxes rules in an incident, which takes ${relaxSignersMin} signers`,
    "Have the bundle signed by a second key with `chancery bundle sign`.",
  );
}

function relaxes(document: PolicyDocument): boolean {
  return document.kind === "Incident" && document.spec.relax !== undefined;
}

function checkKinds(
  { path }: PolicyFile,
  kinds: ReadonlySet<string>,
  { ring, signers }: RightsTerms,
): void {
  for (const kind of kinds) {
    const entitled = signers.filter((key) => key.kinds === undefined || key.kinds.includes(kind));
    if (entitled.length >= thresholdOf(ring)) continue;
    throw new BundleError(
      "B04",
      `\`${path}\` changes, and too few of the bundle's signers may change a ${kind}`,
      `Have the bundle signed by a key that may vouch for the kind ${kind}.`,
    );
  }
}

/** Stands for what a file holds besides documents that can be read: no list of kinds has it. */
const unreadable = "document that cannot be read";

function kindsIn(file: PolicyFile, parse: ParseFile): ReadonlySet<string> {
  const { documents, problems } = parse(file);
  const kinds = new Set<string>(documents.map(({ kind }) => kind));
  if (problems.some(({ severity }) => severity === "error")) kinds.add(unreadable);
  return kinds;
}
