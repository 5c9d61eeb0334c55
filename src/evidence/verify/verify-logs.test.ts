import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LogBuilder, rootSigner } from "../../../test/support/log-builder.ts";
import { logVector } from "../../../test/support/log-vector.ts";
import { MemoryFiles } from "../../../test/support/memory-files.ts";
import {
  canonicalJson,
  createNoteSigner,
  type NoteVerifier,
  parseVerifierKey,
  signNote,
} from "../../signing/index.ts";
import { exitCodes, findLogs, type Verification, type VerifyReport, verifyLogs } from "../index.ts";

function verifier(key: string): NoteVerifier {
  const found = parseVerifierKey(key);
  assert.ok(found !== undefined);
  return found;
}

const trusted = [verifier(rootSigner.verifierKey)];

function verify(files: MemoryFiles, more: Partial<Verification> = {}): VerifyReport {
  return verifyLogs({ logs: findLogs(files), trusted, ...more });
}

/** The codes found, and the status of all. */
function codes(report: VerifyReport): readonly string[] {
  const found = [...report.logs.flatMap(({ problems }) => problems), ...report.problems];
  return [report.status, ...new Set(found.map(({ code }) => code))];
}

/** Two sealed segments and one that is open, anchored, ended in order. */
function wholeLog(): LogBuilder {
  return new LogBuilder()
    .open()
    .exchanges(200)
    .seal()
    .exchanges(150)
    .anchor()
    .seal()
    .beat()
    .close();
}

describe("the log of the vector", () => {
  const files = new MemoryFiles();
  files.put("segments/000000000000.jsonl", logVector.segment);
  files.put("checkpoint", logVector.checkpoint);
  files.put("log.json", `{"format":1,"origin":"${logVector.origin}"}`);
  const anchors = [{ name: "held", text: logVector.anchored }];

  test("is good by its root, and by its root as anchors know it", () => {
    for (const key of [logVector.rootKey, logVector.anchorKey]) {
      const report = verify(files, { trusted: [verifier(key)], anchors });
      assert.deepEqual(codes(report), ["good"]);
      const [log] = report.logs;
      assert.equal(log?.size, 3);
      assert.equal(log?.signed, 3);
      assert.equal(log?.root, Buffer.from(logVector.roots[3], "hex").toString("base64"));
      assert.deepEqual(log?.kinds, { key: 1, open: 1, decision: 1 });
      assert.equal(log?.from, "2026-11-21T08:00:00.000001Z");
      assert.equal(log?.to, "2026-11-21T08:00:01.123456Z");
      assert.deepEqual(log?.anchors, { checked: 1, unchecked: 0, newest: 3 });
      assert.deepEqual(log?.unclosed, { count: 0, first: [] });
    }
  });

  test("is not good by another key", () => {
    const other = verifier(createNoteSigner(logVector.rootName, Buffer.alloc(32)).verifierKey);
    assert.deepEqual(codes(verify(files, { trusted: [other] })), ["altered", "key_not_introduced"]);
    assert.deepEqual(codes(verify(files, { trusted: [] })), ["altered", "key_not_introduced"]);
  });
});

