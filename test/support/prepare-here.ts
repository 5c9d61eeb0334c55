import { type Preparer, prepare } from "../../src/activation/index.ts";
import { parsePolicies } from "../../src/policy/index.ts";

/** Makes policies ready on this very thread: for tests that are not about the other one. */
export const prepareHere: Preparer = {
  prepare: async (job) => prepare(job, { parse: (file) => parsePolicies([file]) }),
  close: async () => undefined,
};
