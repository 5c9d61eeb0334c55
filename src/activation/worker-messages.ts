import type { MessagePort } from "node:worker_threads";
import type { PolicyFile } from "../policy/index.ts";
import type { PreparationJob } from "./preparation.ts";
import type { SetAside } from "./prepare.ts";

/** What a worker thread is started with. */
export interface WorkerStart {
  /** Of a `Progress`. */
  readonly progress: SharedArrayBuffer;
  /** Where the pieces of results go, to be taken from there one at a time. */
  readonly results: MessagePort;
}

/** To the worker: the files of a job, some at a time, then the job. */
export type ToWorker =
  | { readonly kind: "files"; readonly files: readonly PolicyFile[] }
  | { readonly kind: "prepare"; readonly job: NumberedJob };

/** A job with numbers for its files, in the order in which they were sent. */
export interface NumberedJob extends Omit<PreparationJob, "files" | "lastGood"> {
  readonly files: readonly number[];
  readonly lastGood: readonly (readonly [namespace: string, files: readonly number[]])[];
  readonly setAside: ReadonlyMap<string, SetAside>;
}

/** From the worker, once all pieces are where they are taken from. */
export type FromWorker =
  | { readonly kind: "done" }
  /** A bug of ours; the text is a stack. */
  | { readonly kind: "threw"; readonly text: string };