describe("a log", () => {
  test("that is whole is good, and the report tells what is in it", () => {
    const report = verify(wholeLog().files);
    assert.deepEqual(codes(report), ["good"]);
    assert.equal(exitCodes[report.status], 0);
    const [log] = report.logs;
    assert.deepEqual(log?.kinds, {
      key: 1,
      open: 1,
      decision: 350,
      closing: 350,
      beat: 1,
      close: 1,
    });
    assert.equal(log?.signed, 704);
    assert.equal(log?.tail, 0);
    assert.deepEqual(log?.anchors, { checked: 1, unchecked: 0, newest: 702 });
  });

  test("without a root is good by its own key", () => {
    const log = new LogBuilder(undefined, null).open().exchanges(9).seal().close();
    assert.deepEqual(codes(verify(log.files, { allowTail: true })), [
      ...["altered", "checkpoint_unsigned", "anchor_unsigned"],
    ]);
    const own = [verifier(log.signer.verifierKey)];
    assert.deepEqual(codes(verify(log.files, { trusted: own })), ["good"]);
  });

  test("goes on under a new key, and the old one signs no longer", () => {
    const log = new LogBuilder().open().exchanges(3);
    const old = log.signer;
    log.rotate().exchanges(3);
    assert.deepEqual(codes(verify(log.files)), ["good"]);
    log.add("shed", { count: 1, reason: "rate" }).commit([log.signer, old]);
    assert.deepEqual(codes(verify(log.files)), ["good"]);
    log.add("shed", { count: 1, reason: "rate" }).commit([old]);
    const found = codes(verify(log.files, { allowTail: true }));
    assert.deepEqual(found, ["altered", "anchor_unsigned", "checkpoint_unsigned"]);
  });

  test("of a key nobody introduced is altered, and so is a line under an unknown key", () => {
    const log = new LogBuilder().open().exchanges(3);
    const stranger = createNoteSigner(log.origin, Buffer.alloc(32, 9));
    const good = log.files.copy();
    log.add("shed", { count: 1, reason: "rate" }).commit([log.signer, stranger]);
    const found = codes(verify(log.files, { allowTail: true }));
    assert.deepEqual(found, ["altered", "checkpoint_unsigned"]);
    assert.deepEqual(codes(verify(good)), ["good"]);
    const otherRoot = createNoteSigner(rootSigner.name, Buffer.alloc(32, 7));
    const introduced = new LogBuilder(undefined, otherRoot).open().exchanges(3);
    assert.deepEqual(codes(verify(introduced.files)), ["altered", "key_not_introduced"]);
  });

  test("whose key was revoked is doubtful above the size until a successor covers it", () => {
    const log = new LogBuilder().open().exchanges(3);
    const { size, signer } = log;
    log.exchanges(4).revoke(signer, size);
    const [doubtful] = verify(log.files, { allowTail: true }).logs;
    assert.equal(doubtful?.signed, size);
    assert.deepEqual(doubtful?.doubtful, [{ from: size, to: log.size - 1 }]);
    assert.equal(doubtful?.tail, log.size - size);
    assert.deepEqual(codes(verify(log.files)), ["incomplete", "tail_unsigned"]);
    const forgetful = log.files.copy();
    const { keys, ...info } = JSON.parse(log.files.text("log.json"));
    forgetful.put("log.json", canonicalJson({ ...info, keys: keys.slice(0, 1) }));
    const [found] = verify(forgetful, { allowTail: true }).logs;
    assert.deepEqual(found?.doubtful, doubtful?.doubtful);
    log.add("shed", { count: 1, reason: "rate" }).commit([signer]);
    const [still] = verify(log.files, { allowTail: true }).logs;
    assert.equal(still?.signed, size);
    assert.deepEqual(still?.doubtful, [{ from: size, to: log.size }]);
    log.rotate().commit();
    const [covered] = verify(log.files).logs;
    assert.deepEqual(covered?.doubtful, []);
    assert.equal(covered?.signed, log.size);
    assert.equal(covered?.status, "good");
  });

  test("that is running has a tail, which is incomplete unless allowed", () => {
    const log = wholeLog();
    log.add("shed", { count: 1, reason: "rate" });
    assert.deepEqual(codes(verify(log.files)), ["incomplete", "tail_unsigned"]);
    const report = verify(log.files, { allowTail: true });
    assert.deepEqual(codes(report), ["good"]);
    assert.equal(report.logs[0]?.tail, 1);
    const path = "segments/000000000702.jsonl";
    log.files.put(path, `${log.files.text(path)}{"at":`);
    assert.deepEqual(codes(verify(log.files)), ["incomplete", "line_torn", "tail_unsigned"]);
    assert.deepEqual(codes(verify(log.files, { allowTail: true })), ["good"]);
  });

  test("that lost its end is shorter than its checkpoint or than an anchor", () => {
    const whole = wholeLog();
    const anchors = [{ name: "held", text: whole.anchorNote() }];
    const cut = whole.files.copy();
    cut.files.delete("segments/000000000702.jsonl");
    assert.deepEqual(codes(verify(cut)), ["truncated", "log_shorter"]);
    assert.equal(exitCodes[verify(cut).status], 4);
    cut.put("checkpoint", whole.checkpoints.get(702) ?? "");
    assert.deepEqual(codes(verify(cut)), ["good"]);
    assert.deepEqual(codes(verify(cut, { anchors })), ["truncated", "log_shorter"]);
  });

  test("that lost its end is shorter, also where its last key went with it", () => {
    const log = new LogBuilder().open().exchanges(3).seal().rotate().exchanges(3);
    log.files.files.delete("segments/000000000008.jsonl");
    assert.deepEqual(codes(verify(log.files)), ["truncated", "log_shorter"]);
  });

  test("of which an anchor tells and that is not there is missing", () => {
    const other = new LogBuilder("gov.acme.example/eu1/pod-7/1/00000000").open().exchanges(3);
    const anchors = [{ name: "other", text: other.anchorNote() }];
    const report = verify(wholeLog().files, { anchors });
    assert.deepEqual(codes(report), ["truncated", "log_missing"]);
    const both = new MemoryFiles();
    both.putBelow("0/5f0c2a91", wholeLog().files);
    both.putBelow("1/00000000", other.files);
    const joint = verify(both, { anchors });
    assert.deepEqual(codes(joint), ["good"]);
    assert.deepEqual(
      joint.logs.map(({ path }) => path),
      ["0/5f0c2a91", "1/00000000"],
    );
  });

  test("with another root than an anchor has is altered, at whatever size", () => {
    const mine = new LogBuilder().open().exchanges(5);
    const theirs = new LogBuilder().open().add("shed", { count: 1, reason: "rate" }).exchanges(5);
    for (const text of theirs.checkpoints.values()) {
      const report = verify(mine.files, { anchors: [{ name: "held", text }] });
      assert.ok(report.status === "altered" || report.status === "truncated");
    }
    const unsigned = signNote("a\n1\n\n", [mine.signer]);
    const report = verify(mine.files, { anchors: [{ name: "held", text: unsigned }] });
    assert.deepEqual(codes(report), ["unreadable", "anchor_unreadable"]);
  });
});

