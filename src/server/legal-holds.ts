import { join } from "node:path";
import { findLogs, type Hold, readHolds } from "../evidence/index.ts";
import { createDiskFiles } from "../log/index.ts";

/** The slot of the command line: what people do to an installation stands in its log. */
export const adminSlot = "admin";

/** The legal holds in force. Throws where there may be some that cannot be read. */
export function holdsOf(stateDir: string): readonly Hold[] {
  return readHolds(findLogs(createDiskFiles(join(stateDir, "log", adminSlot))));
}
