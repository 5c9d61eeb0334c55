import { setTimeout as delay } from "node:timers/promises";
import { inSlices, NotPrepared, type Preparation, type Preparer } from "../activation/index.ts";
import { type Problem, sortProblems } from "../base/index.ts";
import { ownDetectionSteps } from "../exchange/index.ts";
import { type LoadOptions, type PolicyFile, snapshotSteps } from "../policy/index.ts";
import { PathWatch, takeFingerprint, type WatchTimes } from "../sources/index.ts";
import type { VersionStore } from "../stores/index.ts";
import type { BundleFeed } from "./bundle-feed.ts";
import type { KeptBundles } from "./bundle-ledger.ts";
import type { LastGoodStore } from "./last-good-store.ts";
import {
  confirmedAt,
  confirmedState,
  initialState,
  type LoadedPolicies,
  nextState,
  type PolicyState,
  stayingState,
} from "./policy-state.ts";
import { type PolicySource, readPolicies } from "./read-policies.ts";
import { layersOf } from "./versioned-layers.ts";

/** What came of one attempt to load. */
export interface PolicyLoad {
  /** `refused`: something of what was found does not serve. */
  readonly result: "active" | "unchanged" | "refused";
  readonly state: PolicyState;
}

/** What a keeper works with. */
export interface KeeperOptions {
  readonly directories: readonly string[];
  /** Checks and compiles, away from what serves; the keeper's from here on. */
  readonly preparer: Preparer;
  /** Signed bundles beside the directories; undefined: there are none. */
  readonly feed?: BundleFeed | undefined;
  /** What the listeners accept; policies that need more do not load. */
  readonly modes?: LoadOptions["modes"] | undefined;
  /** The classifiers there are; policies that name others do not load. */
  readonly endpoints?: LoadOptions["endpoints"] | undefined;
  readonly engineVersion: string;
  readonly store: LastGoodStore;
  /** Keeps every version that serves, for decisions to be made again. */
  readonly versions: Pick<VersionStore, "keep">;
  /** Documents beside those of the directories, given what they hold. */
  readonly supplement?: PolicySupplement | undefined;
  /** Beyond this age a namespace that is not as found is left out; undefined: it serves on. */
  readonly ageSecondsMax?: number | undefined;
  /** Told of every attempt, the first included, once its outcome serves. */
  readonly onLoad: (load: PolicyLoad) => void;
  /** Told that a load failed by itself, or that the last good set could not be kept on disk. */
  readonly onFailure: (what: "load" | "store", error: unknown) => void;
  readonly watchTimes?: WatchTimes | undefined;
}

/** Gives the documents that a set lacks. */
export type PolicySupplement = (files: readonly PolicyFile[]) => readonly PolicyFile[];

const platform = "platform";

/** A source that is being written to is read again, so often and after so long. */
const readsMax = 5;
const readAgainMs = 50;

/**
 * The policies a server serves: loaded, watched, replaced as a whole, and kept when what is found is
 * worse (policy-model 10). Owned by the server; an exchange takes the snapshot it begins with.
 */
export class PolicyKeeper {
  readonly #options: KeeperOptions;
  #state: PolicyState = initialState(new Map());
  /** What the last attempt began with. */
  #source: PolicySource | undefined;
  /** By namespace, the newest files that ever served, of those the source still names. */
  #lastGood: ReadonlyMap<string, readonly PolicyFile[]> = new Map();
  #watch: PathWatch | undefined;
  #loading: Promise<void> | undefined;
  #isWanted = false;
  /** Something else than the directories has changed, so they need not have. */
  #isRenewed = false;
  #isClosed = false;

