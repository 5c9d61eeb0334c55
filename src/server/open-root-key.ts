import { readFileSync, statSync } from "node:fs";
import { openTransitRoot } from "../kms/index.ts";
import { type NoteSigner, type RootSigner, readNoteSigner } from "../signing/index.ts";
import type { RootKeyConfig } from "./config-root-key.ts";

/**
 * The root that introduces the keys of logs; undefined where none is configured. `origin`: the first
 * part of log names. Rejects where a file is not there, is open to others or holds no Ed25519 key, and
 * with `KmsError` where a service does not sign with the key.
 */
export async function openRootKey(
  config: RootKeyConfig | undefined,
  origin: string,
): Promise<RootSigner | undefined> {
  if (config === undefined) return undefined;
  const name = config.name ?? `${origin}/root`;
  return config.kind === "file"
    ? readRootKey(config.file, name)
    : openTransitRoot(config.transit, name);
}

function readRootKey(file: string, name: string): NoteSigner {
  const pem = readFileSync(file, "utf8");
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Error(`expected the root key to be readable by its owner only (mode 0600): ${file}`);
  }
  const signer = readNoteSigner(name, pem);
  if (signer === undefined) throw new Error(`expected an Ed25519 key in PKCS#8 PEM: ${file}`);
  return signer;
}
