import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type DecisionWorld,
  decideIn,
  documentFile,
  filesOf,
  snapshotOf,
} from "../../test/support/decision-world.ts";
import { recordWorld, stream, toldAs } from "../../test/support/recorded-worlds.ts";
import { sourceOf } from "../../test/support/replays.ts";
import type { DecisionInput } from "../domain/index.ts";
import { compareRecords } from "./against.ts";
import { verifyRecords } from "./verify.ts";
import { Versions } from "./versions.ts";

const asked: DecisionInput = {
  time: "2026-03-02T10:00:00.000000Z",
  tenant: "acme",
  app: "chat",
  action: "llm.generate",
  point: "request",
  model: "vendor/m1",
  principal: { id: "user:ann", kind: "user", groups: ["support"], claims: { level: 3 } },
  request: { inputTokens: 1, params: { user: "ann", temperature: 0.5 } },
  data: { status: "ok", findings: [] },
};

async function assertReplays(world: DecisionWorld, input = asked): Promise<void> {
  const versions = new Versions(sourceOf(filesOf(world)), "0.0.0");
  const records = recordWorld(snapshotOf(world), input);
  const { differences, same } = await verifyRecords(stream(records), versions);
  assert.deepEqual({ differences, same }, { differences: [], same: 1 });
}

const open = { id: "open", effect: "allow" };
const exception = {
  ...{ ticket: "T-1", reason: "Test.", approvedBy: ["jo", "max"] },
  activeFrom: "2026-03-02T09:00:00Z",
};
const forAnn = { tenants: ["acme"], apps: ["chat"], subjects: { principals: ["user:ann"] } };
const pii = {
  status: "ok",
  findings: [{ class: "pii", in: "prompt", count: 1, confidence: 0.9 }],
} as const;

/** What reads hidden attributes, and what a record says of it for the caller above. */
const rows: readonly (readonly [
  string,
  DecisionWorld,
  Readonly<Record<string, string>> | undefined,
])[] = [
  ["nothing", { global: { rules: [open] } }, undefined],
  [
    "subjects",
    { global: { rules: [{ ...open, subjects: { principals: ["user:ann"] } }] } },
    { "platform/g/open#@subjects": "T" },
  ],
  [
    "subjects that are others",
    { global: { rules: [{ ...open, subjects: { principals: ["user:bob"] } }] } },
    undefined,
  ],
  [
    "an exclusion",
    {
      global: { rules: [open, { id: "no", effect: "deny", exclude: { principals: ["user:*"] } }] },
    },
    { "platform/g/no#@exclude": "T" },
  ],
  [
    "a rule that something recorded makes F",
    {
      global: {
        rules: [
          open,
          {
            id: "no",
            effect: "deny",
            subjects: { principals: ["user:ann"] },
            dataClasses: { anyOf: ["pci"] },
          },
        ],
      },
    },
    undefined,
  ],
  [
    "a claim",
    {
      global: {
        rules: [{ ...open, conditions: [{ name: "c", expression: "principal.claims.level > 2" }] }],
      },
    },
    { "platform/g/open#c": "T" },
  ],
  [
    "a claim that is not there",
    {
      global: {
        rules: [
          open,
          {
            id: "no",
            effect: "deny",
            conditions: [{ name: "c", expression: "principal.claims.none == 1" }],
          },
        ],
      },
    },
    { "platform/g/no#c": "E" },
  ],
  [
    "a claim beside the model",
    {
      global: {
        rules: [
          {
            ...open,
            conditions: [{ name: "c", expression: "principal.claims.level > 2 && model.id != ''" }],
          },
        ],
      },
    },
    { "platform/g/open#c@vendor/m1": "T" },
  ],
  [
    "a parameter that is a text",
    {
      global: {
        rules: [
          { ...open, conditions: [{ name: "c", expression: "request.params.user == 'ann'" }] },
        ],
      },
    },
    { "platform/g/open#c": "T" },
  ],
  [
    "the scope of a Grant that lifts",
    {
      global: { rules: [open, { id: "no", effect: "deny", dataClasses: { anyOf: ["pii"] } }] },
      more: [
        documentFile("platform", "Grant", "gr", {
          ...exception,
          expiresAt: "2026-03-10T00:00:00Z",
          scope: forAnn,
          lifts: ["platform/g/no"],
        }),
      ],
    },
    { "platform/gr#@scope": "T" },
  ],
  [
    "the scopes of an Incident",
    {
      global: { rules: [open, { id: "no", effect: "deny", dataClasses: { anyOf: ["pii"] } }] },
      more: [
        documentFile("platform", "Incident", "in", {
          ...exception,
          activeUntil: "2026-03-02T20:00:00Z",
          relax: [{ scope: forAnn, lifts: ["platform/g/no"] }],
        }),
      ],
    },
    { "platform/in#@scope:platform/g/no": "T" },
  ],
  [
    "a kill switch on a caller",
    {
      global: { rules: [open] },
      more: [
        documentFile("platform", "KillSwitch", "stop", {
          sequence: 1,
          active: true,
          target: { principals: ["user:ann"] },
          reason: "Test.",
        }),
      ],
    },
    { "platform/stop#@target": "T" },
  ],
];

