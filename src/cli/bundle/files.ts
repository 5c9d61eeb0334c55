import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { parse } from "yaml";
import { type KeyRing, type OpenBundle, openBundle, readKeyRing } from "../../bundle/index.ts";
import { readSigningKey, type SigningKey } from "../../signing/index.ts";
import type { Io } from "../io.ts";
import { readInput } from "../read-input.ts";
import { UsageError } from "../usage-error.ts";

/** The bytes of a file named on the command line. */
export async function readBytes(io: Io, path: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, path));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot read ${path}: ${reason}.`, "Check the path.");
  }
}

/** Writes a file whole or not at all. */
export async function writeBytes(
  io: Io,
  path: string,
  content: Uint8Array | string,
  mode = 0o644,
): Promise<void> {
  const target = resolve(io.cwd, path);
  const draft = `${target}.draft`;
  try {
    await writeFile(draft, content, { mode, flag: "w" });
    await rename(draft, target);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot write ${path}: ${reason}.`, "Check the path given with --out.");
  }
}

/** A bundle in a file, opened; throws `BundleError` where it is none. */
export async function readBundle(io: Io, path: string): Promise<OpenBundle> {
  return openBundle(await readBytes(io, path));
}

/** A private key in a file that nobody but its owner may read. */
export async function readKeyFile(io: Io, path: string, id?: string): Promise<SigningKey> {
  const pem = await readSecret(io, path, "--key");
  const key = readSigningKey(id ?? basename(path, extname(path)), pem);
  if (key !== undefined) return key;
  throw new UsageError(
    `${path} holds no Ed25519 private key in PEM (PKCS#8), or one behind a passphrase.`,
    "Make one with `chancery bundle keygen`.",
  );
}

/** `NAME:PASSWORD` in a file that nobody but its owner may read. */
export async function readCredential(
  io: Io,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const credential = (await readSecret(io, path, "--credential")).trim();
  if (/^[^:\s][^:\r\n]*:[^\r\n]+$/.test(credential)) return credential;
  throw new UsageError(`${path} does not hold NAME:PASSWORD on one line.`, "Write it so.");
}

async function readSecret(io: Io, path: string, option: string): Promise<string> {
  const text = await readInput(io, path, option);
  const { mode } = await stat(resolve(io.cwd, path));
  if ((mode & 0o077) === 0) return text;
  throw new UsageError(
    `${path} can be read by others than its owner, so it is no secret.`,
    `Run \`chmod 600 ${path}\`, and think about whether to replace what is in it.`,
  );
}

/** A key ring in a file of its own, in YAML or JSON. */
export async function readRingFile(io: Io, path: string): Promise<KeyRing> {
  const ring = readKeyRing(parseYaml(await readInput(io, path, "--ring")));
  if (ring !== undefined) return ring;
  throw new UsageError(
    `${path} holds no key ring.`,
    "Write `keys: [{ id: NAME, ed25519: PUBLIC-KEY }]` in it, and `threshold` where it is not 1.",
  );
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    // Told by the caller, who knows what should stand there.
    return undefined;
  }
}
