import { totalmem } from "node:os";
import { constrainedMemory } from "node:process";
import { PolicyThread, type ThreadBounds, workerEntry } from "./policy-thread.ts";
import {
  NotPrepared,
  type Preparation,
  type PreparationJob,
  type Preparer,
} from "./preparation.ts";
import type { SetAside } from "./prepare.ts";
import { Setback, toProblem } from "./setback.ts";

/** What a preparer works with. */
export interface WorkerPreparerOptions extends Partial<ThreadBounds> {
  /** Told of each attempt that came to nothing, also where another one then succeeds. */
  readonly onSetback: (setback: Error) => void;
  /** A thread without work is ended after so long: it holds on to what it has parsed. */
  readonly idleMs?: number;
}

/** Ample: a thousand rules with as many conditions take a fifth of a second. */
const stallMsDefault = 10_000;
/** Those who try things out change files every few seconds. */
const idleMsDefault = 30_000;
const heapMegabytesMost = 4096;

/** Each takes as long as a stall at the most; one more for each namespace that is in the way. */
const attemptsMax = 4;

const platform = "platform";

/**
 * Makes policies ready on a worker thread (policy-model 10). A namespace whose documents cannot be
 * got through in time and memory stays as it was, and the others go on without it (9); a tenant whose
 * former documents cannot be got through either is left out. Where that does not help, everything
 * stays as it was.
 */
export class WorkerPreparer implements Preparer {
  readonly #options: WorkerPreparerOptions;
  readonly #bounds: ThreadBounds;
  #thread: PolicyThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Starts the thread, since whoever opens one wants something prepared. */
  constructor(options: WorkerPreparerOptions) {
    this.#options = options;
    this.#bounds = {
      stallMs: options.stallMs ?? stallMsDefault,
      heapMegabytesMax: options.heapMegabytesMax ?? heapDefault(),
      entry: options.entry ?? workerEntry,
    };
    this.#thread = new PolicyThread(this.#bounds);
  }

  /** Waits in turn are the caller's: a second job must not begin before the first has ended. */
  async prepare(job: PreparationJob): Promise<Preparation> {
    clearTimeout(this.#idle);
    const blamed = new Map<string, Setback>();
    const setAside = new Map<string, SetAside>();
    for (let attempt = 1; ; attempt += 1) {
      const problems = [...blamed.values()].map(toProblem);
      try {
        const told = { ...job, readProblems: [...job.readProblems, ...problems] };
        return await this.#attempt(told, setAside);
      } catch (error) {
        if (!(error instanceof Setback) || this.#isClosed) throw error;
        this.#options.onSetback(error);
        const { namespace } = error;
        const isHelp = namespace !== undefined && canSetAside(namespace, setAside);
        if (attempt === attemptsMax || !isHelp) {
          throw new NotPrepared([...problems, toProblem(error)], error);
        }
        setAside.set(namespace, setAside.has(namespace) ? "everything" : "given");
        blamed.set(namespace, error);
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    await this.#thread?.end();
  }

  async #attempt(
    job: PreparationJob,
    setAside: ReadonlyMap<string, SetAside>,
  ): Promise<Preparation> {
    const before = this.#thread;
    const thread = before?.hasEnded === false ? before : new PolicyThread(this.#bounds);
    this.#thread = thread;
    try {
      const prepared = await thread.run(job, setAside);
      this.#idle = setTimeout(() => this.#rest(), this.#options.idleMs ?? idleMsDefault).unref();
      return prepared;
    } catch (error) {
      this.#thread = undefined;
      throw error;
    }
  }

  #rest(): void {
    void this.#thread?.end();
    this.#thread = undefined;
  }
}

/** Without the platform there is nothing, so its former documents are never done without. */
function canSetAside(namespace: string, setAside: ReadonlyMap<string, SetAside>): boolean {
  const before = setAside.get(namespace);
  return before === undefined || (before === "given" && namespace !== platform);
}

/** Half of what the process may have: the other half is for serving. */
function heapDefault(): number {
  // Without a limit this is larger than what the machine has.
  const bytes = Math.min(constrainedMemory() || Number.POSITIVE_INFINITY, totalmem());
  return Math.min(heapMegabytesMost, Math.floor(bytes / 2 / 2 ** 20));
}
