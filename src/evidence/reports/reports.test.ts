import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LogBuilder, rootSigner } from "../../../test/support/log-builder.ts";
import type { MemoryFiles } from "../../../test/support/memory-files.ts";
import { addExchange, reportedLog } from "../../../test/support/reported-log.ts";
import { parsePolicies } from "../../policy/index.ts";
import { type NoteVerifier, parseVerifierKey } from "../../signing/index.ts";
import {
  Changes,
  Controls,
  Exceptions,
  Inventory,
  type Report,
  type Selection,
  ServiceLevels,
  takeRecords,
} from "../index.ts";

const root = parseVerifierKey(rootSigner.verifierKey) as NoteVerifier;

function run<Row>(
  report: Report<Row>,
  files: MemoryFiles = reportedLog().files,
  { selection = {}, trusted = [root] }: { selection?: Selection; trusted?: NoteVerifier[] } = {},
) {
  const source = takeRecords({ logs: [{ path: "", files }], trusted, selection }, report);
  return { source, rows: report.rows() };
}

describe("the inventory", () => {
  test("has who sent what where, and what became of it", () => {
    const { rows } = run(new Inventory({}));
    const common = { app: "acme/support-bot", caller: "p1:ann", model: "cloud/large" };
    const sent = { ...common, provider: "cloud", region: "eu-west", costMicros: 0 };
    const stopped = { ...common, model: "fast", provider: null, region: null, costMicros: 0 };
    const nothing = { tokensIn: 0, tokensOut: 0, costMicros: 0 };
    assert.deepEqual(rows, [
      { ...sent, classes: [], verdict: "allow", count: 5, tokensIn: 400, tokensOut: 80 },
      {
        ...sent,
        ...{ classes: ["financial.iban", "pii.email"], verdict: "redact", count: 2 },
        ...{ tokensIn: 100, tokensOut: 20, costMicros: 500 },
      },
      { ...sent, classes: [], verdict: "deny", count: 1, tokensIn: 100, tokensOut: 20 },
      { ...stopped, ...nothing, classes: ["secret.api_key"], verdict: "deny", count: 1 },
      { ...stopped, ...nothing, classes: [], verdict: "deny", count: 1 },
      {
        ...{ ...sent, ...nothing, caller: "spiffe://acme.example/batch" },
        ...{ classes: [], verdict: "allow", count: 1 },
      },
      {
        ...{ caller: null, app: "globex/files", model: null, provider: null, region: null },
        ...{ ...nothing, classes: [], verdict: "bypass", count: 1 },
      },
    ]);
  });

  test("is of the tenant, app and time that are asked for", () => {
    const countOf = (selection: Selection) =>
      run(new Inventory(selection), undefined, { selection }).rows.reduce(
        (sum, { count }) => sum + count,
        0,
      );
    assert.equal(countOf({}), 12);
    assert.equal(countOf({ tenant: "acme" }), 11);
    assert.equal(countOf({ tenant: "globex", app: "files" }), 1);
    assert.equal(countOf({ app: "none" }), 0);
    assert.equal(countOf({ since: "2026-11-21T08:00:00.005500Z" }), 11);
    assert.equal(countOf({ until: "2026-11-21T08:00:00.005500Z" }), 1);
  });

  test("folds callers, then everything, where there are too many rows", () => {
    const log = new LogBuilder().open();
    for (let index = 0; index < 11_500; index += 1) {
      const ref = `p1:${index}`;
      const app = index < 10_500 ? "support-bot" : `app-${index}`;
      addExchange(log, { decision: { app, principal: { auth: "jwt", kind: "user", ref } } });
      if (index % 500 === 0) log.commit();
    }
    addExchange(log, { decision: { app: "late" } });
    const { rows } = run(new Inventory({}), log.commit().files);
    assert.equal(rows.length, 11_001);
    assert.equal(
      rows.reduce((sum, { count }) => sum + count, 0),
      11_501,
    );
    const [folded] = rows;
    assert.deepEqual(
      [folded?.caller, folded?.app, folded?.count],
      ["other", "acme/support-bot", 500],
    );
    assert.equal(rows.find(({ app }) => app === "other")?.count, 2);
  });
});

describe("changes", () => {
  test("are in order of time, with who signed and why", () => {
    const { rows } = run(new Changes({}));
    const short = rows.map(({ digest, event, layer, reason, signers, version }) => [
      ...[event, layer, version, digest?.slice(0, 9) ?? null, signers.join(), reason],
    ]);
    assert.deepEqual(short, [
      ["activated", "platform", "4.2.0", "sha256:aa", "p-2026", null],
      ["activated", "acme", "1.9.1", "sha256:bb", "acme-1,acme-2", null],
      ["kill", "platform/model-x", "3", null, "", "bad answers"],
      ["unkill", "platform/model-x", "4", null, "", null],
      ["rejected", "acme", null, null, "", "E02 acme/rules.yaml:3:5"],
      ["rolled_back", "acme", "1.9.0", "sha256:bb", "", null],
    ]);
  });

  test("of a tenant are its own and the platform's", () => {
    const selection = { tenant: "globex" };
    const { rows } = run(new Changes(selection), undefined, { selection });
    assert.deepEqual(
      rows.map(({ layer }) => layer),
      ["platform", "platform/model-x", "platform/model-x"],
    );
  });

  test("beyond what is kept are one row that says how many", () => {
    const log = new LogBuilder().open();
    for (let index = 0; index < 20_100; index += 1) {
      log.add("policy", { event: "activated", layers: [{ id: `t-${index}` }] });
      if (index % 500 === 0) log.commit();
    }
    const { rows } = run(new Changes({}), log.commit().files);
    assert.equal(rows.length, 10_001);
    assert.equal(rows[0]?.reason, "10100 earlier changes");
    assert.equal(rows.at(-1)?.layer, "t-20099");
  });
});

