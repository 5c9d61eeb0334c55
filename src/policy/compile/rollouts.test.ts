import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { DecisionInput } from "../../domain/index.ts";
import { bucketOf, type Rollout, sideOf } from "./rollouts.ts";

function rolloutOf(fields: Partial<Rollout> = {}): Rollout {
  return {
    name: "acme/ramp",
    policy: "acme/p",
    stable: "1",
    candidate: "2",
    seed: "2026-03-injection",
    stickyBy: ["tenant.id", "principal.id"],
    percent: 10,
    attachments: [],
    ...fields,
  };
}

function requestOf(id: string, actor?: string): DecisionInput {
  return {
    time: "2026-03-02T10:00:00Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    principal: {
      id,
      kind: "user",
      groups: [],
      roles: [],
      ...(actor === undefined ? {} : { actor: { id: actor } }),
    },
    data: { status: "ok", findings: [] },
  } as DecisionInput;
}

describe("a rollout", () => {
  it("has the bucket that the formula gives, byte by byte", () => {
    const zero = Buffer.of(0);
    const parts = ["b1", "2026-03-injection", "acme", "user:zoë@acme.example"];
    const bytes = parts.flatMap((part, index) =>
      index === 0 ? [Buffer.from(part)] : [zero, Buffer.from(part)],
    );
    const digest = createHash("sha256").update(Buffer.concat(bytes)).digest();
    const expected = digest.readUInt32BE(0) % 10_000;
    assert.equal(bucketOf(rolloutOf(), requestOf("user:zoë@acme.example")), expected);
  });

  it("keeps the attributes in the order written, an absent one empty", () => {
    const stickyBy = ["principal.actor.id", "app.id"] as const;
    const digest = createHash("sha256").update("b1\0s\0\0chat").digest();
    const rollout = rolloutOf({ seed: "s", stickyBy });
    assert.equal(bucketOf(rollout, requestOf("ann")), digest.readUInt32BE(0) % 10_000);
    const withActor = createHash("sha256").update("b1\0s\0bot\0chat").digest();
    assert.equal(bucketOf(rollout, requestOf("ann", "bot")), withActor.readUInt32BE(0) % 10_000);
  });

  it("widened moves nobody out, and takes in about as many as it says", () => {
    const steps = [0, 0.07, 10, 50, 100].map((percent) => rolloutOf({ percent }));
    const inside = steps.map(() => 0);
    for (let caller = 0; caller < 2000; caller += 1) {
      const bucket = bucketOf(rolloutOf(), requestOf(`user-${caller}`));
      const sides = steps.map((step) => sideOf(step, bucket) === "candidate");
      for (const [index, isIn] of sides.entries()) {
        if (isIn) inside[index] = (inside[index] ?? 0) + 1;
        assert.ok(isIn || sides[index - 1] !== true, "moved out by a wider step");
      }
    }
    const [none, , tenth = 0, half = 0, all] = inside;
    assert.equal(none, 0);
    assert.ok(tenth > 140 && tenth < 260, `${tenth} of 2000 at 10 %`);
    assert.ok(half > 900 && half < 1100, `${half} of 2000 at 50 %`);
    assert.equal(all, 2000);
  });

  it("ends at the bucket the decimal percentage says", () => {
    // 0.07 * 100 is a little more than 7 in binary.
    assert.equal(sideOf(rolloutOf({ percent: 0.07 }), 6), "candidate");
    assert.equal(sideOf(rolloutOf({ percent: 0.07 }), 7), "stable");
    assert.equal(sideOf(rolloutOf({ percent: 10 }), 999), "candidate");
    assert.equal(sideOf(rolloutOf({ percent: 10 }), 1000), "stable");
  });
});
