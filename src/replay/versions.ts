import {
  KillSwitches,
  loadSnapshot,
  type PolicyFile,
  readKillSwitchFiles,
  type Snapshot,
} from "../policy/index.ts";
import type { RecordedVersions } from "./judged-record.ts";

/** Where the policies are that records name (audit-and-operations 2.4). */
export interface VersionSource {
  /** The files of one namespace by their digest; undefined where they are not kept. */
  layer(namespace: string, digest: string): Promise<readonly PolicyFile[] | undefined>;
  /** The document of one switch by its full name and sequence; undefined where it is not kept. */
  killSwitch(name: string, sequence: number): Promise<PolicyFile | undefined>;
}

/** What a record was decided by. */
export interface VersionsFound {
  readonly snapshot: Snapshot;
  /** All that counted then. */
  readonly killSwitches: KillSwitches;
}

/** Records of few versions stand beside each other, so these few are kept. */
const snapshotsKept = 32;

/** Makes the policies again that records name. Decisions of a tenant hang on its own and the platform's. */
export class Versions {
  readonly #source: VersionSource;
  readonly #engineVersion: string;
  /** By `effective`. */
  readonly #snapshots = new Map<string, Promise<Snapshot | undefined>>();
  /** By name and sequence. */
  readonly #switches = new Map<string, Promise<KillSwitches | undefined>>();

  constructor(source: VersionSource, engineVersion: string) {
    this.#source = source;
    this.#engineVersion = engineVersion;
  }

  /** Undefined where something of it is not kept, or is not what it was. */
  async of(versions: RecordedVersions): Promise<VersionsFound | undefined> {
    const snapshot = await this.#snapshot(versions);
    if (snapshot === undefined) return undefined;
    const switches = await Promise.all(
      Object.entries(versions.killSwitches ?? {}).map(([name, sequence]) =>
        this.#switch(snapshot, name, sequence),
      ),
    );
    let killSwitches = new KillSwitches([]);
    for (const one of switches) {
      if (one === undefined) return undefined;
      killSwitches = killSwitches.merge(one);
    }
    return { snapshot, killSwitches };
  }

  #snapshot(versions: RecordedVersions): Promise<Snapshot | undefined> {
    const known = this.#snapshots.get(versions.effective);
    if (known !== undefined) return known;
    const loading = this.#load(versions);
    this.#snapshots.set(versions.effective, loading);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > snapshotsKept && oldest !== undefined) {
      this.#snapshots.delete(oldest);
    }
    return loading;
  }

  async #load({ effective, layers }: RecordedVersions): Promise<Snapshot | undefined> {
    const files: PolicyFile[] = [];
    for (const { digest, id } of layers) {
      const layer = await this.#source.layer(id, digest);
      if (layer === undefined) return undefined;
      files.push(...layer);
    }
    const { snapshot } = loadSnapshot(files, { engineVersion: this.#engineVersion });
    const tenant = layers.find(({ id }) => id !== "platform")?.id;
    return snapshot?.versionsFor(tenant).effective === effective ? snapshot : undefined;
  }

  #switch(
    { killSwitches }: Snapshot,
    name: string,
    sequence: number,
  ): Promise<KillSwitches | undefined> {
    const own = killSwitches.switches.find((one) => one.name === name);
    if (own?.sequence === sequence) return Promise.resolve(new KillSwitches([own]));
    const key = `${name}@${sequence}`;
    const known = this.#switches.get(key);
    if (known !== undefined) return known;
    const loading = this.#loadSwitch(name, sequence);
    this.#switches.set(key, loading);
    return loading;
  }

  async #loadSwitch(name: string, sequence: number): Promise<KillSwitches | undefined> {
    const file = await this.#source.killSwitch(name, sequence);
    if (file === undefined) return undefined;
    const documents = readKillSwitchFiles([file]).documents.filter(
      ({ metadata, spec }) =>
        `${metadata.namespace}/${metadata.name}` === name && spec.sequence === sequence,
    );
    return documents.length === 0 ? undefined : KillSwitches.of(documents);
  }
}
