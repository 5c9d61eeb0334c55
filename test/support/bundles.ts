import { createHash, createPrivateKey } from "node:crypto";
import {
  buildBundle,
  type KeyRing,
  type OpenBundle,
  packBundle,
  type RingKey,
  signBundle,
} from "../../src/bundle/index.ts";
import { readSigningKey, type SigningKey } from "../../src/signing/index.ts";

/** The private key that a name stands for: the same in every run. */
export function keyPem(name: string): string {
  const seed = createHash("sha256").update(name).digest("hex");
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, "hex");
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}

export function signingKey(name: string): SigningKey {
  const key = readSigningKey(name, keyPem(name));
  if (key === undefined) throw new Error("no key came of the seed");
  return key;
}

/** The entry of a key ring for a key. */
export function ringKey(name: string, more: Partial<RingKey> = {}): RingKey {
  return { id: name, ed25519: signingKey(name).publicKey, ...more };
}

export function ringOf(...names: readonly string[]): KeyRing {
  return { keys: names.map((name) => ringKey(name)) };
}

/** What a test says of a bundle; the rest does not matter to it. */
export interface BundleDraft {
  readonly namespace: string;
  /** Text by path below the namespace. */
  readonly files: Readonly<Record<string, string>>;
  readonly signers: readonly string[];
  readonly sequence?: number;
  readonly createdAtMs?: number;
  readonly expiresAtMs?: number;
}

/** The time at which tests take place. */
export const bundleNowMs = Date.parse("2026-03-02T10:00:00Z");
const dayMs = 86_400_000;

export function openDraft(draft: BundleDraft): OpenBundle {
  const { createdAtMs = bundleNowMs - dayMs, expiresAtMs = bundleNowMs + 30 * dayMs } = draft;
  const files = Object.entries(draft.files).map(([path, text]) => ({ path, text }));
  const built = buildBundle(files, {
    namespace: draft.namespace,
    version: "1.0.0",
    sequence: draft.sequence ?? 1,
    createdAtMs,
    expiresAtMs,
    git: null,
    builder: "test",
    lint: null,
    tests: null,
  });
  return draft.signers.reduce((open, name) => signBundle(open, signingKey(name)), built);
}

export function archiveOf(draft: BundleDraft): Uint8Array {
  return packBundle(openDraft(draft));
}

/** A document in JSON, which is YAML too. */
export function document(kind: string, namespace: string, name: string, spec: object): string {
  const metadata = { name, namespace };
  return JSON.stringify({ apiVersion: "chancery/v1alpha1", kind, metadata, spec });
}

/** A policy at a layer with one rule that allows everything. */
export function allowPolicy(namespace: string, name = "all"): string {
  const layer = namespace === "platform" ? "global" : "tenant";
  const spec = { attach: { layer }, rules: [{ id: "all", effect: "allow" }] };
  return document("Policy", namespace, name, spec);
}
