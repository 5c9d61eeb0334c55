import { generateKeyPairSync } from "node:crypto";
import { access } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { KeyIndex, packBundle, signBundle, verifyBundle } from "../../bundle/index.ts";
import { parsePolicies } from "../../policy/index.ts";
import { rawPublicKey } from "../../signing/index.ts";
import { exitCodes } from "../exit-codes.ts";
import { createPaint } from "../paint.ts";
import { UsageError } from "../usage-error.ts";
import { type BundleAction, required } from "./action.ts";
import { readBundle, readKeyFile, readRingFile, writeBytes } from "./files.ts";

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

/** Verifies a bundle in a file as a server would, with the keys of a ring in a file. */
export const verify: BundleAction = {
  options: ["namespace", "ring"],
  async run({ namespace, ring: ringFile, target }, io) {
    const authority = required(namespace, "--namespace NAME");
    const ring = await readRingFile(io, required(ringFile, "--ring FILE"));
    const open = await readBundle(io, target);
    const nowMs = Date.now();
    const index = new KeyIndex(new Map([[authority, ring]]));
    const signers = index.signersOf(open.envelope, nowMs).get(authority) ?? [];
    const parse = (file: Parameters<typeof parsePolicies>[0][number]) => parsePolicies([file]);
    const { manifest, signers: ids } = verifyBundle(open, {
      ...{ authority, ring, signers, nowMs, parse },
    });
    const good = createPaint(io)("good", "verified");
    io.stdout.write(
      `${target}  ${good}  ${authority} ${manifest.version}, sequence ${manifest.sequence}, until ${manifest.expiresAt}, signed by ${ids.join(", ")}\n`,
    );
    return exitCodes.done;
  },
};
