import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type DecisionWorld,
  decideIn,
  type Fields,
  found,
  pick,
  snapshotOf,
} from "../../../test/support/decision-world.ts";
import type { DecisionInput } from "../../domain/index.ts";
import type { Rule } from "../compile/rule.ts";
import type { Expression, ReadVariable, Truth } from "../expression/index.ts";
import { ConditionBook } from "../snapshot/conditions.ts";
import { plainEdition } from "../snapshot/edition.ts";
import { createScope } from "../snapshot/snapshot.ts";
import { decide, newMemo } from "./decide.ts";

const allow = { id: "allow", effect: "allow" };
const when = (expression: string, name = "c") => ({ conditions: [{ name, expression }] });
const small = "request.inputTokens <= 100";
/** A claim that is not there makes it an error. */
const untold = "principal.claims.department == 'x'";
const few = { request: { inputTokens: 10 } };
const timeout = { data: { status: "timeout", findings: [] } } as const;

const deciding = (rule: Fields, input: Partial<DecisionInput> = {}) =>
  decideIn({ global: { rules: [allow, { id: "r", ...rule }] } }, input);

describe("a condition", () => {
  it("has to hold for its rule to hold", () => {
    const world = snapshotOf({ global: { rules: [{ ...allow, ...when(small) }] } });
    assert.equal(decideIn(world, few).outcome, "permit");
    assert.equal(decideIn(world, { request: { inputTokens: 101 } }).reason, "no_permit");
  });

  it("that errors does not let an allow rule permit", () => {
    const decision = decideIn({ global: { rules: [{ ...allow, ...when(untold) }] } });
    assert.equal(decision.reason, "no_permit");
    assert.deepEqual(
      decision.matched.map(({ match }) => match),
      ["E"],
    );
  });

  it("that errors makes a deny rule deny, and says so", () => {
    const decision = deciding({ effect: "deny", message: { code: "c" }, ...when(untold) });
    assert.deepEqual(pick(decision, "reason", "decidedBy", "rules", "message"), {
      reason: "condition_error",
      decidedBy: "platform/g/r",
      rules: ["platform/g/r"],
      message: undefined,
    });
  });

  it("that errors beside one that does not hold changes nothing", () => {
    const conditions = [
      { name: "a", expression: untold },
      { name: "b", expression: "request.inputTokens > 100" },
    ];
    assert.equal(deciding({ effect: "deny", conditions }, few).outcome, "permit");
  });

  it("on data that is not known yet is unclassified, one on anything else an error", () => {
    const onData = deciding({ effect: "deny", ...when("data.sensitivity > 3") }, timeout);
    assert.equal(onData.reason, "unclassified");
    const onClaims = deciding({ effect: "deny", ...when(untold) }, timeout);
    assert.equal(onClaims.reason, "condition_error");
  });

  it("that errors makes a transform rule deny and a warn rule say nothing", () => {
    const transform = { params: { maxTokens: { max: 10 } } };
    const failing = deciding({ effect: "transform", transform, ...when(untold) });
    assert.deepEqual(pick(failing, "reason", "rules"), {
      reason: "transform_error",
      rules: ["platform/g/r"],
    });
    assert.deepEqual(deciding({ effect: "warn", ...when(untold) }).warnings, []);
  });

  it("that errors makes a redact rule redact", () => {
    const redact = { method: "mask", classes: ["pii"] };
    const decision = deciding({ effect: "redact", redact, ...when(untold) }, found("pii.email"));
    assert.equal(decision.verdict, "redact");
  });

  it("of an allow rule can read what is left, one of any other rule what was found", () => {
    const mask = { id: "mask", effect: "redact", redact: { method: "mask", classes: ["pii"] } };
    const noPii = when("size(data.residual) == 0");
    const permitted = decideIn(
      { global: { rules: [{ ...allow, ...noPii }, mask] } },
      found("pii.email"),
    );
    assert.equal(permitted.outcome, "permit");
    const left = decideIn({ global: { rules: [{ ...allow, ...noPii }] } }, found("pii.email"));
    assert.equal(left.reason, "no_permit");
    const weak = found({ class: "pii.email", in: "prompt", count: 1, confidence: 0.59 });
    const unsure = decideIn({ global: { rules: [{ ...allow, ...noPii }] } }, weak);
    assert.equal(unsure.outcome, "permit");
    const foundPii = { id: "no", effect: "deny", ...when("'pii.email' in data.classes") };
    const denied = decideIn({ global: { rules: [allow, mask, foundPii] } }, found("pii.email"));
    assert.equal(denied.decidedBy, "platform/g/no");
  });

  it("that reads the answer leaves its rule out until there is one", () => {
    const rule = { effect: "deny", ...when("response.finishReason == 'length'") };
    assert.equal(deciding(rule).outcome, "permit");
    const answer = { point: "response", response: { finishReason: "length" } } as const;
    assert.equal(deciding(rule, answer).reason, "rule");
  });

  it("makes its permit more specific than one without", () => {
    const rules = [
      { id: "a", effect: "allow" },
      { id: "b", effect: "allow", ...when(small) },
    ];
    assert.equal(decideIn({ global: { rules } }, few).decidedBy, "platform/g/b");
  });
});

