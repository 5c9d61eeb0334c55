import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setExchangeStage, type WrittenRecord } from "../../test/support/exchange-stage.ts";
import {
  answerWith,
  askWith,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import { asLog, assertReplays, sourceOf } from "../../test/support/replays.ts";
import type { Principal } from "../domain/index.ts";
import { loadSnapshot, type PolicyFile } from "../policy/index.ts";
import { compareRecords, Versions } from "../replay/index.ts";

type Members = Readonly<Record<string, unknown>>;

function snapshotOf(files: readonly PolicyFile[]) {
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "0.0.0" });
  assert.ok(snapshot, JSON.stringify(problems));
  return snapshot;
}

/** What a server has on record of one exchange of this caller, and that the policies make it again. */
async function recordsOf(
  caller: Partial<Principal>,
  files: readonly PolicyFile[],
  recordClaims?: readonly string[],
): Promise<readonly WrittenRecord[]> {
  const snapshot = snapshotOf(files);
  const principal: Principal = { id: "ann", kind: "user", ...caller };
  const identity = { tenant: "acme", app: "bot", principal, source: "jwt" } as const;
  const stage = setExchangeStage({ snapshot: () => snapshot, identity, recordClaims });
  const messages = [{ role: "user", content: "Hello" }];
  const proxy = askWith(stage, "openai-chat", { model: "cloud/large", messages });
  if (!proxy.isOver) {
    const message = { role: "assistant", content: "Done." };
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    answerWith(proxy, "application/json", [JSON.stringify({ choices })]);
  }
  assert.equal(await assertReplays(stage.records, files), stage.records.length);
  return stage.records;
}

const memberOf = (record: WrittenRecord | undefined, name: string) => record?.[name] as Members;

const withRule = (rule: string) => policiesWith(policyOf(rule));
const denyOn = (expression: string) =>
  withRule(
    `{ id: no, effect: deny, actions: [llm.generate], conditions: [{ name: c, expression: "${expression}" }] }`,
  );

const department = { department: "fraud", level: 3, ratio: 0.25, areas: ["eu", "us"], isNew: true };

