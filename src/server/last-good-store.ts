import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { inSlices } from "../activation/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { sha256Hex } from "../signing/index.ts";
import { replaceFile } from "./replace-file.ts";

/** A policy set that served, as it is kept for a start without its source. */
export interface StoredPolicies {
  /** When each namespace was last known to be the newest, in milliseconds since 1970. */
  readonly confirmedAtMs: ReadonlyMap<string, number>;
  readonly files: readonly PolicyFile[];
}

/** Where the last good set lives between two starts; owned by the server of one `stateDir`. */
export interface LastGoodStore {
  /** Undefined where nothing usable is kept for these sources. */
  load(): Promise<StoredPolicies | undefined>;
  /** Replaces what was kept, whole or not at all. Rejects when the disk says no. */
  save(policies: StoredPolicies): Promise<void>;
}

const storedSchema = Type.Object({
  /** The directories the set came from: another configuration must not wake it up again. */
  sources: Type.Array(Type.String()),
  confirmedAt: Type.Record(Type.String(), Type.String()),
  files: Type.Array(
    Type.Object({ path: Type.String(), namespace: Type.String(), text: Type.String() }),
  ),
});

type Stored = Static<typeof storedSchema>;

const fileName = "last-good";

/**
 * The store below `stateDir/snapshots` (audit-and-operations 11 and 16): one file that begins with
 * the SHA-256 of what follows, so that a damaged one is none. It guards against accidents; whoever
 * can write there can write policies.
 */
export function createLastGoodStore(stateDir: string, sources: readonly string[]): LastGoodStore {
  const folder = join(stateDir, "snapshots");
  const path = join(folder, fileName);
  return {
    load: async () => {
      const stored = await readStored(path);
      if (stored === undefined || stored.sources.join("\n") !== sources.join("\n"))
        return undefined;
      const confirmedAt = Object.entries(stored.confirmedAt);
      return {
        confirmedAtMs: new Map(confirmedAt.map(([name, at]) => [name, Date.parse(at)])),
        files: stored.files,
      };
    },
    save: async ({ confirmedAtMs, files }) => {
      const confirmedAt = Object.fromEntries(
        [...confirmedAtMs].map(([name, at]) => [name, new Date(at).toISOString()]),
      );
      const content = await inSlices(render({ sources: [...sources], confirmedAt }, files));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await replaceFile(path, content);
    },
  };
}

/** The files of the set that is kept, whichever sources it is for. None where nothing usable is kept. */
export async function readLastGood(stateDir: string): Promise<readonly PolicyFile[]> {
  return (await readStored(join(stateDir, "snapshots", fileName)))?.files ?? [];
}

/** What the file holds, made file by file: of many tenants it is megabytes. */
function* render(
  head: Omit<Stored, "files">,
  files: readonly PolicyFile[],
): Generator<undefined, string> {
  const parts = [`${JSON.stringify(head).slice(0, -1)},"files":[`];
  const digest = createHash("sha256").update(parts.join(""));
  for (const [index, { namespace, path, text }] of files.entries()) {
    const stored = JSON.stringify({ path, namespace, text });
    const part = index === 0 ? stored : `,${stored}`;
    parts.push(part);
    digest.update(part);
    yield;
  }
  const end = "]}";
  return `${digest.update(end).digest("hex")}\n${parts.join("")}${end}`;
}

async function readStored(path: string): Promise<Stored | undefined> {
  try {
    const content = await readFile(path, "utf8");
    const text = content.slice(content.indexOf("\n") + 1);
    if (content !== `${sha256Hex(text)}\n${text}`) return undefined;
    const stored: unknown = JSON.parse(text);
    return Value.Check(storedSchema, stored) ? stored : undefined;
  } catch {
    // Nothing kept is what a first start finds; one that cannot be read is of no more use.
    return undefined;
  }
}