describe("a log of which records are gone", () => {
  test("by pruning is good, its anchors checked from tiles", () => {
    const log = new LogBuilder().open().exchanges(150).anchor().exchanges(40).seal();
    log.exchanges(200).seal().exchanges(9).prune(382);
    const report = verify(log.files);
    assert.deepEqual(codes(report), ["good"]);
    assert.equal(report.logs[0]?.minimum, 382);
    assert.equal(report.logs[0]?.anchors.checked, 1);
    for (const path of log.files.list("tile/0")) log.files.files.delete(`tile/0/${path}`);
    const without = verify(log.files);
    assert.deepEqual(codes(without), ["good"]);
    assert.deepEqual(without.logs[0]?.anchors, { checked: 0, unchecked: 1, newest: undefined });
  });

  test("in other ways is incomplete, and the rest is verified still", () => {
    const log = wholeLog();
    const start = log.files.copy();
    start.files.delete("segments/000000000000.jsonl");
    assert.deepEqual(codes(verify(start)), ["incomplete", "start_missing"]);
    const middle = log.files.copy();
    middle.files.delete("segments/000000000402.jsonl");
    assert.deepEqual(codes(verify(middle)), ["incomplete", "segment_missing"]);
    const unsealed = log.files.copy();
    unsealed.files.delete("segments/000000000402.seal.json");
    assert.deepEqual(codes(verify(unsealed)), ["incomplete", "seal_missing"]);
    const headless = log.files.copy();
    headless.files.delete("checkpoint");
    assert.deepEqual(codes(verify(headless)), ["incomplete", "checkpoint_missing"]);
    const rotated = new LogBuilder().open().exchanges(3).seal().rotate().exchanges(3).seal();
    rotated.exchanges(3).files.files.delete("segments/000000000008.jsonl");
    assert.deepEqual(codes(verify(rotated.files)), ["incomplete", "segment_missing"]);
  });

  test("is unreadable where nothing says whose it is", () => {
    const { files } = wholeLog();
    files.put("log.json", "{}");
    const report = verify(files);
    assert.deepEqual(codes(report), ["unreadable", "log_info_unreadable"]);
    assert.equal(exitCodes[report.status], 3);
  });
});

