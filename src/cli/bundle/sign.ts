import { generateKeyPairSync } from "node:crypto";
import { access } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { packBundle, signBundle } from "../../bundle/index.ts";
import { rawPublicKey } from "../../signing/index.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";
import { type BundleAction, required } from "./action.ts";
import { readBundle, readKeyFile, writeBytes } from "./files.ts";

/** Makes a key pair: the private half into a file, the public one as the line of a key ring. */
export const keygen: BundleAction = {
  options: ["keyId"],
  async run({ keyId, target }, io) {
    const isThere = await access(resolve(io.cwd, target)).then(
      () => true,
      () => false,
    );
    if (isThere) {
      throw new UsageError(`${target} exists, and may hold a key that is in use.`, "Name another.");
    }
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    await writeBytes(io, target, pem, 0o600);
    const id = keyId ?? basename(target, extname(target));
    io.stdout.write(`{ id: ${id}, ed25519: ${rawPublicKey(publicKey)} }\n`);
    return exitCodes.done;
  },
};

/** Adds one signature to a bundle in a file. */
export const sign: BundleAction = {
  options: ["key", "keyId", "out"],
  async run({ key, keyId, out, target }, io) {
    const signing = await readKeyFile(io, required(key, "--key FILE"), keyId);
    const signed = signBundle(await readBundle(io, target), signing);
    await writeBytes(io, out ?? target, packBundle(signed));
    const ids = signed.envelope.signatures.map(({ keyid }) => keyid).join(", ");
    io.stdout.write(`${out ?? target}  signed by ${ids}\n`);
    return exitCodes.done;
  },
};
