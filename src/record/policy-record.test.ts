import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePolicy, readRecordLine, recordedLayersMax } from "./index.ts";

const position = {
  at: "2026-11-21T08:00:00.000001Z",
  id: "01a1fd1e-8c00-7db1-baa7-76cb5c5c64ab",
  log: "gov.acme.example/0/5f0c2a91",
  seq: 7,
};
const digest = `sha256:${"a".repeat(64)}`;

test("a policy record is one line in canonical form, and says nothing of what is absent", () => {
  const layers = [{ id: "acme", version: undefined, digest }];
  const line = encodePolicy({ event: "activated", layers, signers: [], reason: "" }, position);
  assert.equal(
    line,
    `{"at":"${position.at}","event":"activated","id":"${position.id}","kind":"policy","layers":[{"digest":"${digest}","id":"acme"}],"log":"${position.log}","seq":7,"v":1}`,
  );
});

test("a policy record is one that readers take, however long its texts are", () => {
  const long = "\u{1f600}\u0001".repeat(400);
  const layers = Array.from({ length: 100 }, (_, index) => ({
    ...{ id: `tenant-${index}`, version: "é".repeat(300), digest },
  }));
  const signers = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  const killSwitch = { name: "platform/model-x", sequence: 3 };
  const record = {
    event: "rejected",
    layers,
    signers,
    killSwitch,
    actor: long,
    reason: `\ud800${long}`,
    ticket: long,
  } as const;
  const read = readRecordLine(Buffer.from(encodePolicy(record, { ...position, late: true })));
  assert.equal((read?.json["layers"] as unknown[] | undefined)?.length, recordedLayersMax);
  assert.equal(read?.json["late"], true);
  const reason = String(read?.json["reason"]);
  assert.ok(reason.startsWith("\ufffd\u{1f600}\u0001") && reason.isWellFormed());
});
