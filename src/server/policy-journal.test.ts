import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Fault, type Problem } from "../base/index.ts";
import type { Encode } from "../log/index.ts";
import { readRecordLine } from "../record/index.ts";
import { PolicyJournal } from "./policy-journal.ts";
import type { LayerState, PolicyState } from "./policy-state.ts";

const position = {
  at: "2026-11-21T08:00:00.000001Z",
  id: "01a1fd1e-8c00-7db1-baa7-76cb5c5c64ab",
  log: "gov.acme.example/0/5f0c2a91",
  seq: 0,
};

/** Keeps what a journal tells, without what all records have. */
class ToldRecords {
  readonly told: Readonly<Record<string, unknown>>[] = [];

  tell(encode: Encode, kind: string): void {
    const read = readRecordLine(Buffer.from(encode(position)));
    assert.equal(read?.kind, kind);
    const { at, id, kind: _, log, seq, v, ...own } = read.json;
    this.told.push(own);
  }

  take(): readonly Readonly<Record<string, unknown>>[] {
    return this.told.splice(0);
  }
}

interface World {
  readonly digests: Readonly<Record<string, string>>;
  readonly problems?: readonly Problem[];
  /** Namespaces that serve as they were before. */
  readonly kept?: readonly string[];
}

function stateOf({ digests, kept = [], problems = [] }: World): PolicyState {
  const layers = Object.keys(digests).map(
    (namespace): LayerState => ({
      ...{ namespace, confirmedAtMs: 0 },
      serves: kept.includes(namespace) ? "lastGood" : "current",
    }),
  );
  const versionsFor = (tenant = "platform") => ({
    layers: [{ id: tenant, digest: digests[tenant] ?? "" }],
  });
  const snapshot = { digest: Object.values(digests).join(), versionsFor };
  // Of a snapshot the journal reads these two alone.
  return { snapshot, layers, problems, activatedAtMs: 0 } as unknown as PolicyState;
}

const problem: Problem = {
  ...{ code: "E02", severity: "error", namespace: "acme", file: "acme/rules.yaml" },
  ...{ line: 3, column: 5, message: "unknown field", hint: "" },
};

const active = (world: World) => ({ result: "active", state: stateOf(world) }) as const;
const refused = (world: World) => ({ result: "refused", state: stateOf(world) }) as const;

describe("policies on record", () => {
  test("are what came into force, by who signed it", () => {
    const records = new ToldRecords();
    const journal = new PolicyJournal(records);
    const accepted = new Map([["acme", { signers: ["k1", "k2"], version: "1.9.1" }]]);
    journal.loaded(active({ digests: { platform: "p1", acme: "a1" } }), accepted);
    assert.deepEqual(records.take(), [
      { event: "activated", layers: [{ digest: "p1", id: "platform" }], snapshot: "p1,a1" },
      {
        ...{ event: "activated", snapshot: "p1,a1", signers: ["k1", "k2"] },
        layers: [{ digest: "a1", id: "acme", version: "1.9.1" }],
      },
    ]);
    journal.loaded(active({ digests: { platform: "p1", acme: "a1" } }), accepted);
    assert.deepEqual(records.take(), [], "nothing changed");
  });

  test("are told when they go back, and when they go away", () => {
    const records = new ToldRecords();
    const journal = new PolicyJournal(records);
    for (const acme of ["a1", "a2"]) journal.loaded(active({ digests: { acme } }), new Map());
    records.take();
    journal.loaded(active({ digests: { acme: "a1" } }), new Map());
    journal.loaded(active({ digests: { platform: "p1" } }), new Map());
    assert.deepEqual(
      records.take().map(({ event, layers, reason }) => [event, layers, reason]),
      [
        ["rolled_back", [{ digest: "a1", id: "acme" }], undefined],
        ["activated", [{ digest: "p1", id: "platform" }], undefined],
        ["activated", [{ id: "acme" }], "no longer in force"],
      ],
    );
  });

  test("are refused once for one reason", () => {
    const records = new ToldRecords();
    const journal = new PolicyJournal(records);
    const good = { digests: { platform: "p1", acme: "a1" } };
    const bad = { ...good, kept: ["acme"], problems: [problem] };
    journal.loaded(active(good), new Map());
    records.take();
    journal.loaded(refused(bad), new Map());
    journal.loaded(refused(bad), new Map());
    const expected = {
      ...{ event: "rejected", layers: [{ id: "acme" }], snapshot: "p1,a1" },
      reason: "E02 acme/rules.yaml:3:5: unknown field",
    };
    assert.deepEqual(records.take(), [expected]);
    journal.loaded(active(good), new Map());
    journal.loaded(refused(bad), new Map());
    assert.deepEqual(records.take(), [expected]);
  });

  test("of a thousand tenants are told whole", () => {
    const records = new ToldRecords();
    const names = Array.from({ length: 1000 }, (_, index) => `t-${index}`);
    const digests = Object.fromEntries(names.map((name) => [name, name]));
    new PolicyJournal(records).loaded(active({ digests }), new Map());
    const told = records.take().flatMap(({ layers }) => layers as { readonly id: string }[]);
    assert.deepEqual(
      told.map(({ id }) => id),
      names,
    );
  });

  test("have kill switches and rollouts beside them", () => {
    const records = new ToldRecords();
    const journal = new PolicyJournal(records);
    const standing = { name: "platform/x", sequence: 2, stopStreams: false, target: {} };
    const by = { actor: "ops", ticket: "INC-7" };
    journal.switched({ ...standing, ...by, active: true, reason: "bad answers" });
    journal.switched({ ...standing, sequence: 3, active: false, reason: "mended" });
    journal.suspended({
      ...{ guard: "maxErrorRate", max: 0.01, of: "requests", rate: 0.25, samples: 400 },
      ...{ rollout: "acme/canary", state: "suspended" },
    });
    assert.deepEqual(records.take(), [
      {
        ...{ event: "kill", killSwitch: { name: "platform/x", sequence: 2 } },
        ...{ actor: "ops", reason: "bad answers", ticket: "INC-7" },
      },
      { event: "unkill", killSwitch: { name: "platform/x", sequence: 3 }, reason: "mended" },
      {
        ...{ event: "rolled_back", layers: [{ id: "acme" }] },
        reason: "rollout acme/canary: maxErrorRate 0.01, 0.2500 of 400 requests",
      },
    ]);
  });

  test("stand in nobody's way where a damaged log bars the process", () => {
    const tell = () => {
      throw new Fault("audit_unavailable", "damaged");
    };
    new PolicyJournal({ tell }).loaded(active({ digests: { acme: "a1" } }), new Map());
  });
});
