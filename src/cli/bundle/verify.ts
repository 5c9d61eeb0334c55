import { resolve } from "node:path";
import {
  BundleError,
  KeyIndex,
  type KeyRing,
  type OpenBundle,
  type VerifiedBundle,
  verifyBundle,
} from "../../bundle/index.ts";
import { type PolicyFile, parsePolicies } from "../../policy/index.ts";
import { type KeptVersion, readVersion } from "../../stores/index.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { parseTime } from "../log/parse-time.ts";
import { createPaint } from "../paint.ts";
import { type BundleAction, required } from "./action.ts";
import { readBundle, readRingFile } from "./files.ts";

/**
 * Verifies a bundle as a server would, with the keys of a ring in a file: one in a file, or those that
 * brought what a store of versions keeps (audit-and-operations 2.4).
 */
export const verify: BundleAction = {
  options: ["namespace", "ring", "at"],
  async run({ at, namespace, ring: ringFile, target }, io) {
    const authority = required(namespace, "--namespace NAME");
    const ring = await readRingFile(io, required(ringFile, "--ring FILE"));
    const nowMs = at === undefined ? Date.now() : Date.parse(parseTime(at, "--at"));
    const terms = { authority, ring, nowMs };
    const kept = await readVersion(resolve(io.cwd, target));
    if (kept === undefined) {
      show(io, target, verifyOne(await readBundle(io, target), terms));
      return exitCodes.done;
    }
    for (const verified of verifyKept(kept, terms)) show(io, kept.digest, verified);
    return exitCodes.done;
  },
};

interface Terms {
  readonly authority: string;
  readonly ring: KeyRing;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

function verifyOne(open: OpenBundle, terms: Terms): VerifiedBundle {
  const { authority, nowMs, ring } = terms;
  const index = new KeyIndex(new Map([[authority, ring]]));
  const signers = index.signersOf(open.envelope, nowMs).get(authority) ?? [];
  const parse = (file: PolicyFile) => parsePolicies([file]);
  return verifyBundle(open, { ...terms, signers, parse });
}

/** Each bundle of the authority that brought what records know under the digest of this entry. */
function verifyKept({ bundles, paths }: KeptVersion, terms: Terms): readonly VerifiedBundle[] {
  const { authority } = terms;
  const own = bundles.filter(({ manifest }) => manifest.namespace === authority);
  if (own.length === 0) {
    throw new BundleError(
      "B01",
      `no manifest of \`${authority}\` is kept with these documents`,
      "They came from a folder, or in a bundle of another authority, whose name --namespace takes.",
    );
  }
  const listed = new Set(paths.map((path) => `${authority}/${path}`));
  return own.map((open) => {
    const verified = verifyOne(open, terms);
    // A digest that leaves out documents would be of other policies than those that were signed.
    const others = verified.files.filter(({ path }) => !listed.has(path));
    const document = others.find((file) => parsePolicies([file]).documents.length > 0);
    if (document === undefined) return verified;
    throw new BundleError(
      "B02",
      `\`${document.path}\` holds documents, and the digest is not over it`,
      "Find out who put this entry together: a server keeps all documents of a bundle.",
    );
  });
}

function show(io: Io, what: string, { manifest, namespace, signers }: VerifiedBundle): void {
  const { expiresAt, sequence, version } = manifest;
  const good = createPaint(io)("good", "verified");
  io.stdout.write(
    `${what}  ${good}  ${namespace} ${version}, sequence ${sequence}, until ${expiresAt}, signed by ${signers.join(", ")}\n`,
  );
}