describe("the report", () => {
  test("tells what was adopted, what has no closing, and silences", () => {
    const log = new LogBuilder().open().exchanges(3);
    const exchange = log.idOf(77);
    const adoptedFrom = log.size;
    log.add("decision", { exchange, outcome: "permit", verdict: "allow" });
    log.add("decision", { exchange: log.idOf(78), final: true, outcome: "deny", verdict: "deny" });
    log.open({ adopted: 2, adoptedFrom, cutBytes: 0, ended: "crash" }).beat(90_000).beat(91_000);
    const [report] = verify(log.close().files).logs;
    assert.equal(report?.status, "good");
    assert.deepEqual(report?.adopted, [{ from: adoptedFrom, to: adoptedFrom + 2 }]);
    assert.deepEqual(report?.unclosed, { count: 1, first: [{ seq: adoptedFrom, exchange }] });
    assert.equal(report?.gaps.length, 1);
    assert.equal(report?.gaps[0]?.seq, log.size - 2);
  });

  test("calls a record altered that names another checkpoint as the previous one", () => {
    const log = new LogBuilder().open().exchanges(3);
    const root = Buffer.alloc(32).toString("base64");
    log.add("beat", {
      counts: { open: 1 },
      minimum: 0,
      oldestOpen: 0,
      previous: { root, size: 8 },
    });
    assert.deepEqual(codes(verify(log.commit().files)), ["altered", "previous_differs"]);
    const silent = new LogBuilder()
      .open()
      .exchanges(3)
      .add("close", { counts: { open: 1 } });
    assert.deepEqual(codes(verify(silent.commit().files)), ["altered", "previous_differs"]);
  });
});

