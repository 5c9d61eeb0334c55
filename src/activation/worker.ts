/** What runs on the thread on which policies are made ready; `PolicyThread` starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "../base/index.ts";
import { parsePolicies } from "../policy/index.ts";
import { serveJobs } from "./serve-jobs.ts";
import type { WorkerStart } from "./worker-messages.ts";

invariant(parentPort !== null, "this file runs as a thread of its own");
const start = workerData as WorkerStart;
serveJobs({ ...start, port: parentPort, parse: (file) => parsePolicies([file]) });
