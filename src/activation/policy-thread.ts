import { extname } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { PolicyFile } from "../policy/index.ts";
import { FileTable } from "./file-table.ts";
import { inSlices } from "./in-slices.ts";
import { Joiner, type Piece } from "./pieces.ts";
import type { Preparation, PreparationJob } from "./preparation.ts";
import type { SetAside } from "./prepare.ts";
import { Progress } from "./progress.ts";
import { Setback } from "./setback.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/** The bounds of a thread. */
export interface ThreadBounds {
  /** Without a step forward in this time, which one namespace has for each, the thread is ended. */
  readonly stallMs: number;
  readonly heapMegabytesMax: number;
  /** What runs in the thread. */
  readonly entry: URL;
}

/** The source where this file is source, else what was built of it. */
export const workerEntry = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

/** For a thread to begin. */
const startMsMax = 60_000;

/** Characters of files in one message. */
const batchCharsMax = 65_536;

/** One worker thread, from its start to its end. It does one job at a time. */
export class PolicyThread {
  readonly #stallMs: number;
  readonly #progress = new Progress();
  readonly #results: MessagePort;
  readonly #worker: Worker;
  #settle: Settle | undefined;
  #failure: Setback | undefined;

  constructor({ entry, heapMegabytesMax, stallMs }: ThreadBounds) {
    this.#stallMs = stallMs;
    const { port1, port2 } = new MessageChannel();
    this.#results = port1;
    const start: WorkerStart = { progress: this.#progress.buffer, results: port2 };
    this.#worker = new Worker(entry, {
      workerData: start,
      transferList: [port2],
      // Nothing in it has any business with the environment.
      env: {},
      // Nor with how the process was started; what forbids code from text holds in all threads.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
    this.#worker.unref();
    this.#worker.on("message", (message: FromWorker) => this.#hear(message));
    this.#worker.on("error", (cause) => this.#fail("it ended in an error", cause));
    this.#worker.on("exit", () => this.#fail("it was ended"));
  }

  /** It died when nobody asked anything of it. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  /** Does a job. Rejects with a `Setback`, after which the thread has ended. */
  async run(job: PreparationJob, setAside: ReadonlyMap<string, SetAside>): Promise<Preparation> {
    const answered = Promise.withResolvers<void>();
    this.#settle = answered;
    // A failure may come before anybody waits for the answer.
    answered.promise.catch(() => undefined);
    this.#worker.ref();
    try {
      const files = await inSlices(this.#send(job, setAside));
      await this.#watched(answered.promise);
      return await inSlices(receive(this.#results, files));
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      this.#settle = undefined;
      this.#worker.unref();
    }
  }

  /** Ends the thread, whatever it is at. */
  async end(): Promise<void> {
    this.#results.close();
    await this.#worker.terminate();
  }

  *#send(
    { files, lastGood, ...rest }: PreparationJob,
    setAside: ReadonlyMap<string, SetAside>,
  ): Generator<undefined, readonly PolicyFile[]> {
    const table = new FileTable();
    const numbers: number[] = [];
    const known: (readonly [string, readonly number[]])[] = [];
    const outbox = new Outbox(table, (message) => this.#post(message));
    for (const file of files) {
      numbers.push(outbox.add(file));
      yield;
    }
    for (const [namespace, kept] of lastGood) {
      known.push([namespace, kept.map((file) => outbox.add(file))]);
      yield;
    }
    outbox.flush();
    this.#post({ kind: "prepare", job: { ...rest, files: numbers, lastGood: known, setAside } });
    return table.files;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Two looks that see the same are one stall: one alone may follow the last step closely. */
  async #watched(answer: Promise<void>): Promise<void> {
    let seen = this.#progress.steps;
    let startingMs = 0;
    const watch = setInterval(() => {
      const now = this.#progress.steps;
      // A busy machine may take its time to start a thread, which is nobody's documents' doing.
      startingMs = now === 0 ? startingMs + this.#stallMs : startMsMax;
      const isStall = now === seen && startingMs >= startMsMax;
      if (isStall) this.#fail(`it took longer than ${this.#stallMs / 1000} s`);
      seen = now;
    }, this.#stallMs);
    try {
      await answer;
    } finally {
      clearInterval(watch);
    }
  }

  #hear(message: FromWorker): void {
    if (message.kind === "done") this.#settle?.resolve();
    else this.#fail("it ended in an error", new Error(message.text));
  }

  #fail(reason: string, cause?: unknown): void {
    this.#failure ??= new Setback(reason, this.#progress.namespace, cause);
    this.#settle?.reject(this.#failure);
  }
}

interface Settle {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Puts together what lies at the port, piece by piece. */
function* receive(
  results: MessagePort,
  files: readonly PolicyFile[],
): Generator<undefined, Preparation> {
  const joiner = new Joiner(files);
  for (;;) {
    const received: { message: Piece } | undefined = receiveMessageOnPort(results);
    if (received === undefined) throw new Error("the result of compiling has no end");
    const whole = joiner.take(received.message);
    if (whole !== undefined) return whole;
    yield;
  }
}

/** Sends each file once, a few in one message. */
class Outbox {
  readonly #table: FileTable;
  readonly #post: (message: ToWorker) => void;
  #batch: PolicyFile[] = [];
  #chars = 0;

  constructor(table: FileTable, post: (message: ToWorker) => void) {
    this.#table = table;
    this.#post = post;
  }

  add(file: PolicyFile): number {
    const known = this.#table.files.length;
    const number = this.#table.add(file);
    if (number < known) return number;
    this.#batch.push(file);
    this.#chars += file.text.length;
    if (this.#chars >= batchCharsMax) this.flush();
    return number;
  }

  flush(): void {
    if (this.#batch.length > 0) this.#post({ kind: "files", files: this.#batch });
    this.#batch = [];
    this.#chars = 0;
  }
}
