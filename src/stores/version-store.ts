import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { PolicyFile } from "../policy/index.ts";
import type { VersionSource } from "../replay/index.ts";
import { canonicalJson, sha256Hex } from "../signing/index.ts";

/** One namespace of the policies, as it is about to serve. */
export interface VersionedLayer {
  readonly namespace: string;
  /** `sha256:` and hex, over the list of its files. */
  readonly digest: string;
  /** Those that hold documents. */
  readonly files: readonly PolicyFile[];
}

/**
 * Every version of policies and kill switches that ever served, raw, so that decisions can be made
 * again (audit-and-operations 2.4): `sha256/<hex>/list.json` with the digests of the files beside it
 * in `files/`, and `killswitches/<namespace>/<name>@<sequence>`. What lies there is checked against
 * its name when it is read; whoever writes there can only take away.
 */
export class VersionStore implements VersionSource {
  readonly #folder: string;
  /** Digests that are kept for certain. */
  readonly #kept = new Set<string>();

  /** `folder`: `<stateDir>/snapshots`, or a copy of it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps what is about to serve. Rejects when the disk says no. */
  async keep(layers: readonly VersionedLayer[]): Promise<void> {
    for (const layer of layers) {
      if (this.#kept.has(layer.digest)) continue;
      if (!(await this.#has(layer))) await this.#write(layer);
      this.#kept.add(layer.digest);
    }
  }

  /** Keeps the file that a kill switch came in. Rejects when the disk says no. */
  async keepSwitch(name: string, sequence: number, { text }: PolicyFile): Promise<void> {
    const path = this.#switchPath(name, sequence);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, text);
  }

  async layer(namespace: string, digest: string): Promise<readonly PolicyFile[] | undefined> {
    const folder = this.#layerPath(digest);
    if (folder === undefined) return undefined;
    const listed = await readText(join(folder, "list.json"));
    if (listed === undefined || `sha256:${sha256Hex(listed)}` !== digest) return undefined;
    const files: PolicyFile[] = [];
    for (const [path, hash] of Object.entries(JSON.parse(listed) as Record<string, string>)) {
      const text = isBelow(path) ? await readText(join(folder, "files", path)) : undefined;
      if (text === undefined || sha256Hex(text) !== hash) return undefined;
      files.push({ path: `${namespace}/${path}`, namespace, text });
    }
    return files;
  }

  async killSwitch(name: string, sequence: number): Promise<PolicyFile | undefined> {
    const [namespace = "", local = ""] = name.split("/");
    if (!isBelow(name)) return undefined;
    const text = await readText(this.#switchPath(name, sequence));
    return text === undefined ? undefined : { path: `${namespace}/${local}.yaml`, namespace, text };
  }

  async #has({ digest, namespace }: VersionedLayer): Promise<boolean> {
    return (await this.layer(namespace, digest)) !== undefined;
  }

  /** Whole or not at all: beside its place first, then in it. */
  async #write({ digest, files, namespace }: VersionedLayer): Promise<void> {
    const folder = this.#layerPath(digest);
    if (folder === undefined) return;
    const list: Record<string, string> = {};
    const draft = `${folder}.${process.pid}`;
    await rm(draft, { recursive: true, force: true });
    for (const { path: full, text } of files) {
      const path = full.startsWith(`${namespace}/`) ? full.slice(namespace.length + 1) : full;
      list[path] = sha256Hex(text);
      if (!isBelow(path)) continue;
      const place = join(draft, "files", path);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await writeWhole(place, text);
    }
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await writeWhole(join(draft, "list.json"), canonicalJson(list));
    // Whatever is there instead was looked at, and is damaged.
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }

  #layerPath(digest: string): string | undefined {
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
    return hex === undefined ? undefined : join(this.#folder, "sha256", hex);
  }

  #switchPath(name: string, sequence: number): string {
    return join(this.#folder, "killswitches", `${name}@${sequence}`);
  }
}

/** Paths come from archives as well, and from stores that others may write. */
function isBelow(path: string): boolean {
  const normal = normalize(path);
  return normal === path && !normal.startsWith(sep) && !normal.split(sep).includes("..");
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  {
    await using handle = await open(draft, "w", 0o600);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(draft, path);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // Not kept, or not to be read: either way nobody can decide by it.
    return undefined;
  }
}
