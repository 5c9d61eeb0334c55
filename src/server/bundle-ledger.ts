import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { Problem } from "../base/index.ts";
import type { BundleLedger } from "../bundle/index.ts";
import { keyRingSchema } from "../policy/index.ts";
import { sha256Hex } from "../signing/index.ts";
import { replaceFile } from "./replace-file.ts";

/** What is kept of bundles between two starts, and shown by `chancery bundle status`. */
export interface KeptBundles {
  readonly ledger: BundleLedger;
  /** Why bundles that were found do not serve. */
  readonly refusals: readonly BundleRefusal[];
}

/** A bundle that was found and does not serve. */
export interface BundleRefusal extends Pick<Problem, "code" | "message" | "hint"> {
  /** The source, or the document in it. */
  readonly file: string;
  readonly namespace?: string;
  /** When it was refused first, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** Where it lives; owned by the server of one `stateDir`. */
export interface BundleLedgerStore {
  /** Undefined where nothing was kept yet. Rejects where what was kept cannot be read. */
  load(): Promise<KeptBundles | undefined>;
  /** Replaces what was kept, whole or not at all. Rejects when the disk says no. */
  save(kept: KeptBundles): Promise<void>;
}

const keptSchema = Type.Object({
  trust: Type.String(),
  ring: Type.Optional(keyRingSchema),
  accepted: Type.Array(
    Type.Object({
      namespace: Type.String(),
      place: Type.String(),
      digest: Type.String(),
      sequence: Type.Integer({ minimum: 1 }),
      version: Type.String(),
      createdAt: Type.String(),
      expiresAt: Type.String(),
      signers: Type.Array(Type.String()),
      acceptedAtMs: Type.Number(),
    }),
  ),
  refusals: Type.Array(
    Type.Object({
      code: Type.String(),
      file: Type.String(),
      message: Type.String(),
      hint: Type.String(),
      namespace: Type.Optional(Type.String()),
      sinceMs: Type.Number(),
    }),
  ),
});

const fileName = "bundles.json";

/**
 * The ledger below `stateDir/snapshots`: one file that begins with the SHA-256 of what follows. It is
 * what keeps an old bundle from coming back, so one that is damaged is not taken for none.
 */
export function createBundleLedgerStore(stateDir: string): BundleLedgerStore {
  const folder = join(stateDir, "snapshots");
  const path = join(folder, fileName);
  return {
    load: () => readKept(path),
    save: async ({ ledger, refusals }) => {
      const accepted = [...ledger.accepted.values()];
      const { ring, trust } = ledger;
      const text = JSON.stringify({ trust, ring, accepted, refusals });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(path, `${sha256Hex(text)}\n${text}\n`);
    },
  };
}

/** The refusals of a load, each with the time since when it has been so. */
export function datedRefusals(
  problems: readonly Problem[],
  before: readonly BundleRefusal[],
  nowMs: number,
): readonly BundleRefusal[] {
  return problems.map(({ code, file, hint, message, namespace }) => {
    const known = before.find((one) => one.file === file && one.message === message);
    const sinceMs = known?.sinceMs ?? nowMs;
    return {
      code,
      file,
      message,
      hint,
      ...(namespace === undefined ? {} : { namespace }),
      sinceMs,
    };
  });
}

/** What `/status` says of bundles. */
export function renderBundles({ ledger, refusals }: KeptBundles): object {
  return {
    active: [...ledger.accepted.values()].map(({ acceptedAtMs, ...bundle }) => ({
      ...bundle,
      activeSince: new Date(acceptedAtMs).toISOString(),
    })),
    refused: refusals.map(({ sinceMs, ...refusal }) => ({
      ...refusal,
      since: new Date(sinceMs).toISOString(),
    })),
  };
}

async function readKept(path: string): Promise<KeptBundles | undefined> {
  const content = await readIfThere(path);
  if (content === undefined) return undefined;
  const text = content.slice(content.indexOf("\n") + 1).trimEnd();
  const value: unknown = content === `${sha256Hex(text)}\n${text}\n` ? JSON.parse(text) : undefined;
  if (!Value.Check(keptSchema, value)) {
    throw new Error(
      `${path} is damaged; restore it, or delete it to accept bundles of any sequence`,
    );
  }
  return toKept(value);
}

function toKept({ accepted, refusals, ring, trust }: Static<typeof keptSchema>): KeptBundles {
  return {
    ledger: {
      trust,
      ring,
      accepted: new Map(accepted.map((bundle) => [bundle.namespace, bundle])),
    },
    // Written by this program, so the codes are those it knows.
    refusals: refusals as readonly BundleRefusal[],
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
