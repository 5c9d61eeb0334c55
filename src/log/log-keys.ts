import { join } from "node:path";
import {
  formatKeyStatement,
  generateNoteKey,
  generateNoteSigner,
  type NoteSigner,
  type RootSigner,
  readNoteSigner,
  signAsRoot,
} from "../signing/index.ts";
import { readIfThere, replaceFileNow } from "./durable-file.ts";

/** Where the keys come from that sign checkpoints (audit-and-operations 4.3). */
export interface LogKeys {
  /** Introduces the keys of the log; undefined: the log has one key for ever, in a file. */
  readonly root: RootSigner | undefined;
  /** A key for a log that was not open before, or is opened again. */
  readonly create: (origin: string) => NoteSigner;
  /** The key a log without root has; undefined where it is gone. */
  readonly find: (origin: string) => NoteSigner | undefined;
}

/**
 * Keys that live in memory where a root introduces them, else in `<stateDir>/keys/log/`, one file
 * for each log, readable by its owner only.
 */
export function createLogKeys(stateDir: string, root: RootSigner | undefined): LogKeys {
  if (root !== undefined) return { root, create: generateNoteSigner, find: generateNoteSigner };
  const pathOf = (origin: string) => {
    const [slot = "", id = ""] = origin.split("/").slice(-2);
    return join(stateDir, "keys", "log", `${slot}-${id}.pem`);
  };
  const find = (origin: string) => {
    const pem = readIfThere(pathOf(origin));
    return pem === undefined ? undefined : readNoteSigner(origin, pem.toString());
  };
  const create = (origin: string) => {
    const pem = generateNoteKey();
    const signer = readNoteSigner(origin, pem);
    if (signer === undefined) throw new Error("expected a new key to be one");
    replaceFileNow(pathOf(origin), pem);
    return signer;
  };
  return { root: undefined, create, find };
}

/** The verifier key of a log without root; undefined where its key is not in the state directory. */
export function findVerifierKey(stateDir: string, origin: string): string | undefined {
  return createLogKeys(stateDir, undefined).find(origin)?.verifierKey;
}

/**
 * The statement by which a root introduces a key of a log with the record `seq`. Rejects with why
 * the root does not sign.
 */
export function introduce(
  root: RootSigner,
  key: NoteSigner,
  at: { readonly origin: string; readonly seq: number },
  signal?: AbortSignal,
): Promise<string> {
  const { origin, seq } = at;
  const { verifierKey: verifier } = key;
  const text = formatKeyStatement({ origin, event: "introduce", at: seq, verifier });
  return signAsRoot(text, root, signal);
}
