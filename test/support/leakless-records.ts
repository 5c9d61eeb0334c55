import assert from "node:assert/strict";
import { createRuleDetector } from "../../src/detect/index.ts";
import { LeakFinder } from "../../src/leaks/leak-finder.ts";
import { leaksIn } from "../../src/leaks/piece.ts";
import { readAllRecords } from "./envoy-stage.ts";

/** Looks through all that a server recorded, as a running one does by sample; nothing is found. */
export async function assertLeakless(stateDir: string): Promise<void> {
  const finder = new LeakFinder(createRuleDetector());
  for (const record of await readAllRecords(stateDir)) {
    const line = Buffer.from(JSON.stringify(record));
    assert.deepEqual(leaksIn({ surface: "record", line, seq: 0 }, finder), [], String(line));
  }
}