describe("controls", () => {
  test("have the rules that never matched without them", () => {
    assert.deepEqual(run(new Controls({})).rows, [
      {
        control: "eu-ai-act:15",
        rules: ["platform/baseline/no-secrets"],
        ...{ decisions: 2, denies: 2, redactions: 0 },
      },
      {
        control: "iso-42001:A.7",
        rules: ["platform/baseline/mask"],
        ...{ decisions: 3, denies: 1, redactions: 2 },
      },
    ]);
  });
});

describe("exceptions", () => {
  const grant = `
apiVersion: chancery/v1alpha1
kind: Grant
metadata: { name: pilot, namespace: acme }
spec:
  ticket: A-1
  reason: a pilot
  activeFrom: 2026-11-01T00:00:00Z
  expiresAt: 2026-12-01T00:00:00Z
  approvedBy: [dpo]
  scope: {}
  lifts: [acme/support/small-models]
`;

  test("have their use, and from the documents who approved them until when", () => {
    const report = new Exceptions({});
    const { rows: unknown } = run(report);
    const [known] = unknown;
    assert.deepEqual(
      { ...known, last: null },
      { kind: "Grant", name: "acme/pilot", by: [], from: null, until: null, used: 1, last: null },
    );
    assert.equal(report.layers.length, 2);
    const unused = grant.replaceAll("pilot", "spare");
    const documents = [grant, unused].flatMap(
      (text) => parsePolicies([{ path: "acme/g.yaml", namespace: "acme", text }]).documents,
    );
    report.know(documents);
    const [pilot, spare, killed] = report.rows();
    assert.deepEqual(
      [pilot?.by, pilot?.from, pilot?.until],
      [["dpo"], "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"],
    );
    assert.deepEqual([spare?.name, spare?.used, spare?.last], ["acme/spare", 0, null]);
    assert.equal(killed?.kind, "KillSwitch");
    assert.equal(killed?.used, 1);
    assert.ok((killed?.from ?? "") < (killed?.last ?? "") && killed?.last && killed.until);
  });
});

describe("service levels", () => {
  test("are what the records tell, and null for what they cannot", () => {
    const { rows } = run(new ServiceLevels({}));
    const values = Object.fromEntries(rows.map(({ measure, value }) => [measure, value]));
    assert.deepEqual(values, {
      M1: 0.909091, // 10 of 11 decisions
      M2: 1,
      M3: 0.6, // 9 of 10 that ended, one bypass, four shed
      M4: 0.3,
      M5: null,
      M6: null,
      M7: 0.9, // one of ten was lost
      M8: 0,
      M9: 0.666667,
      M10: null,
      M11: null,
      M12: 0,
      M13: 1,
      M14: 1,
      M15: 1,
      O5: 0.666667,
    });
    const met = rows.filter(({ met }) => met === false).map(({ measure }) => measure);
    assert.deepEqual(met, ["M1", "M3", "M7", "O5"]);
  });

  test("show a denial and a redaction that failed, a clash and a foreign field", () => {
    const log = new LogBuilder().open();
    const failed = { applied: { redactions: "failed" } };
    const deny = { outcome: "deny", reason: "obligation_conflict", verdict: "deny" };
    addExchange(log, { decision: failed, closing: { ...deny, prompt: "no such field" } });
    addExchange(log, { decision: { ...failed, mode: "observe" }, closing: deny });
    const { rows } = run(new ServiceLevels({}), log.commit().files);
    const levelOf = (id: string) => rows.find(({ measure }) => measure === id)?.value;
    assert.deepEqual(["M2", "M13", "M14", "M12", "M8"].map(levelOf), [0, 0, 0, 2, 1]);
  });

  test("count an exchange without closing once its log was closed", () => {
    const log = reportedLog().close();
    const { rows } = run(new ServiceLevels({}), log.files);
    assert.equal(rows.find(({ measure }) => measure === "M7")?.value, 0.818182);
  });
});

describe("what figures rest on", () => {
  test("is told: verified, not verified, or not to be believed", () => {
    const log = reportedLog();
    const { source } = run(new Inventory({}), log.files);
    assert.equal(source.status, "good");
    assert.deepEqual(
      source.logs.map(({ signed }) => signed),
      [log.size],
    );
    assert.equal(run(new Inventory({}), log.files, { trusted: [] }).source.status, "unverified");
    const altered = log.files.copy();
    const segment = "segments/000000000000.jsonl";
    altered.put(segment, altered.text(segment).replace("p1:ann", "p1:bob"));
    const found = run(new Inventory({}), altered).source;
    assert.equal(found.status, "altered");
    assert.match(found.problems.join(), /checkpoint_differs/);
    assert.equal(run(new Inventory({}), altered, { trusted: [] }).source.status, "altered");
  });

  test("is what a signed checkpoint covers, where there are keys", () => {
    const log = reportedLog();
    addExchange(log, { closing: {} });
    const countOf = (trusted: NoteVerifier[]) => {
      const { rows, source } = run(new Inventory({}), log.files, { trusted });
      return [rows.reduce((sum, { count }) => sum + count, 0), source.uncovered];
    };
    assert.deepEqual(countOf([root]), [12, 2]);
    assert.deepEqual(countOf([]), [13, 0]);
  });
});