describe("a rule that fails open", () => {
  const rule = { id: "r", effect: "deny", onError: "FailOpen", ...when(untold) };
  const world = (more: Fields = {}): DecisionWorld => ({
    global: { rules: [allow], defaults: { rules: [{ ...rule, ...more }] } },
  });

  it("is dropped where it could not be told, and the verdict says so", () => {
    const decision = decideIn(world());
    assert.deepEqual(pick(decision, "outcome", "verdict"), {
      outcome: "permit",
      verdict: "fail_open",
    });
    assert.deepEqual(
      decision.matched.map(({ id, match }) => `${id} ${match}`),
      ["platform/g/allow T", "platform/g/r E"],
    );
  });

  it("acts as any other where it could be told", () => {
    const told = { principal: { id: "ann", kind: "user", claims: { department: "x" } } } as const;
    assert.equal(decideIn(world(), told).reason, "rule");
    const other = { principal: { id: "ann", kind: "user", claims: { department: "y" } } } as const;
    assert.equal(decideIn(world(), other).verdict, "allow");
  });

  it("where it is dropped does not hide that another one denies", () => {
    const no = { id: "no", effect: "deny" };
    assert.equal(decideIn({ ...world(), own: { rules: [no] } }).verdict, "deny");
  });
});

describe("tools that are listed", () => {
  const listing = { action: "tool.list", point: "tool.list", model: undefined } as const;
  const refund = { name: "billing/refund" };
  const amount = when("tool.args.amount <= 50");

  it("are shown where only the arguments are missing for a permit", () => {
    const world = {
      global: { rules: [{ ...allow, tools: { names: ["billing/*"] }, ...amount }] },
    };
    assert.equal(decideIn(world, { ...listing, tool: refund }).outcome, "permit");
    const call = { action: "tool.call", point: "tool.call", model: undefined } as const;
    const called = (args: Fields) => decideIn(world, { ...call, tool: { ...refund, args } });
    assert.equal(called({ amount: 20 }).outcome, "permit");
    assert.equal(called({ amount: 80 }).outcome, "deny");
    assert.equal(called({}).outcome, "deny");
  });

  it("are shown where only the arguments would tell whether a deny rule holds", () => {
    const world = { global: { rules: [allow, { id: "no", effect: "deny", ...amount }] } };
    assert.equal(decideIn(world, { ...listing, tool: refund }).outcome, "permit");
  });

  it("are not shown where a deny rule holds for certain", () => {
    const no = { id: "no", effect: "deny", tools: { risk: ["unknown"] } };
    assert.equal(
      decideIn({ global: { rules: [allow, no] } }, { ...listing, tool: refund }).reason,
      "rule",
    );
  });
});

describe("evaluating conditions", () => {
  it("asks once for all candidates what does not read the model", () => {
    const asked: string[] = [];
    const fake = (source: string): Expression => ({
      source,
      reads: new Set<ReadVariable>(source === "model" ? ["model"] : ["request"]),
      claims: new Set(),
      test: (): Truth => {
        asked.push(source);
        return "T";
      },
      amount: () => undefined,
    });
    const book = new ConditionBook({
      compile: (source) => ({ expression: fake(source), problems: [] }),
    });
    const scope = snapshotOf({
      global: { rules: [{ ...allow, ...when(small) }] },
    }).scopeOf("acme", "chat");
    assert.ok(scope);
    const [base] = scope.rulesFor("llm.generate", scope.models.byId("vendor/m1"));
    assert.ok(base);
    const rule = (name: string, ...sources: readonly string[]): Rule => ({
      ...base.rule,
      name,
      conditions: sources.map((expression) => ({ name: expression, expression })),
    });
    const faked = createScope({
      ...scope,
      ruleSet: {
        rules: [rule("x/y/a", "request", "model"), rule("x/y/b", "request")],
        unset: [],
        lifts: new Map(),
        conditions: book,
      },
      room: { rulesLeft: 100 },
    });
    const memo = newMemo();
    const input = {
      time: "2026-03-02T10:00:00Z",
      action: "llm.generate",
      point: "request",
      principal: { id: "ann", kind: "user" },
      data: { status: "ok", findings: [] },
    } as const;
    for (const id of ["vendor/m1", "local/m2"]) {
      const run = decide(faked, input, faked.models.byId(id), plainEdition, { memo });
      assert.equal(run.outcome, "permit");
    }
    assert.deepEqual(asked, ["request", "model", "model"]);
  });

  it("that did not compile cannot be told", () => {
    const book = new ConditionBook({ compile: () => ({ problems: [] }) });
    assert.equal(book.costOf("1 +").test({} as never), "E");
    assert.equal(book.costOf("1 +").amount({} as never), undefined);
  });
});