/** The same caller, one of whose groups is the address of somebody. */
const unnamed: DecisionInput = {
  ...asked,
  principal: {
    ...{ id: "user:ann", kind: "user", issuer: "https://login.example" },
    ...{ groups: ["support", "ann@acme.example"], roles: ["lead"] },
    onRecord: { hidesNames: true, claims: new Set() },
  },
};

const byIssuer = (name: string) => ({ issuers: [`https://${name}.example`] });

/** What reads the names of that caller, and what a record says of it. */
const namedRows: readonly (readonly [
  string,
  DecisionWorld,
  Readonly<Record<string, string>> | undefined,
])[] = [
  [
    "a group",
    { global: { rules: [{ ...open, subjects: { groups: ["support"] } }] } },
    { "platform/g/open#@subjects": "T", "platform/g/open#@subjects.3": "T" },
  ],
  [
    "a group that nobody may read",
    { global: { rules: [{ ...open, subjects: { groups: ["ann@*"] } }] } },
    { "platform/g/open#@subjects": "T", "platform/g/open#@subjects.1": "T" },
  ],
  [
    "a group of others",
    { global: { rules: [{ ...open, subjects: { groups: ["legal"] } }] } },
    undefined,
  ],
  [
    "an issuer",
    { global: { rules: [{ ...open, subjects: { ...byIssuer("login"), kinds: ["user"] } }] } },
    { "platform/g/open#@subjects": "T", "platform/g/open#@subjects.2": "T" },
  ],
  [
    "a role in a condition",
    {
      global: {
        rules: [{ ...open, conditions: [{ name: "c", expression: "'lead' in principal.roles" }] }],
      },
    },
    { "platform/g/open#c": "T" },
  ],
  [
    "an exclusion of a group",
    { global: { rules: [open, { id: "no", effect: "deny", exclude: { roles: ["lead"] } }] } },
    { "platform/g/no#@exclude": "T", "platform/g/no#@exclude.3": "T" },
  ],
  [
    "the scope of a Grant for a group",
    {
      global: { rules: [open, { id: "no", effect: "deny", dataClasses: { anyOf: ["pii"] } }] },
      more: [
        documentFile("platform", "Grant", "gr", {
          ...exception,
          expiresAt: "2026-03-10T00:00:00Z",
          scope: { ...forAnn, subjects: { groups: ["support"] } },
          lifts: ["platform/g/no"],
        }),
      ],
    },
    { "platform/gr#@scope": "T", "platform/gr#@scope.3": "T" },
  ],
];