describe("claims on record", () => {
  const files = denyOn("has(principal.claims.level) && principal.claims.level > 2");

  test("stand in facts under their own names, with those that are missing", async () => {
    const listed = ["department", "level", "ratio", "areas", "isNew", "none"];
    const [decision] = await recordsOf({ claims: department }, files, listed);
    assert.equal(decision?.outcome, "deny");
    const facts = memberOf(decision, "facts");
    const claims = Object.entries(facts).filter(([name]) => name.startsWith("principal.claims"));
    assert.deepEqual(Object.fromEntries(claims), {
      "principal.claims": listed,
      "principal.claims.areas": ["eu", "us"],
      "principal.claims.department": "fraud",
      "principal.claims.isNew": true,
      "principal.claims.level": 3,
      "principal.claims.ratio": { decimal: "0.25" },
    });
    assert.equal(decision?.["results"], undefined);
    assert.equal(decision?.["truncated"], undefined);
  });

  test("are none where none is listed, and what reads one is told by how it ended", async () => {
    const [decision] = await recordsOf({ claims: department }, files);
    assert.doesNotMatch(JSON.stringify(decision), /fraud|principal\.claims/);
    assert.deepEqual(decision?.["results"], { "platform/more/no#c": "T" });
  });

  test("hold the values of those alone that are listed", async () => {
    const claims = { ...department, sub: "ann", note: "planted-canary" };
    const records = await recordsOf({ claims }, files, ["level"]);
    assert.doesNotMatch(JSON.stringify(records), /fraud|planted-canary|"ann"/);
  });

  test("leave out what names a person, what holds more than words, and what cannot be told", async () => {
    const claims = {
      ...{ contact: "bob@acme.example", account: "acme\\Ann", number: 7 },
      ...{ nested: { a: 1 }, nothing: null, empty: [], mixed: ["a", 1, {}], unit: "legal" },
    };
    const listed = [...Object.keys(claims), "missing"];
    const [decision] = await recordsOf({ claims }, files, listed);
    const facts = memberOf(decision, "facts");
    assert.deepEqual(facts["principal.claims"], ["number", "unit", "missing"]);
    assert.doesNotMatch(JSON.stringify(decision), /bob@|Ann|nested\./);
    const all = denyOn("has(principal.claims.empty) && !has(principal.claims.gone)");
    const [denied] = await recordsOf({ claims }, all, [...listed, "gone"]);
    assert.deepEqual(denied?.["results"], { "platform/more/no#c": "T" });
  });

  test("leave out a number of an account that is no text, and the account of an address", async () => {
    const claims = { card: 4111111111111111, level: 3, login: "ann.lee", account: "acme\\Ann.Lee" };
    const caller = { id: "ann.lee@acme.example", claims };
    const [decision] = await recordsOf(caller, files, Object.keys(claims));
    assert.deepEqual(memberOf(decision, "facts")["principal.claims"], ["level"]);
    assert.doesNotMatch(JSON.stringify(decision), /4111|ann\.lee/i);
  });

  test("leave out what would push what was decided out of the record", async () => {
    const rights = Array.from({ length: 64 }, (_, index) => `${index} ${"x".repeat(240)}`);
    const claims = { level: 3, rights, unit: "legal" };
    const [decision] = await recordsOf({ claims }, files, ["level", "rights", "unit"]);
    assert.deepEqual(memberOf(decision, "facts")["principal.claims"], ["level", "unit"]);
    assert.equal(decision?.["truncated"], undefined);
    assert.notEqual(decision?.["rules"], undefined);
  });

  test("tell other policies as much as those they were recorded under", async () => {
    const plain = withRule("{ id: w, effect: warn }");
    const records = await recordsOf({ claims: department }, plain, ["department", "none"]);
    const versions = new Versions(sourceOf(plain), "0.0.0");
    const against = (expression: string) =>
      compareRecords(asLog(records), versions, snapshotOf(denyOn(expression)));
    const fraud = await against("principal.claims.department == 'fraud'");
    assert.deepEqual(
      fraud.transitions.map(({ from, to }) => [from, to]),
      [["warn", "deny"]],
    );
    assert.equal((await against("has(principal.claims.none)")).undetermined, 0);
    assert.equal((await against("has(principal.claims.level)")).undetermined, 2);
  });

  test("that are too long are cut, which says that nobody can decide on them again", async () => {
    const snapshot = snapshotOf(files);
    const principal: Principal = { id: "ann", kind: "user", claims: { unit: "x".repeat(300) } };
    const identity = { tenant: "acme", app: "bot", principal, source: "jwt" } as const;
    const stage = setExchangeStage({ snapshot: () => snapshot, identity, recordClaims: ["unit"] });
    askWith(stage, "openai-chat", { model: "cloud/large", messages: [] });
    const [decision] = stage.records;
    assert.deepEqual(decision?.["truncated"], ["facts"]);
    assert.equal(await assertReplays(stage.records, files), 0);
  });
});

describe("a group that is an address", () => {
  const groups = ["support", "ann@acme.example"];
  const files = withRule(
    "{ id: no, effect: deny, actions: [llm.generate], subjects: { groups: [ann@acme.example] } }",
  );

  test("is told by a pseudonym, and what reads it by how it ended", async () => {
    const [decision] = await recordsOf({ groups }, files);
    assert.equal(decision?.outcome, "deny");
    const { groups: told, hidden } = memberOf(decision, "principal");
    assert.match(String(told), /^support,p1:/);
    assert.deepEqual(hidden, ["groups"]);
    assert.doesNotMatch(JSON.stringify(decision), /ann@acme/);
    assert.equal(decision?.["truncated"], undefined);
    assert.deepEqual(decision?.["results"], {
      ...{ "platform/more/no#@subjects": "T", "platform/more/no#@subjects.3": "T" },
    });
  });

  test("says nothing more of a caller whose names may all be told", async () => {
    const [decision] = await recordsOf({ groups: ["support"] }, files);
    assert.deepEqual(memberOf(decision, "principal")["groups"], ["support"]);
    assert.equal(memberOf(decision, "principal")["hidden"], undefined);
    assert.equal(decision?.["results"], undefined);
  });

  test("hides a role and an issuer in the same way", async () => {
    const caller = { roles: ["lead", "bob@acme.example"], issuer: "bob@acme.example" };
    const reading = denyOn("'bob@acme.example' in principal.roles && principal.issuer != ''");
    const [decision] = await recordsOf(caller, reading);
    assert.equal(decision?.outcome, "deny");
    assert.deepEqual(memberOf(decision, "principal")["hidden"], ["issuer", "roles"]);
    assert.doesNotMatch(JSON.stringify(decision), /bob@acme/);
    assert.deepEqual(decision?.["results"], { "platform/more/no#c": "T" });
  });
});