  private constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Loads once, from the last good set where the source does not do, and watches from then on. */
  static async open(options: KeeperOptions): Promise<PolicyKeeper> {
    const keeper = new PolicyKeeper(options);
    await keeper.#wake();
    const listener = { changed: () => void keeper.reload(), unchanged: () => keeper.#confirm() };
    keeper.#watch = await PathWatch.open(options.directories, listener, options.watchTimes);
    await keeper.reload();
    return keeper;
  }

  get state(): PolicyState {
    return this.#state;
  }

  /** What became of signed bundles; undefined where none are served. */
  get bundles(): KeptBundles | undefined {
    return this.#options.feed?.kept;
  }

  /** Loads anew; calls while one is under way lead to one more. Never rejects. */
  reload(): Promise<void> {
    this.#isWanted = true;
    this.#loading ??= this.#loadWhileWanted().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** As `reload`, although the directories may be as they were. Never rejects. */
  renew(): Promise<void> {
    this.#isRenewed = true;
    return this.reload();
  }

  /** Asks the sources of bundles and loads anew, as an operator wants it now. Never rejects. */
  async refresh(): Promise<void> {
    const isNew = await this.#options.feed?.refresh();
    await (isNew === true ? this.renew() : this.reload());
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.close();
    this.#options.feed?.close();
    void this.#options.preparer.close();
  }

  async #wake(): Promise<void> {
    const stored = await this.#options.store.load();
    if (stored === undefined) return;
    this.#lastGood = Map.groupBy(stored.files, ({ namespace }) => namespace);
    this.#state = initialState(stored.confirmedAtMs);
  }

  async #loadWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        await this.#load();
      } catch (error) {
        if (this.#isClosed) return;
        // A bug of ours in what is not the serving path: what serves goes on, and so do later loads.
        this.#source = undefined;
        this.#options.onFailure("load", error);
      }
    }
  }

  async #load(): Promise<void> {
    const { directories, onLoad, supplement } = this.#options;
    const isRenewed = this.#isRenewed;
    this.#isRenewed = false;
    const source = await readWhole(directories);
    const isReadable = !source.problems.some(isOfTheSource);
    const more = isReadable ? (supplement?.(source.files) ?? []) : [];
    const found = { files: [...source.files, ...more], problems: source.problems };
    if (this.#isClosed) return;
    if (!isRenewed && isSameSource(found, this.#source) && !this.#isOverdue()) {
      if (isReadable) this.#state = confirmedState(this.#state, this.#confirmation(Date.now()));
      return onLoad({ result: "unchanged", state: this.#state });
    }
    this.#source = found;
    await this.#activate(found, isReadable);
  }

  /** Lets the best set serve that can be made of what was found and what is kept. */
  async #activate(source: PolicySource, isReadable: boolean): Promise<void> {
    const { feed, onFailure, onLoad } = this.#options;
    const nowMs = Date.now();
    const kept = [...this.#lastGood].filter(([name]) => !this.#isExpired(name, nowMs));
    const lastGood = new Map(kept.filter(([name]) => this.#mayStay(name, source, isReadable)));
    const loaded = await this.#compile(source, { isReadable, lastGood, nowMs });
    if (this.#isClosed) return;
    if (loaded instanceof NotPrepared) return this.#stay(loaded.problems, nowMs);
    const isChanged = loaded.snapshot?.digest !== this.#state.snapshot?.digest;
    if (isChanged || this.#isSignedAnew(loaded)) await this.#keepVersions(loaded);
    if (this.#isClosed) return;
    this.#state = nextState(this.#state, loaded, {
      nowMs,
      confirmation: this.#confirmation(nowMs),
    });
    const inForce = [...loaded.namespaces].filter(([, { state }]) => state !== "absent");
    if (loaded.snapshot !== undefined) {
      // What is left out for now is kept all the same: the next change may make it fit again.
      const found = inForce.map(([name, status]) => [name, status.files] as const);
      this.#lastGood = new Map([...kept.filter(([name]) => loaded.namespaces.has(name)), ...found]);
    }
    if (feed !== undefined && loaded.bundles !== undefined) {
      await feed.accept(loaded.bundles, nowMs).catch((error: unknown) => onFailure("store", error));
    }
    const isAsFound = this.#state.refusedSinceMs === undefined;
    onLoad({ result: isAsFound ? "active" : "refused", state: this.#state });
    if (loaded.snapshot !== undefined && isChanged) await this.#keep();
  }

  /** Leaves in force what is: nobody could make out what was found. */
  #stay(problems: readonly Problem[], nowMs: number): void {
    // The same files may well get through the next time they are asked for.
    this.#source = undefined;
    const isExpired = (namespace: string) => this.#isExpired(namespace, nowMs);
    this.#state = stayingState(this.#state, { problems, nowMs, isExpired });
    this.#options.onLoad({ result: "refused", state: this.#state });
  }

  async #compile(
    { files, problems }: PolicySource,
    { isReadable, lastGood, nowMs }: Compiling,
  ): Promise<Loaded | NotPrepared> {
    const { endpoints, engineVersion, feed, modes, preparer } = this.#options;
    const names = new Set([...files, ...problems].map(({ namespace }) => namespace));
    const isPlatformGone =
      feed === undefined && isReadable && !names.has(platform) && this.#lastGood.has(platform);
    const readProblems = isPlatformGone ? [...problems, platformGone()] : problems;
    const job = { endpoints, files, lastGood, modes, nowMs, readProblems, engineVersion };
    try {
      const prepared = await preparer.prepare({ ...job, bundles: feed?.terms });
      const { bundles, compiled, namespaces } = prepared;
      const known = { engineVersion, former: this.#state.snapshot };
      if (compiled !== undefined) await inSlices(ownDetectionSteps(compiled.form.classifiers));
      const snapshot =
        compiled && (await inSlices(snapshotSteps(compiled.form, { ...compiled, ...known })));
      const more = [...(bundles?.refusals ?? []), ...(feed?.silences ?? [])];
      const others = more.filter(isNoneOf(prepared.problems));
      const all = sortProblems([...prepared.problems, ...others]);
      return { snapshot, namespaces, bundles, problems: all };
    } catch (error) {
      if (error instanceof NotPrepared) return error;
      throw error;
    }
  }

  /** A tenant that is gone from folders that can be read was taken away on purpose. */
  #mayStay(name: string, { files, problems }: PolicySource, isReadable: boolean): boolean {
    if (!isReadable || name === platform) return true;
    // Of a bundle absence says nothing: its source may be silent.
    if (this.#options.feed?.kept.ledger.accepted.has(name) === true) return true;
    return [...files, ...problems].some(({ namespace }) => namespace === name);
  }

  /** When each namespace was last heard to be as it is: now, or when its source was. */
  #confirmation(nowMs: number): (namespace: string) => number {
    return (namespace) => this.#options.feed?.confirmedAtMs(namespace) ?? nowMs;
  }

  #confirm(): void {
    this.#state = confirmedState(this.#state, this.#confirmation(Date.now()));
    if (this.#isOverdue()) void this.reload();
  }

  #isOverdue(): boolean {
    const nowMs = Date.now();
    const kept = this.#state.layers.filter(({ serves }) => serves === "lastGood");
    return kept.some(({ namespace }) => this.#isExpired(namespace, nowMs));
  }

  #isExpired(namespace: string, nowMs: number): boolean {
    const { ageSecondsMax, feed } = this.#options;
    if (ageSecondsMax === undefined) return false;
    const at = confirmedAt(this.#state, namespace);
    const until = feed?.kept.ledger.accepted.get(namespace)?.expiresAt;
    const hasEnded = until !== undefined && Date.parse(until) <= nowMs;
    return hasEnded || (at !== undefined && nowMs - at > ageSecondsMax * 1000);
  }

  /**
   * Before a version serves, since records name it from then on. A disk that does not keep it is told
   * about, and stands in no way of policies that may forbid more.
   */
  async #keepVersions({ bundles, namespaces, snapshot }: Loaded): Promise<void> {
    if (snapshot === undefined) return;
    try {
      await this.#options.versions.keep(layersOf(snapshot, namespaces, bundles?.envelopes));
    } catch (error) {
      this.#options.onFailure("store", error);
    }
  }

  /** The same documents may come with another manifest, or with the signatures of others. */
  #isSignedAnew({ bundles }: Loaded): boolean {
    const before = this.bundles?.ledger.accepted;
    return [...(bundles?.ledger.accepted ?? [])].some(([namespace, { digest, signers }]) => {
      const known = before?.get(namespace);
      return known?.digest !== digest || known.signers.join() !== signers.join();
    });
  }

  async #keep(): Promise<void> {
    const { onFailure, store } = this.#options;
    const confirmed = this.#state.layers.flatMap(({ confirmedAtMs, namespace }) =>
      confirmedAtMs === undefined ? [] : ([[namespace, confirmedAtMs]] as const),
    );
    const files = [...this.#lastGood.values()].flat();
    try {
      await store.save({ confirmedAtMs: new Map(confirmed), files });
    } catch (error) {
      onFailure("store", error);
    }
  }
}

interface Loaded extends LoadedPolicies, Pick<Preparation, "bundles"> {}

interface Compiling {
  readonly isReadable: boolean;
  readonly lastGood: ReadonlyMap<string, readonly PolicyFile[]>;
  readonly nowMs: number;
}

function isNoneOf(problems: readonly Problem[]): (problem: Problem) => boolean {
  return ({ code, file, message }) =>
    !problems.some((one) => one.code === code && one.file === file && one.message === message);
}

/** Reads directories as one set; a set that is being written meanwhile is read again. */
async function readWhole(directories: readonly string[]): Promise<PolicySource> {
  let before = await takeFingerprint(directories);
  for (let read = 1; ; read += 1) {
    const source = await readPolicies(directories);
    const after = await takeFingerprint(directories);
    // A writer that never rests is told about again, so what was read may serve until then.
    if (after.text === before.text || read === readsMax) return source;
    before = after;
    await delay(readAgainMs);
  }
}

/** The source as a whole could not be read, so it says nothing about what should be there. */
function isOfTheSource({ namespace, severity }: Problem): boolean {
  return namespace === undefined && severity === "error";
}

function isSameSource(one: PolicySource, other: PolicySource | undefined): boolean {
  if (other === undefined || one.files.length !== other.files.length) return false;
  if (JSON.stringify(one.problems) !== JSON.stringify(other.problems)) return false;
  return one.files.every(({ namespace, path, text }, index) => {
    const known = other.files[index];
    return known?.path === path && known.namespace === namespace && known.text === text;
  });
}

/** Without it the tenants' own rules would be all there is, so it is never taken for a wish. */
function platformGone(): Problem {
  return {
    code: "C04",
    severity: "error",
    namespace: platform,
    file: platform,
    line: 0,
    column: 0,
    message: "the folder of the platform's policies is gone, so its last good version serves",
    hint: "Put the folder back; to change what it says, change its files.",
  };
}
