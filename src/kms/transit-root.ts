import { createRootSigner, type RootSigner } from "../signing/index.ts";
import { defaultPatience, type Patience, withPatience } from "./attempts.ts";
import { KmsError } from "./kms-error.ts";
import { readTransitKey, signatureOf } from "./transit-answers.ts";
import { callVault, type VaultAddress } from "./vault-call.ts";

/** A key of a secrets engine Transit, as in the API documentation of OpenBao and Vault. */
export interface TransitKey extends VaultAddress {
  /** Its name in the engine. */
  readonly key: string;
  /** Where the engine is mounted. */
  readonly mount: string;
  /** The version that is the root; undefined: the only one there is. */
  readonly version: number | undefined;
}

/** Nothing that is signed here begins with this: a signature over it shows the way and no more. */
const trial = Buffer.from("chancery/v1 root-trial\n");

/**
 * The root whose key is in a Transit engine, under the name verifiers know it by. It has signed once
 * then: way, token, version and public key are shown before anything rests on them. Each signature is
 * verified before it is given out. Rejects with `KmsError`, which says what was expected, or an
 * error of code `unverified_signature`.
 */
export async function openTransitRoot(
  config: TransitKey,
  name: string,
  patience: Patience = defaultPatience,
): Promise<RootSigner> {
  const { key, mount } = config;
  const read = (signal: AbortSignal) =>
    callVault(config, { method: "GET", path: `/v1/${mount}/keys/${key}`, signal });
  const { publicKey, version } = readTransitKey(
    await withPatience(patience, undefined, read),
    config,
  );
  const signOnce = async (bytes: Uint8Array, signal: AbortSignal) => {
    // Without a version it would be the latest, whichever that is by then.
    const body = { input: Buffer.from(bytes).toString("base64"), key_version: version };
    const path = `/v1/${mount}/sign/${key}`;
    const call = callVault(config, { method: "POST", path, body, signal });
    const answer = await call.catch(async (error: unknown) => {
      // A key that is gone is status 400, a version that may not sign any more 500: the key tells.
      readTransitKey(await read(signal), { key, version });
      throw error;
    });
    return signatureOf(answer, version);
  };
  const root = createRootSigner(name, publicKey, (bytes, signal) =>
    withPatience(patience, signal, (until) => signOnce(bytes, until)),
  );
  if (root === undefined) {
    throw new KmsError("kms_invalid", `expected the public key of ${key} to be one`);
  }
  await root.sign(trial);
  return root;
}
