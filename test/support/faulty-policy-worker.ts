/** The thread that prepares policies, but for files whose comments ask for trouble. */
import { parentPort, workerData } from "node:worker_threads";
import { serveJobs } from "../../src/activation/serve-jobs.ts";
import type { WorkerStart } from "../../src/activation/worker-messages.ts";
import { type PolicyFile, parsePolicies } from "../../src/policy/index.ts";
import { hangingChannel } from "./hanging-worker.ts";

function parse(file: PolicyFile) {
  if (file.text.includes("# hang")) hang();
  if (file.text.includes("# throw")) throw new Error("a bug");
  if (file.text.includes("# eat")) eat();
  return parsePolicies([file]);
}

/** Says so first, on a channel of the name below. */
function hang(): never {
  new BroadcastChannel(hangingChannel).postMessage("hanging");
  for (;;);
}

function eat(): never {
  const eaten: unknown[] = [];
  for (;;) eaten.push(Array.from({ length: 1000 }, (_, index) => ({ index })));
}

if (parentPort !== null) serveJobs({ ...(workerData as WorkerStart), port: parentPort, parse });
