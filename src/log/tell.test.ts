import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeDisk } from "../../test/support/fake-disk.ts";
import { appendDecision, setLogStage } from "../../test/support/log-stage.ts";
import { Fault } from "../base/index.ts";
import { encodePolicy } from "../record/index.ts";
import { silentLogObserver } from "./log-observer.ts";
import type { Encode } from "./log-writer.ts";

const encode: Encode = (position) => encodePolicy({ event: "activated" }, position);

test("a record of no exchange is written at once, between the turns of exchanges", async (t) => {
  const disk = new FakeDisk();
  const noted: string[] = [];
  const observer = { ...silentLogObserver, noted: (kind: string) => noted.push(kind) };
  const log = await setLogStage(t).open({ disk, observer });
  log.tell(encode, "policy");
  assert.equal(disk.records().at(-1)?.["kind"], "policy");
  assert.equal(noted.at(-1), "policy");
  await log.close();
});

test("it is written late where the disk says no, and hides from no turn that its own was undone", async (t) => {
  const disk = new FakeDisk();
  const log = await setLogStage(t).open({ disk });
  appendDecision(log);
  disk.room = 5;
  log.tell(encode, "policy");
  assert.throws(
    () => log.commit(),
    (error) => error instanceof Fault && error.code === "audit_unavailable",
  );
  log.tell(encode, "policy");
  disk.room = Number.POSITIVE_INFINITY;
  appendDecision(log);
  log.commit();
  const late = disk.records().filter(({ kind }) => kind === "policy");
  assert.deepEqual(
    late.map(({ event, late: isLate }) => [event, isLate]),
    [
      ["activated", true],
      ["activated", true],
    ],
  );
  await log.close();
});
