import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { markOf } from "./version-entry.ts";
import { mark, readMark } from "./version-marks.ts";
import { switchMarkOf } from "./version-store.ts";
import { orMissing } from "./whole-files.ts";

/** A version that was in force, and is not as far as its mark knows. */
export interface IdleVersion {
  readonly kind: "layer" | "killSwitch";
  /** The digest of a layer; `<namespace>/<name>@<sequence>` of a kill switch. */
  readonly name: string;
  readonly path: string;
  /** When it was last known to be in force, in milliseconds since 1970. */
  readonly servedMs: number;
}

/**
 * Marks are made new each hour, records name the version their exchange began with, and a closing
 * that of its decision: this long after its mark a version may still be named (audit-and-operations
 * 2.4). Drafts of this age are nobody's any more.
 */
export const slackMs = 24 * 3_600_000;

/** An entry on its way out: put back where nobody finished it, since it is whole. */
const leaving = ".leaving";
/** One that is being deleted, of which parts may be gone. */
const gone = ".gone";

/** Takes away what a store of versions holds that nothing needs; what that is, others say. */
export class VersionRetention {
  readonly #layers: string;
  readonly #switches: string;

  /** `folder`: that of the store. Of all processes only one may be at it at a time. */
  constructor(folder: string) {
    this.#layers = join(folder, "sha256");
    this.#switches = join(folder, "killswitches");
  }

  /** Finishes or undoes what a process that died was at. Rejects when the disk says no. */
  async recover(nowMs: number): Promise<void> {
    await recoverIn(this.#layers, nowMs);
    for (const namespace of await list(this.#switches)) {
      await recoverIn(join(this.#switches, namespace), nowMs);
    }
  }

  /**
   * What was last in force more than `slackMs` ago. Of what bears no mark nobody knows: it gets one,
   * unless `isDry`, and counts as in force now. Rejects when the disk says no.
   */
  async findIdle(nowMs: number, isDry = false): Promise<readonly IdleVersion[]> {
    const idle: IdleVersion[] = [];
    for (const version of await this.#all()) {
      const markPath = markPathOf(version);
      const servedMs = await readMark(markPath);
      if (servedMs === undefined) {
        if (!isDry) await orMissing(mark(markPath, nowMs));
      } else if (servedMs < nowMs - slackMs) idle.push({ ...version, servedMs });
    }
    return idle;
  }

  /**
   * Takes a version away, whole or not at all; false where it came into force again meanwhile, so that
   * it stays. Rejects when the disk says no.
   */
  async remove(version: IdleVersion): Promise<boolean> {
    const { kind, path, servedMs } = version;
    const way = `${path}${leaving}`;
    if ((await orMissing(rename(path, way).then(() => true))) === undefined) return false;
    // Whoever lets a version serve marks it first, and keeps it anew where it is not there.
    const markPath = kind === "layer" ? markOf(way) : switchMarkOf(path);
    if ((await readMark(markPath)) !== servedMs) {
      await putBack(way, path);
      return false;
    }
    if (kind === "killSwitch") await rm(markPath, { force: true });
    await rename(way, `${path}${gone}`);
    await rm(`${path}${gone}`, { recursive: true, force: true });
    return true;
  }

  async #all(): Promise<readonly Omit<IdleVersion, "servedMs">[]> {
    const layers = (await list(this.#layers)).filter((hex) => /^[0-9a-f]{64}$/.test(hex));
    const all: Omit<IdleVersion, "servedMs">[] = layers.map((hex) => ({
      kind: "layer",
      name: `sha256:${hex}`,
      path: join(this.#layers, hex),
    }));
    for (const namespace of await list(this.#switches)) {
      const folder = join(this.#switches, namespace);
      const names = (await list(folder)).filter((name) => /^[^@]+@[0-9]+$/.test(name));
      for (const name of names) {
        all.push({ kind: "killSwitch", name: `${namespace}/${name}`, path: join(folder, name) });
      }
    }
    return all;
  }
}

function markPathOf({ kind, path }: Pick<IdleVersion, "kind" | "path">): string {
  return kind === "layer" ? markOf(path) : switchMarkOf(path);
}

async function recoverIn(folder: string, nowMs: number): Promise<void> {
  for (const name of await list(folder)) {
    const path = join(folder, name);
    if (name.endsWith(leaving)) await putBack(path, path.slice(0, -leaving.length));
    else if (name.endsWith(gone) || (await isOldDraft(path, name, nowMs))) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** What bears a random name (RFC 9562) beside its own was begun and never finished. */
async function isOldDraft(path: string, name: string, nowMs: number): Promise<boolean> {
  if (!/\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return false;
  const found = await orMissing(stat(path));
  return found !== undefined && found.mtimeMs < nowMs - slackMs;
}

/** Where the place is taken, somebody has kept the same there anew. */
async function putBack(from: string, to: string): Promise<void> {
  if ((await orMissing(stat(to))) === undefined) await rename(from, to);
  else await rm(from, { recursive: true, force: true });
}

async function list(folder: string): Promise<readonly string[]> {
  return (await orMissing(readdir(folder))) ?? [];
}
