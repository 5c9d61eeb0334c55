/** What runs on the thread of a model; `ModelThread` starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "../../base/index.ts";
import type { ModelTerms } from "./model-terms.ts";
import { openModel } from "./open-model.ts";
import { serveModel } from "./serve-model.ts";

invariant(parentPort !== null, "this file runs as a thread of its own");
await serveModel(parentPort, () => openModel(workerData as ModelTerms));
