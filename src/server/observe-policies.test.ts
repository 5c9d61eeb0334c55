import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetrics } from "../../test/support/read-metrics.ts";
import type { Problem } from "../base/index.ts";
import { createTelemetry } from "../telemetry/index.ts";
import { observeLoad } from "./observe-policies.ts";
import { ServedDigests } from "./served-digests.ts";

const silent = { info() {}, warn() {} };

function problem(code: Problem["code"], namespace?: string): Problem {
  const place = { file: "acme.bundle", line: 0, column: 0, message: "m", hint: "h" };
  return { code, severity: "error", ...place, ...(namespace === undefined ? {} : { namespace }) };
}

/** What a load counts that refused a tenant's policies because of these problems. */
async function resultOf(...problems: Problem[]): Promise<string> {
  const telemetry = createTelemetry({ version: "0.0.0" });
  try {
    const layers = [{ namespace: "acme", serves: "lastGood", confirmedAtMs: 0 } as const];
    const state = {
      ...{ snapshot: undefined, problems, layers },
      ...{ activatedAtMs: undefined, refusedSinceMs: 0 },
    };
    const parts = { log: silent, served: new ServedDigests(), telemetry };
    observeLoad({ result: "refused", state }, parts);
    const samples = readMetrics(await telemetry.metrics()).families.get(
      "chancery_policy_loads_total",
    )?.samples;
    const [counted] = [...(samples ?? [])].find(([, count]) => count === 1) ?? [];
    return /layer="acme",result="([a-z_]+)"/.exec(String(counted))?.[1] ?? "none";
  } finally {
    telemetry.close();
  }
}

test("a load that was refused counts by what was wrong, the gravest first", async () => {
  assert.equal(await resultOf(problem("B01")), "bad_signature");
  assert.equal(await resultOf(problem("B03", "acme")), "bad_signature");
  assert.equal(await resultOf(problem("B05", "acme")), "bad_tests");
  assert.equal(await resultOf(problem("E01", "acme")), "bad_schema");
  assert.equal(await resultOf(problem("E04", "acme")), "bad_compile");
  assert.equal(await resultOf(problem("E01", "acme"), problem("B02", "acme")), "bad_signature");
});

test("what is wrong with another layer does not count for this one", async () => {
  assert.equal(await resultOf(problem("B01", "globex"), problem("E04", "acme")), "bad_compile");
});
