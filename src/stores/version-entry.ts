import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join, normalize, sep } from "node:path";
import { BundleError, joinBundle, type Manifest, type OpenBundle } from "../bundle/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { canonicalJson, sha256Hex } from "../signing/index.ts";
import { mark } from "./version-marks.ts";
import { draftOf, orMissing, writeWhole } from "./whole-files.ts";

/** One namespace of the policies, as it is about to serve. */
export interface VersionedLayer {
  readonly namespace: string;
  /** `sha256:` and hex, over the list of its files. */
  readonly digest: string;
  /** Those that hold documents. */
  readonly files: readonly PolicyFile[];
  /** Where it came in a signed bundle. */
  readonly signed?: SignedLayer | undefined;
}

/** What was signed, beside the files that hold documents. */
export interface SignedLayer {
  /** The envelope around the manifest, byte for byte as it came. */
  readonly envelope: Uint8Array;
  /** Files that the manifest lists as well: they hold comments alone. */
  readonly others: readonly PolicyFile[];
}

/** How an entry, and an envelope in it, is named. */
const hexDigest = /^[0-9a-f]{64}$/;
const listName = "list.json";
const filesName = "files";
const bundlesName = "bundles";
const envelopeName = "bundle.json";

/** The mark of an entry: when it was last in force. */
export function markOf(folder: string): string {
  return join(folder, "served");
}

/**
 * The files of an entry by their paths, which begin below the namespace: those that its list names,
 * and no byte but what the list says. Undefined where the entry is not there, or not what it was.
 */
export async function readListed(
  folder: string,
  digest: string,
): Promise<ReadonlyMap<string, Buffer> | undefined> {
  const listed = await readBytes(join(folder, listName));
  if (listed === undefined || `sha256:${sha256Hex(listed)}` !== digest) return undefined;
  const list = parseList(listed);
  if (list === undefined) return undefined;
  const files = new Map<string, Buffer>();
  for (const [path, hash] of Object.entries(list)) {
    const bytes = isBelow(path) ? await readBytes(join(folder, filesName, path)) : undefined;
    if (bytes === undefined || sha256Hex(bytes) !== hash) return undefined;
    files.set(path, bytes);
  }
  return files;
}

/** Makes an entry whole or not at all, or what is damaged of it anew. */
export async function writeEntry(
  folder: string,
  { files, namespace }: VersionedLayer,
  nowMs: number,
): Promise<void> {
  const isThere = (await orMissing(readdir(folder))) !== undefined;
  const place = isThere ? folder : draftOf(folder);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const list: Record<string, string> = {};
  for (const { path, text } of files.map((file) => ({ ...file, path: localPath(file) }))) {
    list[path] = sha256Hex(text);
    if (isBelow(path)) await writeWhole(join(place, filesName, path), text);
  }
  await writeWhole(join(place, listName), canonicalJson(list));
  await mark(markOf(place), nowMs);
  if (place !== folder) await settle(place, folder);

  function localPath({ path }: PolicyFile): string {
    return path.startsWith(`${namespace}/`) ? path.slice(namespace.length + 1) : path;
  }
}

/** Keeps what was signed beside the entry's files, under the digest of the envelope. */
export async function writeSigned(
  folder: string,
  { envelope, others }: SignedLayer,
  namespace: string,
): Promise<void> {
  const place = join(folder, bundlesName, sha256Hex(envelope));
  if ((await readBytes(join(place, envelopeName)))?.equals(envelope) === true) return;
  await rm(place, { recursive: true, force: true });
  const draft = draftOf(place);
  for (const { path, text } of others) {
    const local = path.slice(namespace.length + 1);
    if (isBelow(local)) await writeWhole(join(draft, filesName, local), text);
  }
  await writeWhole(join(draft, envelopeName), envelope);
  await settle(draft, place);
}

/** An entry as an auditor is given it. */
export interface KeptVersion {
  /** What records call it: `sha256:` and hex, over its list. */
  readonly digest: string;
  /** Paths of the files that hold documents, as the list has them. */
  readonly paths: readonly string[];
  /** The signed bundles that brought these documents; none where they came from a folder. */
  readonly bundles: readonly OpenBundle[];
}

/**
 * Reads one entry of a store, or a copy of it, by itself. Undefined where the folder is none. Throws
 * `BundleError` where a byte of it is not what its name, its list or a manifest says; whose
 * signatures the manifests bear is for `verifyBundle` to tell.
 */
export async function readVersion(folder: string): Promise<KeptVersion | undefined> {
  const listed = await readBytes(join(folder, listName));
  if (listed === undefined) return undefined;
  const digest = `sha256:${sha256Hex(listed)}`;
  const name = basename(folder);
  if (hexDigest.test(name) && digest !== `sha256:${name}`) throw notAsKept(`its \`${listName}\``);
  const files = await readListed(folder, digest);
  if (files === undefined) throw notAsKept(`a file that its \`${listName}\` names`);
  return { digest, paths: [...files.keys()], bundles: await readSigned(folder, files) };
}

async function readSigned(
  folder: string,
  listed: ReadonlyMap<string, Buffer>,
): Promise<readonly OpenBundle[]> {
  const names = (await orMissing(readdir(join(folder, bundlesName)))) ?? [];
  const bundles: OpenBundle[] = [];
  for (const name of names.filter((one) => hexDigest.test(one)).sort()) {
    const place = join(folder, bundlesName, name);
    const envelope = await readBytes(join(place, envelopeName));
    if (envelope === undefined || sha256Hex(envelope) !== name) {
      throw notAsKept(`the envelope \`${name}\``);
    }
    const { manifest } = joinBundle(envelope, []);
    const others = await readOthers(join(place, filesName), manifest, listed);
    // What the list names and the manifest does not was not signed, and shows when it is verified.
    const files = [...listed, ...others].map(([path, bytes]) => ({ path, bytes }));
    bundles.push(joinBundle(envelope, files.sort(byPath)));
  }
  return bundles;
}

/** Files of a manifest that hold no documents; one that is not there shows when it is verified. */
async function readOthers(
  folder: string,
  { files }: Manifest,
  listed: ReadonlyMap<string, Buffer>,
): Promise<ReadonlyMap<string, Buffer>> {
  const others = new Map<string, Buffer>();
  for (const { path } of files) {
    if (listed.has(path) || !isBelow(path)) continue;
    const bytes = await readBytes(join(folder, path));
    if (bytes !== undefined) others.set(path, bytes);
  }
  return others;
}

/** Digests by path; undefined where the bytes are no such list. */
function parseList(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const list: unknown = JSON.parse(Buffer.from(bytes).toString());
    const isMapping = typeof list === "object" && list !== null && !Array.isArray(list);
    return isMapping ? (list as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

function notAsKept(what: string): BundleError {
  return new BundleError(
    "B02",
    `${what} is not what was kept`,
    "Take the entry from another copy of the store, and find out who changed this one.",
  );
}

/** Puts a draft in its place; where another process was first, what it put there is the same. */
async function settle(draft: string, place: string): Promise<void> {
  try {
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

/** Paths come from archives as well, and from stores that others may write. */
export function isBelow(path: string): boolean {
  const normal = normalize(path);
  return normal === path && !normal.startsWith(sep) && !normal.split(sep).includes("..");
}

/** Undefined where the file is not there or cannot be read: either way nobody can go by it. */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}
