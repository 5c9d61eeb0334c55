import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { load } from "../../test/support/policy-laws.ts";
import { input, world, worldsPerLaw } from "../../test/support/policy-worlds.ts";
import {
  asAsked,
  recordWorld,
  storeOf,
  stream,
  toldAs,
  type WorldRecord,
} from "../../test/support/recorded-worlds.ts";
import type { DecisionInput } from "../domain/index.ts";
import { evaluate, isWidening } from "../policy/index.ts";
import { compareRecords } from "./against.ts";
import { verifyRecords } from "./verify.ts";
import { Versions } from "./versions.ts";

const numRuns = Math.ceil(worldsPerLaw / 3);
/** Of some callers records tell more than of most, of others less. */
const told = fc
  .tuple(fc.boolean(), fc.subarray(["department", "none"]))
  .map(([hidesNames, claims]) => ({ hidesNames, claims: new Set(claims) }));
const anyInput = fc
  .tuple(input, fc.option(told, { nil: undefined }))
  .map(([one, onRecord]) => (onRecord === undefined ? one : toldAs(one, onRecord)));
const inputs = fc.array(anyInput, { minLength: 5, maxLength: 5 });

/** Where nothing is recorded of who asks, nobody learns it. */
const secrets = ["alice", "bob", "carol-2", "department", "fraud", "spiffe://other/bot"];

type Fields = Record<string, unknown>;

/** Those of one caller: a claim that is told is none, and a name that is not is one. */
function secretsOf({ principal }: DecisionInput): readonly string[] {
  const { claims, hidesNames = false } = principal?.onRecord ?? {};
  const hidden = claims?.has("department")
    ? secrets.filter((secret) => secret !== "department" && secret !== "fraud")
    : secrets;
  return hidesNames ? [...hidden, "support", "legal"] : hidden;
}

/** Each changes one field of what was recorded of a decision. */
const changes: Readonly<Record<string, (json: Fields) => void>> = {
  outcome: (json) => {
    json["outcome"] = json["outcome"] === "deny" ? "permit" : "deny";
  },
  reason: (json) => {
    json["reason"] = "another";
  },
  decidedBy: (json) => {
    json["decidedBy"] = "platform/another/rule";
  },
  verdict: (json) => {
    json["verdict"] = json["verdict"] === "warn" ? "allow" : "warn";
  },
  obligationsDigest: (json) => {
    json["obligationsDigest"] = `sha256:${"0".repeat(64)}`;
  },
  warnings: (json) => {
    json["warnings"] = ["another"];
  },
  lifted: (json) => {
    json["lifted"] = [{ rule: "platform/another/rule", by: "platform/grant" }];
  },
  rules: (json) => {
    json["rules"] = [{ id: "platform/another/rule", layer: "global", effect: "deny", match: "T" }];
  },
};

describe("for any world and input", () => {
  it("what is recorded of a decision gives it again", async () => {
    await fc.assert(
      fc.asyncProperty(world(), inputs, async (given, asked) => {
        const snapshot = load(given);
        const versions = new Versions(storeOf(given), "1.0.0");
        for (const one of asked) {
          const report = await verifyRecords(stream(recordWorld(snapshot, one)), versions);
          assert.deepEqual(report.differences, []);
          assert.equal(report.same, 1);
        }
      }),
      { numRuns },
    );
  });

  it("a record of which one field was changed does not pass", async () => {
    await fc.assert(
      fc.asyncProperty(
        world(),
        input,
        fc.constantFrom(...Object.keys(changes)),
        async (given, asked, field) => {
          const records = structuredClone(recordWorld(load(given), asked)) as WorldRecord[];
          const last = records.at(-1);
          assert.ok(last);
          changes[field]?.(last.json as Fields);
          const versions = new Versions(storeOf(given), "1.0.0");
          const report = await verifyRecords(stream(records), versions);
          assert.equal(report.same, 0);
        },
      ),
      { numRuns },
    );
  });

  it("under the same policies nothing changes and nothing is undetermined", async () => {
    await fc.assert(
      fc.asyncProperty(world(), inputs, async (given, asked) => {
        const snapshot = load(given);
        const versions = new Versions(storeOf(given), "1.0.0");
        for (const one of asked) {
          const records = stream(recordWorld(snapshot, one));
          const report = await compareRecords(records, versions, snapshot);
          assert.deepEqual(report.transitions, []);
          assert.equal(report.undetermined, 0);
        }
      }),
      { numRuns },
    );
  });

  it("what other policies are said to decide is what they decide", async () => {
    let determined = 0;
    await fc.assert(
      fc.asyncProperty(world(), world(), inputs, async (given, other, asked) => {
        const snapshot = load(given);
        const candidate = load(other);
        const versions = new Versions(storeOf(given), "1.0.0");
        const killSwitches = snapshot.killSwitches.merge(candidate.killSwitches);
        for (const any of asked) {
          const one = asAsked({ ...any, action: "llm.generate", point: "request" });
          const report = await compareRecords(
            stream(recordWorld(snapshot, one)),
            versions,
            candidate,
          );
          if (report.undetermined > 0) continue;
          determined += 1;
          const [before, after] = [
            evaluate(snapshot, one),
            evaluate(candidate, one, { killSwitches }),
          ];
          const [transition] = report.transitions;
          if (transition === undefined || before.verdict !== after.verdict) {
            assert.equal(transition?.to ?? before.verdict, after.verdict);
          }
          assert.equal(report.isWider, isWidening(before, after));
        }
      }),
      { numRuns },
    );
    assert.ok(determined > numRuns);
  });

  it("no attribute that is hidden stands in a record", () => {
    fc.assert(
      fc.property(world(), inputs, (given, asked) => {
        const snapshot = load(given);
        for (const one of asked) {
          const text = JSON.stringify(recordWorld(snapshot, one).map(({ json }) => json));
          for (const secret of secretsOf(one)) assert.ok(!text.includes(`"${secret}"`), secret);
        }
      }),
      { numRuns },
    );
  });
});
