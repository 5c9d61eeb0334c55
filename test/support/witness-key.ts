import { generateKeyPairSync, hash } from "node:crypto";
import { rawPublicKey } from "../../src/signing/index.ts";

/** A new key as a witness of this name publishes it (C2SP signed-note, type 4). */
export function createWitnessKey(name: string): string {
  const { publicKey } = generateKeyPairSync("ed25519");
  const typed = Buffer.concat([Buffer.from([4]), Buffer.from(rawPublicKey(publicKey), "base64")]);
  const id = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), typed]), "hex").slice(0, 8);
  return `${name}+${id}+${typed.toString("base64")}`;
}
