import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ClassifierLabel } from "../../detect/index.ts";
import type { Adapter } from "../guarded-classifier.ts";
import type { FromModel, ToModel } from "./model-messages.ts";
import type { ModelTerms } from "./model-terms.ts";

/** The source where this file is source, else what was built of it. */
const workerEntry = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

interface Pending {
  resolve(labels: readonly ClassifierLabel[]): void;
  reject(cause: Error): void;
}

/**
 * A model on a thread of its own: the runtime computes on the thread that calls it, promise or not, and
 * texts are made tokens there too. A thread that ended is started anew by the next ask.
 */
export class ModelThread implements Adapter {
  readonly #terms: ModelTerms;
  readonly #entry: URL;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #ready = Promise.withResolvers<void>();
  #asks = 0;
  #isClosed = false;

  /** `entry` is what runs on the thread. */
  constructor(terms: ModelTerms, entry = workerEntry) {
    this.#terms = terms;
    this.#entry = entry;
  }

  /** Rejects with one line for the operator where the model cannot be loaded. */
  async start(): Promise<void> {
    if (this.#isClosed) throw new Error("the model was closed");
    if (this.#worker === undefined) this.#run();
    await this.#ready.promise;
  }

  async label(
    { labels, texts }: Parameters<Adapter["label"]>[0],
    signal: AbortSignal,
  ): Promise<readonly ClassifierLabel[]> {
    await this.start();
    signal.throwIfAborted();
    this.#asks += 1;
    const id = this.#asks;
    const answer = Promise.withResolvers<readonly ClassifierLabel[]>();
    const drop = () => {
      this.#post({ kind: "drop", id });
      answer.reject(new Error("nobody waits any more"));
    };
    this.#pending.set(id, answer);
    signal.addEventListener("abort", drop, { once: true });
    this.#worker?.ref();
    this.#post({ kind: "ask", id, texts, labels });
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener("abort", drop);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#worker?.unref();
    }
  }

  close(): void {
    this.#isClosed = true;
    void this.#worker?.terminate();
  }

  #post(message: ToModel): void {
    this.#worker?.postMessage(message);
  }

  #run(): void {
    this.#ready = Promise.withResolvers();
    // Who started it may have gone by the time that it fails.
    this.#ready.promise.catch(() => undefined);
    const worker = new Worker(this.#entry, {
      workerData: this.#terms,
      // Nothing in it has any business with the environment, nor with how the process was started.
      env: {},
      execArgv: [],
    });
    this.#worker = worker;
    worker.on("message", (message: FromModel) => this.#hear(message));
    worker.on("error", (cause) => this.#end(worker, cause));
    worker.on("exit", () => this.#end(worker, undefined));
  }

  #hear(message: FromModel): void {
    switch (message.kind) {
      case "ready":
        this.#worker?.unref();
        return this.#ready.resolve();
      case "unready":
        return this.#ready.reject(new Error(message.why));
      case "labels":
        return this.#pending.get(message.id)?.resolve(message.labels);
      case "failed":
        return this.#pending
          .get(message.id)
          ?.reject(new Error("the model could not be run on a text"));
      default:
        return message satisfies never;
    }
  }

  /** Nothing comes of what was asked; what is asked next starts another thread. */
  #end(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const ended = new Error("the thread of the model ended", { cause });
    this.#ready.reject(ended);
    for (const { reject } of this.#pending.values()) reject(ended);
  }
}
