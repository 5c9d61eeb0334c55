import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FeedbackCount, feedbackFile } from "./feedback-count.ts";

const mark = (kind: string) => `${JSON.stringify({ at: "2026-03-02T10:00:00Z", kind })}\n`;

test("marks are counted once each, as they come, and none before there is a file", async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), "chancery-feedback-"));
  t.after(() => rm(stateDir, { recursive: true }));
  const path = join(stateDir, feedbackFile);
  const count = new FeedbackCount(stateDir);
  assert.deepEqual([...(await count.read())], []);
  await writeFile(path, mark("false_positive") + mark("false_negative"));
  assert.equal((await count.read()).get("false_positive"), 1);
  await appendFile(path, mark("false_positive") + mark("false_positive").slice(0, 9));
  assert.equal((await count.read()).get("false_positive"), 2);
  await appendFile(path, mark("false_positive").slice(9));
  const [one, other] = await Promise.all([count.read(), count.read()]);
  assert.deepEqual([one.get("false_positive"), other.get("false_negative")], [3, 1]);
  await writeFile(path, mark("false_positive"));
  assert.equal((await count.read()).get("false_positive"), 4);
});
