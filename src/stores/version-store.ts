import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PolicyFile } from "../policy/index.ts";
import type { VersionSource } from "../replay/index.ts";
import { sha256Hex } from "../signing/index.ts";
import {
  isBelow,
  markOf,
  readBytes,
  readListed,
  type VersionedLayer,
  writeEntry,
  writeSigned,
} from "./version-entry.ts";
import { mark } from "./version-marks.ts";
import { orMissing, writeWhole } from "./whole-files.ts";

/**
 * Every version of policies and kill switches that ever served, raw, so that decisions can be made
 * again (audit-and-operations 2.4): `sha256/<hex>/list.json` with the digests of the files beside it
 * in `files/`, below `bundles/` the envelopes that vouched for them where they came signed, and
 * `killswitches/<namespace>/<name>@<sequence>`. What lies there is checked against its name when it
 * is read; whoever writes there can only take away. Beside each a mark says when it was last in
 * force, by which `VersionRetention` finds what no record can name any more.
 */
export class VersionStore implements VersionSource {
  readonly #folder: string;
  /** What is in force, as far as this process knows: its marks are kept fresh. */
  #layers: readonly VersionedLayer[] = [];
  readonly #switches = new Map<string, StandingFile>();
  /** What is kept for certain, by digests. */
  readonly #kept = new Set<string>();

  /** `folder`: `<stateDir>/snapshots`, or a copy of it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps what is about to serve in the place of what did. Rejects when the disk says no. */
  async keep(layers: readonly VersionedLayer[], nowMs = Date.now()): Promise<void> {
    const before = this.#layers;
    this.#layers = layers;
    const served = new Set(before.map(nameOf));
    for (const layer of layers) {
      const name = nameOf(layer);
      // What comes back may have been taken away since, as no longer named.
      if (!served.has(name) || !this.#kept.has(name)) await this.#markLayer(layer, nowMs);
    }
    // Those that go serve until now; those that stay are marked as time goes by.
    const gone = before.filter(({ digest }) => !layers.some((layer) => layer.digest === digest));
    for (const layer of gone) await this.#markLayer(layer, nowMs);
  }

  /** Keeps the file that a kill switch came in. Rejects when the disk says no. */
  async keepSwitch(
    name: string,
    sequence: number,
    file: PolicyFile,
    nowMs = Date.now(),
  ): Promise<void> {
    const before = this.#switches.get(name);
    this.#switches.set(name, { sequence, file });
    await this.#keepSwitch(name, { sequence, file }, nowMs);
    if (before !== undefined) await this.#keepSwitch(name, before, nowMs);
  }

  /**
   * Marks what is in force as being so, and writes what is not there as it should be. To be called
   * often, against the day that `VersionRetention` leaves. Rejects when the disk says no.
   */
  async refresh(nowMs = Date.now()): Promise<void> {
    for (const layer of this.#layers) await this.#markLayer(layer, nowMs);
    for (const [name, standing] of this.#switches) await this.#keepSwitch(name, standing, nowMs);
  }

  async layer(namespace: string, digest: string): Promise<readonly PolicyFile[] | undefined> {
    const folder = this.#layerPath(digest);
    if (folder === undefined) return undefined;
    const files = await readListed(folder, digest);
    return (
      files &&
      [...files].map(([path, bytes]) => ({
        path: `${namespace}/${path}`,
        namespace,
        text: bytes.toString(),
      }))
    );
  }

  async killSwitch(name: string, sequence: number): Promise<PolicyFile | undefined> {
    const [namespace = "", local = ""] = name.split("/");
    if (!isBelow(name)) return undefined;
    const text = (await readBytes(this.#switchPath(name, sequence)))?.toString();
    return text === undefined ? undefined : { path: `${namespace}/${local}.yaml`, namespace, text };
  }

  async #keepLayer(layer: VersionedLayer, nowMs: number): Promise<void> {
    const { digest, namespace, signed } = layer;
    const folder = this.#layerPath(digest);
    if (folder === undefined) return;
    // The mark first: what bears a fresh one is not taken away while it is looked at.
    const isThere = await orMissing(mark(markOf(folder), nowMs).then(() => true));
    const isWhole = isThere === true && (await readListed(folder, digest)) !== undefined;
    if (!isWhole) await writeEntry(folder, layer, nowMs);
    if (signed !== undefined) await writeSigned(folder, signed, namespace);
  }

  /** Another process may have taken it away as one that no record names; it serves, so it is kept. */
  async #markLayer(layer: VersionedLayer, nowMs: number): Promise<void> {
    const folder = this.#layerPath(layer.digest);
    const isKept = folder !== undefined && this.#kept.has(nameOf(layer));
    const isThere = isKept && (await orMissing(mark(markOf(folder), nowMs).then(() => true)));
    if (isThere === true) return;
    await this.#keepLayer(layer, nowMs);
    this.#kept.add(nameOf(layer));
  }

  async #keepSwitch(name: string, { file, sequence }: StandingFile, nowMs: number): Promise<void> {
    const path = this.#switchPath(name, sequence);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // As with layers, the mark first.
    await mark(switchMarkOf(path), nowMs);
    const isThere = (await readBytes(path))?.toString() === file.text;
    if (!isThere) await writeWhole(path, file.text);
  }

  #layerPath(digest: string): string | undefined {
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
    return hex === undefined ? undefined : join(this.#folder, "sha256", hex);
  }

  #switchPath(name: string, sequence: number): string {
    return join(this.#folder, "killswitches", `${name}@${sequence}`);
  }
}

/** A kill switch that stands, and the file it came in. */
interface StandingFile {
  readonly sequence: number;
  readonly file: PolicyFile;
}

/** The mark of a kill switch: when it last stood. */
export function switchMarkOf(path: string): string {
  return `${path}.served`;
}

/** A layer, and what vouched for it. */
function nameOf({ digest, namespace, signed }: VersionedLayer): string {
  if (signed === undefined) return digest;
  return `${digest} ${namespace} ${sha256Hex(signed.envelope)}`;
}