describe("a record that tells no names says how what reads them ended", () => {
  for (const [what, world, results] of namedRows) {
    it(`of ${what}, and no more than that`, async () => {
      const input = { ...unnamed, data: pii };
      assert.deepEqual(decideIn(world, input).results, results);
      await assertReplays(world, input);
    });
  }

  it("while one that tells them says nothing of it", () => {
    const { principal } = unnamed;
    assert.ok(principal !== undefined);
    const { onRecord: _, ...told } = principal;
    for (const [, world] of namedRows) {
      assert.equal(decideIn(world, { ...unnamed, principal: told, data: pii }).results, undefined);
    }
  });
});

describe("a claim that is on record", () => {
  const onClaim = (expression: string): DecisionWorld => ({
    global: { rules: [{ ...open, conditions: [{ name: "c", expression }] }] },
  });
  const told = (...claims: readonly string[]) =>
    toldAs(asked, { hidesNames: false, claims: new Set(claims) });

  for (const expression of [
    "principal.claims.level > 2",
    "!has(principal.claims.none)",
    "has(principal.claims.level) && principal.claims.level < 9",
  ]) {
    it(`has no result for \`${expression}\`, which is asked of it again`, async () => {
      const world = onClaim(expression);
      const { outcome, results } = decideIn(world, told("level", "none"));
      assert.deepEqual([outcome, results], ["permit", undefined]);
      await assertReplays(world, told("level", "none"));
    });
  }

  it("has one where another claim is read beside it, or any", async () => {
    for (const expression of [
      "principal.claims.level > 2 && !has(principal.claims.none)",
      "principal.claims.exists(name, name == 'level')",
      "principal.claims.level > 2 && principal.id != ''",
    ]) {
      const world = onClaim(expression);
      assert.deepEqual(decideIn(world, told("level")).results, { "platform/g/open#c": "T" });
      await assertReplays(world, told("level"));
    }
  });

  it("is asked of other policies as well, and one that is not is undetermined", async () => {
    const world: DecisionWorld = { global: { rules: [open] } };
    const versions = new Versions(sourceOf(filesOf(world)), "0.0.0");
    const deny = (expression: string) => {
      const conditions = [{ name: "c", expression }];
      return snapshotOf({ global: { rules: [open, { id: "no", effect: "deny", conditions }] } });
    };
    const against = (expression: string) => {
      const records = stream(recordWorld(snapshotOf(world), told("level", "none")));
      return compareRecords(records, versions, deny(expression));
    };
    const denying = await against("principal.claims.level > 2");
    assert.deepEqual(
      denying.transitions.map(({ from, to }) => [from, to]),
      [["allow", "deny"]],
    );
    assert.equal((await against("principal.claims.level > 3")).unchanged, 1);
    assert.equal((await against("has(principal.claims.none)")).unchanged, 1);
    assert.equal((await against("has(principal.claims.other)")).undetermined, 1);
  });
});

describe("a record says how what reads hidden attributes ended", () => {
  for (const [what, world, results] of rows) {
    it(`of ${what}, and no more than that`, async () => {
      const input = { ...asked, data: pii };
      assert.deepEqual(decideIn(world, input).results, results);
      await assertReplays(world, input);
    });
  }

  it("of a name that fits exactly, where a pattern would fit as well", async () => {
    const byPattern = { id: "b", effect: "allow", subjects: { principals: ["user:a*", "user:x"] } };
    const byEither = {
      id: "e",
      effect: "allow",
      subjects: { principals: ["user:ann", "user:b*"] },
    };
    const world = { global: { rules: [byPattern, byEither] } };
    const { decidedBy, results } = decideIn(world, asked);
    assert.equal(decidedBy, "platform/g/e");
    assert.deepEqual(results, {
      "platform/g/b#@subjects": "T",
      "platform/g/e#@subjects": "T",
      "platform/g/e#@subjects.exact": "T",
    });
    await assertReplays(world);
  });
});
