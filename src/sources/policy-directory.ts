import { constants, type Dirent } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../base/index.ts";
import type { PolicyFile } from "../policy/index.ts";

/** One file; the text of a policy is small, and what is not one should not fill the memory. */
export const policyFileBytesMax = 1024 * 1024;
/** All files of one directory. */
const policyFilesMax = 10_000;
/** Folders below a namespace, so that a mistaken directory does not mean reading a whole disk. */
export const policyFolderDepthMax = 16;

/** What a policy directory holds. Files are sorted by path; problems stand in no order. */
export interface PolicyDirectory {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly Problem[];
}

/** How a directory is read. */
export interface DirectoryReading {
  /** True: one without policies is no problem. */
  readonly mayBeEmpty?: boolean;
}

/**
 * Reads `<directory>/<namespace>/**` (policy-model 2.1): files ending in `.yaml`, `.yml` or `.json`,
 * without hidden ones and links. Paths are relative to the directory, with forward slashes. Never
 * rejects: what cannot be read is a C04 problem.
 */
export async function readPolicyDirectory(
  directory: string,
  { mayBeEmpty = false }: DirectoryReading = {},
): Promise<PolicyDirectory> {
  const reader: Reader = { directory, files: [], problems: [] };
  const entries = await listFolder(reader, "");
  for (const entry of entries ?? []) {
    if (entry.isDirectory()) await readFolder(reader, entry.name, entry.name, 1);
    else if (entry.isFile() && isPolicyName(entry.name)) reader.problems.push(strayFile(entry));
  }
  const isEmpty = entries !== undefined && reader.files.length === 0 && !hasError(reader);
  if (isEmpty && !mayBeEmpty) {
    reader.problems.push(nothingFound());
  }
  const files = reader.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { files, problems: reader.problems };
}

interface Reader {
  readonly directory: string;
  readonly files: PolicyFile[];
  readonly problems: Problem[];
}

async function readFolder(
  reader: Reader,
  folder: string,
  namespace: string,
  depth: number,
): Promise<void> {
  if (depth > policyFolderDepthMax) {
    const found = `folders are nested deeper than ${policyFolderDepthMax}`;
    reader.problems.push(unreadable(folder, namespace, found, "Keep policy folders flat."));
    return;
  }
  for (const entry of (await listFolder(reader, folder)) ?? []) {
    if (hasTooMany(reader)) return;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await readFolder(reader, path, namespace, depth + 1);
    else if (entry.isFile() && isPolicyName(entry.name)) await readFile(reader, path, namespace);
  }
}

/** Entries sorted by name, hidden ones left out; undefined when the folder cannot be listed. */
async function listFolder(reader: Reader, folder: string): Promise<readonly Dirent[] | undefined> {
  try {
    const entries = await readdir(join(reader.directory, folder), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith("."))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    reader.problems.push(
      unreadable(folder, folder.split("/")[0], `cannot list the folder: ${reasonOf(error)}`),
    );
    return undefined;
  }
}

async function readFile(reader: Reader, path: string, namespace: string): Promise<void> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readBounded(join(reader.directory, path));
  } catch (error) {
    reader.problems.push(unreadable(path, namespace, `cannot read the file: ${reasonOf(error)}`));
    return;
  }
  if (bytes === undefined) {
    const found = `the file is larger than ${policyFileBytesMax} bytes`;
    reader.problems.push(unreadable(path, namespace, found, "Split it, or move it elsewhere."));
    return;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    reader.files.push({ path, namespace, text });
  } catch {
    // The decoder says only that it failed; so do we, with what to do about it.
    reader.problems.push(unreadable(path, namespace, "the file is not UTF-8", "Save it as UTF-8."));
  }
}

/** The bytes of a file, or undefined when there are more than a policy may have. */
async function readBounded(path: string): Promise<Buffer | undefined> {
  // Not following links and not blocking: what is read is what was listed, or an error.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await open(path, flags);
  const { size } = await handle.stat();
  return size > policyFileBytesMax ? undefined : await handle.readFile();
}

function isPolicyName(name: string): boolean {
  return /\.(?:yaml|yml|json)$/.test(name);
}

function hasTooMany(reader: Reader): boolean {
  if (reader.files.length < policyFilesMax) return false;
  if (!hasError(reader)) {
    const found = `the directory holds more than ${policyFilesMax} files`;
    reader.problems.push(unreadable("", undefined, found, "Name the directory of the policies."));
  }
  return true;
}

function hasError(reader: Reader): boolean {
  return reader.problems.some(({ severity }) => severity === "error");
}

function strayFile(entry: Dirent): Problem {
  return {
    code: "C04",
    severity: "warning",
    file: entry.name,
    line: 0,
    column: 0,
    message: "the file lies outside every namespace folder, so it is not read",
    hint: "Move it into platform/ or into the folder of its tenant.",
  };
}

function nothingFound(): Problem {
  return unreadable(
    "",
    undefined,
    "the directory holds no policies",
    "Put documents into platform/*.yaml and into a folder for each tenant.",
  );
}

function unreadable(
  path: string,
  namespace: string | undefined,
  message: string,
  hint = "Check that it exists and that this process may read it.",
): Problem {
  return {
    code: "C04",
    severity: "error",
    ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    file: path === "" ? "." : path,
    line: 0,
    column: 0,
    message,
    hint,
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "it is a link",
  ENOENT: "it does not exist",
  ENOTDIR: "it is not a folder",
};

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return reasons[code] ?? code;
}
