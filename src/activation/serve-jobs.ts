import type { MessagePort } from "node:worker_threads";
import type { ParsedPolicies, PolicyFile } from "../policy/index.ts";
import { FileTable } from "./file-table.ts";
import { ParseCache } from "./parse-cache.ts";
import { split } from "./pieces.ts";
import { prepare } from "./prepare.ts";
import { Progress } from "./progress.ts";
import type { FromWorker, NumberedJob, ToWorker, WorkerStart } from "./worker-messages.ts";

/** What a thread works with. */
export interface ServeOptions extends WorkerStart {
  /** Where jobs come from. */
  readonly port: MessagePort;
  readonly parse: (file: PolicyFile) => ParsedPolicies;
}

/** Does job after job, and says through shared memory how far it has come. */
export function serveJobs({ parse, port, progress: buffer, results }: ServeOptions): void {
  const progress = new Progress(buffer);
  const cache = new ParseCache(parse);
  let table = new FileTable();
  const work = ({ files, lastGood, setAside, ...job }: NumberedJob) => {
    const named = (numbers: readonly number[]) =>
      numbers.flatMap((number) => table.files[number] ?? []);
    cache.beginJob();
    const prepared = prepare(
      {
        ...job,
        files: named(files),
        lastGood: new Map(lastGood.map(([name, numbers]) => [name, named(numbers)])),
      },
      { parse: cache.parse, onWork: (namespace) => progress.step(namespace), setAside },
    );
    cache.endJob();
    for (const piece of split(prepared, table)) results.postMessage(piece);
  };
  const answer = (job: NumberedJob): FromWorker => {
    try {
      work(job);
      return { kind: "done" };
    } catch (error) {
      return { kind: "threw", text: String((error as Error).stack ?? error) };
    }
  };
  progress.step(undefined);
  port.on("message", (message: ToWorker) => {
    if (message.kind === "files") {
      for (const file of message.files) table.add(file);
      return progress.step(undefined);
    }
    progress.step(undefined);
    port.postMessage(answer(message.job));
    table = new FileTable();
  });
}
