import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { type Problem, sortProblems } from "../base/index.ts";
import type { LiveKillSwitches } from "../exchange/index.ts";
import {
  type DocumentOfKind,
  type KillSwitchDocuments,
  KillSwitches,
  type PolicyFile,
  readKillSwitchFiles,
} from "../policy/index.ts";
import { PathWatch, readKillSwitchFolder, type WatchTimes } from "../sources/index.ts";
import type { VersionStore } from "../stores/index.ts";
import { replaceFile } from "./replace-file.ts";

type SwitchDocument = DocumentOfKind<"KillSwitch">;

/** One switch as it stands, for people. */
export interface StandingSwitch {
  /** Full name. */
  readonly name: string;
  readonly sequence: number;
  readonly active: boolean;
  readonly stopStreams: boolean;
  readonly target: SwitchDocument["spec"]["target"];
  readonly reason: string;
  /** Who threw it and where that was asked for, as annotations of the document say it. */
  readonly actor?: string | undefined;
  readonly ticket?: string | undefined;
}

/** What a keeper of kill switches is opened with. */
export interface KillSwitchOptions {
  /** The folder of `policies.killSwitches`; undefined: only what policies hold stops anything. */
  readonly directory: string | undefined;
  readonly stateDir: string;
  /** Keeps every switch that counts, for decisions to be made again. */
  readonly versions: Pick<VersionStore, "keepSwitch">;
  /** Told of each switch that came, with a higher sequence than before. */
  readonly onSwitch: (standing: StandingSwitch) => void;
  /** Told of problems, whenever they change, and of a disk that does not keep what was seen. */
  readonly onProblems: (problems: readonly Problem[]) => void;
  readonly onFailure: (error: unknown) => void;
  readonly watchTimes?: WatchTimes;
}

const keptSchema = Type.Array(
  Type.Object({ path: Type.String(), namespace: Type.String(), text: Type.String() }),
);

/**
 * The fast channel of policy-model 6: what the folder says takes effect within seconds, beside the
 * policies and whatever is wrong with them. Of each name the highest sequence ever seen counts, also
 * after a restart: a file that is gone, or an older one put back, starts nothing again. Its watchers
 * are called after each change, must not throw, and are owned by whoever watches.
 */
export class KillSwitchKeeper implements LiveKillSwitches {
  readonly #options: KillSwitchOptions;
  /** By full name. */
  readonly #standing = new Map<string, Standing>();
  #switches = new KillSwitches([]);
  #problems: readonly Problem[] = [];
  #watch: PathWatch | undefined;
  #reading: Promise<void> | undefined;
  readonly #watchers = new Set<() => void>();
  #isWanted = false;
  #isClosed = false;

  private constructor(options: KillSwitchOptions) {
    this.#options = options;
  }

  /** Knows what was seen before and what the folder says now when it is done. Never rejects. */
  static async open(options: KillSwitchOptions): Promise<KillSwitchKeeper> {
    const keeper = new KillSwitchKeeper(options);
    const { directory, stateDir, watchTimes } = options;
    if (directory === undefined) return keeper;
    await keeper.#keepVersions(keeper.#take((await readKept(pathIn(stateDir))).map(parseFile)));
    const listener = { changed: () => void keeper.reload(), unchanged: () => undefined };
    keeper.#watch = await PathWatch.open([directory], listener, watchTimes);
    await keeper.reload();
    return keeper;
  }

  /** Another object each time a switch came. */
  get current(): KillSwitches {
    return this.#switches;
  }

