import { invariant } from "../base/index.ts";
import type { DecodedRequest } from "./format.ts";
import type { RequestChanges } from "./request-changes.ts";

const nothing = Buffer.alloc(0);

/** A request that says everything by its method, path and headers, such as a GET. */
export const bodilessRequest: DecodedRequest = Object.freeze({
  spans: [],
  model: undefined,
  isStreaming: false,
  maxTokens: undefined,
  toolNames: [],
  readToolResults: () => [],
  params: Object.freeze(Object.create(null)),
  textBytes: 0,
  applyEdits: () => nothing,
  applyChanges: ({ model }: RequestChanges) => {
    invariant(model === undefined, "a request without a body names no model");
    return nothing;
  },
});