describe("a log joined with the access log", () => {
  const log = new LogBuilder().open().exchanges(10);
  const lines = log.records.flatMap((line) => {
    const { exchange, kind, log: origin, seq } = JSON.parse(line);
    return kind === "decision" ? [{ exchange, log: origin, seq }] : [];
  });
  const toText = (entries: readonly object[]) => entries.map((entry) => JSON.stringify(entry));
  const joinOf = (entries: readonly object[], files = log.files) =>
    verify(files, { accessLog: toText(entries) });

  test("has every exchange in both, wherever the metadata stands", () => {
    const mixed = lines.map((line, index) => (index % 2 ? { decision: line, path: "/" } : line));
    const report = joinOf([...mixed, { path: "/healthz" }]);
    assert.deepEqual(report.status, "good");
    assert.deepEqual(report.join, {
      ...{ lines: 11, missing: 0, differ: 0, unmarked: 1, unlogged: 0, untold: 0 },
      ...{ refused: 0, differences: [] },
    });
  });

  test("tells what only one of them has, and what stands elsewhere", () => {
    const [first, , third, ...rest] = lines;
    const stray = { ...third, exchange: log.idOf(500_003) };
    const report = joinOf([{ ...first, seq: 3 }, third ?? {}, stray, ...rest]);
    assert.equal(report.status, "altered");
    assert.deepEqual(
      report.join?.differences.map(({ is }) => is),
      ["different", "unlogged", "missing"],
    );
    assert.equal(joinOf([...lines, stray]).status, "incomplete");
    assert.equal(joinOf(lines.toSpliced(4, 1)).status, "incomplete");
  });

  test("asks for nothing before and after the time it spans", () => {
    assert.equal(joinOf(lines.slice(3, 7)).status, "good");
  });

  test("finds a record that was not told to the proxy by the id of its request", () => {
    const early = new LogBuilder().open().exchanges(2);
    const exchange = early.idOf(500_006);
    const requestId = "7c1e0b52-4a53-4b9d-8d52-0a8bb9a6a1de";
    const left = { end: "peer_reset", exchange, final: true, outcome: "none", requestId };
    early.add("decision", left).exchanges(2);
    const marked = early.records.flatMap((line) => {
      const { exchange: id, kind, log: origin, seq } = JSON.parse(line);
      return kind === "decision" && id !== exchange ? [{ exchange: id, log: origin, seq }] : [];
    });
    const { join, status } = joinOf([...marked, { request: requestId }], early.files);
    assert.equal(status, "good");
    assert.deepEqual([join?.unmarked, join?.untold, join?.unlogged], [1, 1, 0]);
    assert.deepEqual(
      join?.differences.map(({ exchange: id, is }) => [is, id]),
      [["untold", exchange]],
    );
    const other = joinOf([...marked, { request: "another" }], early.files);
    assert.deepEqual([other.status, other.join?.unlogged], ["incomplete", 1]);
  });

  test("takes a line without a place for that of whatever record its exchange has", () => {
    // What could not be written when it was answered was written late, in this log.
    const late = lines.map(({ exchange, log: origin }) => ({ exchange, log: origin }));
    assert.equal(joinOf(late).status, "good");
    const elsewhere = lines.map(({ exchange }) => ({
      exchange,
      log: "gov.acme.example/other/0/1",
    }));
    assert.equal(joinOf(elsewhere).join?.differ, lines.length);
  });

  describe("while the log could not be written", () => {
    const refusedAt = [500_101, 500_102, 500_103];
    const unrecorded = refusedAt.map((number) => ({
      ...{ exchange: log.idOf(number), verdict: "deny", reason: "audit_unavailable" },
    }));
    /** The same exchanges in a log that tells of refusals. */
    const telling = (refused: number, where: "before" | "behind" = "behind") => {
      const builder = new LogBuilder().open();
      // The numbers of exchanges are milliseconds since the log began.
      const beatMs = where === "behind" ? 600_000 : 1;
      const fields = { counts: { open: 1 }, refused, minimum: 0, oldestOpen: 2 };
      const beat = () => builder.add("beat", { ...fields, ...builder.previous() }, beatMs);
      if (where === "before") beat();
      builder.exchanges(10);
      return (where === "behind" ? beat() : builder).commit().files;
    };

    test("has refusals without a record, as many as the log says", () => {
      const { join, status } = joinOf([...lines, ...unrecorded], telling(3));
      assert.equal(status, "good");
      assert.deepEqual([join?.refused, join?.missing], [3, 0]);
      assert.deepEqual(
        join?.differences.map(({ exchange, is }) => [is, exchange]).sort(),
        unrecorded.map(({ exchange }) => ["refused", exchange]),
      );
    });

    test("misses those beyond that number", () => {
      const { join, status } = joinOf([...lines, ...unrecorded], telling(2));
      assert.equal(status, "incomplete");
      assert.deepEqual([join?.refused, join?.missing], [2, 1]);
      assert.equal(joinOf([...lines, ...unrecorded]).join?.missing, 3);
    });

    test("misses what began after the log said how many there were", () => {
      const early = joinOf(unrecorded, telling(3, "before")).join;
      assert.deepEqual([early?.refused, early?.missing], [0, 3]);
    });

    test("misses a record that the proxy was told the place of, whatever the reason", () => {
      const placed = unrecorded.map((line) => ({ ...line, log: lines[0]?.log, seq: 900 }));
      assert.equal(joinOf([...lines, ...placed], telling(3)).join?.missing, 3);
      const other = unrecorded.map((line) => ({ ...line, reason: "rule" }));
      assert.equal(joinOf([...lines, ...other], telling(3)).join?.missing, 3);
    });
  });

  test("compares refusals by overload by their number", () => {
    const shed = new LogBuilder().open().exchanges(10);
    const [first] = JSON.parse(shed.records[2] ?? "").at.split("Z");
    shed.add("shed", {
      count: 2,
      from: `${first}Z`,
      reason: "rate",
      to: "2026-11-21T09:00:00.000000Z",
    });
    shed.commit();
    const overloaded = [500_004, 500_005].map((number) => ({
      ...{ exchange: shed.idOf(number), reason: "overloaded" },
    }));
    const [one = {}] = overloaded;
    assert.deepEqual(joinOf([...lines, ...overloaded], shed.files).join?.differences, []);
    assert.equal(joinOf([...lines, ...overloaded], shed.files).status, "good");
    assert.equal(joinOf([...lines, one], shed.files).join?.unlogged, 1);
    assert.equal(joinOf([...lines, ...overloaded]).join?.missing, 2);
  });
});