  watch(changed: () => void): () => void {
    // Held under a name of its own, so that one caller may watch twice.
    const watcher = () => changed();
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Sorted by name. */
  get standing(): readonly StandingSwitch[] {
    return [...this.#standing.values()]
      .map(({ document }) => toStanding(document))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** Reads the folder anew; calls while one is under way lead to one more. Never rejects. */
  reload(): Promise<void> {
    this.#isWanted = true;
    this.#reading ??= this.#readWhileWanted().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  close(): void {
    this.#isClosed = true;
    this.#watch?.close();
  }

  async #readWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    const { directory, onProblems, onSwitch } = this.#options;
    if (directory === undefined) return;
    const folder = await readKillSwitchFolder(directory);
    const read = folder.files.map(parseFile);
    const found = read.flatMap((one) => [
      ...one.problems,
      ...one.documents.flatMap((document) => this.#objectTo(document)),
    ]);
    const problems = sortProblems([...folder.problems, ...found]);
    if (JSON.stringify(problems) !== JSON.stringify(this.#problems)) onProblems(problems);
    this.#problems = problems;
    const came = this.#take(read);
    if (came.length === 0) return;
    for (const document of came) onSwitch(toStanding(document));
    // A copy: whoever is told may stop watching.
    for (const watcher of [...this.#watchers]) watcher();
    // What stops traffic waits for no disk: it counts by now.
    await this.#keepVersions(came);
    await this.#keep();
  }

  /** One that says something else than what stands, without a higher sequence, does not count. */
  #objectTo({ metadata, source, spec }: SwitchDocument): readonly Problem[] {
    const standing = this.#standing.get(`${metadata.namespace}/${metadata.name}`)?.document.spec;
    if (standing === undefined || spec.sequence > standing.sequence) return [];
    if (isDeepStrictEqual(spec, standing)) return [];
    return [
      {
        code: "E07",
        severity: "error",
        namespace: source.namespace,
        file: source.path,
        line: 0,
        column: 0,
        message: `sequence ${spec.sequence} does not count: ${standing.sequence} of this name was seen before`,
        hint: `Give it sequence ${standing.sequence + 1} or more.`,
      },
    ];
  }

  /** Lets stand what has a higher sequence than what stood; gives it. */
  #take(read: readonly ParsedFile[]): readonly SwitchDocument[] {
    const came: SwitchDocument[] = [];
    for (const { documents, file } of read) {
      for (const document of documents) {
        const name = fullNameOf(document);
        const before = this.#standing.get(name);
        if (before !== undefined && before.document.spec.sequence >= document.spec.sequence)
          continue;
        this.#standing.set(name, { document, file });
        came.push(document);
      }
    }
    if (came.length > 0) {
      const documents = [...this.#standing.values()].map(({ document }) => document);
      this.#switches = KillSwitches.of(documents);
    }
    return came;
  }

  async #keepVersions(came: readonly SwitchDocument[]): Promise<void> {
    const { onFailure, versions } = this.#options;
    for (const document of came) {
      const name = fullNameOf(document);
      const file = this.#standing.get(name)?.file;
      if (file === undefined) continue;
      try {
        await versions.keepSwitch(name, document.spec.sequence, file);
      } catch (error) {
        onFailure(error);
      }
    }
  }

  async #keep(): Promise<void> {
    const { onFailure, stateDir } = this.#options;
    const files = [...new Set([...this.#standing.values()].map(({ file }) => file))];
    const kept: Static<typeof keptSchema> = files.map(({ namespace, path, text }) => ({
      path,
      namespace,
      text,
    }));
    try {
      await mkdir(stateDir, { recursive: true, mode: 0o700 });
      await replaceFile(pathIn(stateDir), JSON.stringify(kept));
    } catch (error) {
      onFailure(error);
    }
  }
}

/** What stood when it was last kept, each as `<namespace>/<name>@<sequence>`. */
export async function readStandingSwitches(stateDir: string): Promise<readonly string[]> {
  const read = (await readKept(pathIn(stateDir))).map(parseFile);
  return read.flatMap(({ documents }) =>
    documents.map((document) => `${fullNameOf(document)}@${document.spec.sequence}`),
  );
}

interface ParsedFile extends KillSwitchDocuments {
  readonly file: PolicyFile;
}

function parseFile(file: PolicyFile): ParsedFile {
  return { file, ...readKillSwitchFiles([file]) };
}

interface Standing {
  readonly document: SwitchDocument;
  readonly file: PolicyFile;
}

function fullNameOf({ metadata }: SwitchDocument): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function toStanding(document: SwitchDocument): StandingSwitch {
  const { metadata, spec } = document;
  const { active, reason, sequence, stopStreams = false, target } = spec;
  const { actor, ticket } = { actor: undefined, ticket: undefined, ...metadata.annotations };
  const name = fullNameOf(document);
  return { name, sequence, active, stopStreams, target, reason, actor, ticket };
}

function pathIn(stateDir: string): string {
  return join(stateDir, "kill-switches.json");
}

async function readKept(path: string): Promise<readonly PolicyFile[]> {
  try {
    const kept: unknown = JSON.parse(await readFile(path, "utf8"));
    return Value.Check(keptSchema, kept) ? kept : [];
  } catch {
    // What a first start finds; the folder is read next whatever was kept.
    return [];
  }
}
