/** Quotas of rules about calls of tools alone. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  answerWith,
  askWith,
  formatPaths,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import { type ToolAnswers, toolAnswers } from "../../test/support/tool-answers.ts";
import { budget, toolPolicies } from "../../test/support/tool-policies.ts";
import { KillSwitches } from "../policy/index.ts";
import { Ledger, type QuotaStore, StoreUnavailable, type Taken } from "../quota/index.ts";
import { MemoryQuotaStore } from "../stores/index.ts";
import type { ExchangeDeps, LiveKillSwitches } from "./index.ts";

const plain = { model: "large", max_tokens: 9, messages: [{ role: "user", content: "hi" }] };
const call = (name: string) => ({ name, args: '{"n":1}' });
const lookup = call("crm__lookup");

const counted = "{ id: tools, effect: allow, actions: [tool.list, tool.call], quota: [budget] }";
const calls = (limit: number, more = "") =>
  toolPolicies([counted], budget(`unit: tool_calls, limit: ${limit}, key: [tenant.id]${more}`));

/** A store that answers when it is told to. */
class LateStore implements QuotaStore {
  readonly #memory = new MemoryQuotaStore();
  readonly #waiting: (() => void)[] = [];

  reserve(...asked: Parameters<QuotaStore["reserve"]>): Promise<Taken> {
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(this.#memory.reserve(...asked)));
    });
  }

  correct(...asked: Parameters<QuotaStore["correct"]>): ReturnType<QuotaStore["correct"]> {
    return this.#memory.correct(...asked);
  }

  /** Answers what has been asked so far, and all that is asked because of it. */
  async answerAll(): Promise<number> {
    let count = 0;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      count += 1;
      next();
      await turn();
    }
    return count;
  }
}

const ledgerOver = (store: QuotaStore) =>
  new Ledger({ store, local: new MemoryQuotaStore(), localShare: 0.5 });

function stageOf(policies: ReturnType<typeof calls>, changes: Partial<ExchangeDeps> = {}) {
  const stage = governedStage(policies, changes);
  const ask = ({ format }: ToolAnswers) => askWith(stage, format, plain);
  return { ...stage, ask };
}

const observed = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';

/** A channel of kill switches, and what throws one that ends the answers of `acme`. */
function switches() {
  let current = new KillSwitches([]);
  const watching = new Set<() => void>();
  const killSwitches: LiveKillSwitches = {
    get current() {
      return current;
    },
    watch(changed) {
      watching.add(changed);
      return () => watching.delete(changed);
    },
  };
  const toss = () => {
    const thrown = { name: "platform/stop", tenant: undefined, sequence: 1, reason: "test" };
    const target = { tenants: ["acme"] };
    current = new KillSwitches([{ ...thrown, target, isActive: true, stopsStreams: true }]);
    for (const changed of watching) changed();
  };
  return { killSwitches, toss };
}

const json = "application/json";
const events = "text/event-stream";

function toolsOf(stage: ReturnType<typeof stageOf>, record: number) {
  return stage.records[record]?.["tools"] as readonly Readonly<Record<string, unknown>>[];
}

for (const answers of toolAnswers) {
  const { format, stream, whole } = answers;
  const isPassed = (proxy: FakeProxy) => proxy.response.body.toString().includes("crm__lookup");
  const askWhole = (stage: ReturnType<typeof stageOf>, count: number) => {
    const proxy = stage.ask(answers);
    answerWith(proxy, json, [
      whole(
        "Working.",
        Array.from({ length: count }, () => lookup),
      ),
    ]);
    return proxy;
  };

  describe(`${format}: a budget of calls`, () => {
    test("lets pass what fits, and refuses an answer with a call that does not", () => {
      const stage = stageOf(calls(3));
      assert.ok(isPassed(askWhole(stage, 3)));
      const refused = askWhole(stage, 1);
      assert.equal(refused.immediate?.status, 429);
      assert.match(refused.immediate?.body.toString() ?? "", /quota_exceeded/);
      const headers = new Map(refused.immediate?.headers.map(({ name, value }) => [name, value]));
      assert.equal(headers.get("x-should-retry"), "false");
      assert.ok(Number(headers.get("retry-after")) > 3500);
      const closing = stage.records[3];
      assert.equal(closing?.reason, "quota_exceeded");
      assert.deepEqual(toolsOf(stage, 3), [
        {
          ...{ point: "tool.call", server: "crm", name: "crm/lookup", risk: "unknown" },
          ...{ outcome: "deny", verdict: "deny", reason: "quota_exceeded" },
          quotas: { "platform/budget": "exceeded" },
          at: closing?.["at"],
        },
      ]);
      assert.deepEqual(toolsOf(stage, 1)[0]?.["quotas"], { "platform/budget": "ok" });
    });

    test("gets back what calls of a refused answer had reserved", () => {
      const stage = stageOf(calls(2));
      assert.equal(askWhole(stage, 3).immediate?.status, 429);
      assert.ok(isPassed(askWhole(stage, 2)));
      assert.equal(askWhole(stage, 1).immediate?.status, 429);
    });

    test("is given back as well for a stream that is refused as a whole", () => {
      const stage = stageOf(calls(2));
      const ask = (count: number) => {
        const proxy = new FakeProxy(stage.open, { response: "BUFFERED" });
        proxy.requestHeaders({ ":method": "POST", ":path": formatPaths[format] });
        proxy.requestBody(JSON.stringify(plain));
        const pieces = stream(
          "",
          Array.from({ length: count }, () => lookup),
        );
        answerWith(proxy, events, [pieces.join("")]);
        return proxy;
      };
      assert.equal(ask(3).immediate?.status, 429);
      assert.ok(isPassed(ask(2)));
      assert.equal(ask(1).immediate?.status, 429);
    });

    test("ends a running answer before the call that does not fit, and keeps what left", () => {
      const stage = stageOf(calls(1));
      const proxy = stage.ask(answers);
      answerWith(proxy, events, stream("Working.", [lookup, call("mail__send")]));
      const received = proxy.response.body.toString();
      assert.ok(received.includes("Working") || received.includes("Wor"));
      assert.ok(!received.includes("mail__send"));
      assert.match(received, /quota_exceeded/);
      assert.equal(stage.records[1]?.end, "cut");
      // Chat ends all calls of a message at once, so there the first one has not left either.
      const next = askWhole(stage, 1);
      assert.equal(isPassed(next), !isPassed(proxy));
    });

    test("is asked while an answer runs, and its events stay in order", async () => {
      const pieces = stream("Working.", [lookup, call("mail__send")]);
      const bytes = Buffer.from(pieces.join(""));
      for (const size of [1, 50, bytes.length]) {
        const store = new LateStore();
        const stage = stageOf(calls(2), { quotas: ledgerOver(store) });
        const proxy = stage.ask(answers);
        const cut: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) cut.push(bytes.subarray(at, at + size));
        answerWith(proxy, events, cut);
        assert.ok(!isPassed(proxy));
        assert.equal(await store.answerAll(), 2);
        assert.equal(proxy.response.body.toString(), bytes.toString());
        assert.equal(stage.records[1]?.end, "complete");
        proxy.assertNothingOwed();
        const refused = stage.ask(answers);
        answerWith(refused, events, cut);
        await store.answerAll();
        assert.match(refused.response.body.toString(), /quota_exceeded/);
        assert.equal(stage.records[3]?.end, "cut");
      }
    });

    test("is asked about a whole answer as well", async () => {
      const store = new LateStore();
      const stage = stageOf(calls(1), { quotas: ledgerOver(store) });
      const first = askWhole(stage, 1);
      assert.equal(first.response.body.length, 0);
      await store.answerAll();
      assert.ok(isPassed(first));
      const second = askWhole(stage, 1);
      await store.answerAll();
      assert.equal(second.immediate?.status, 429);
    });

    test("gets back what was reserved for a reader who has left", async () => {
      for (const type of [json, events]) {
        const store = new LateStore();
        const stage = stageOf(calls(1), { quotas: ledgerOver(store) });
        const proxy = stage.ask(answers);
        const pieces = type === json ? [whole("", [lookup])] : stream("", [lookup]);
        answerWith(proxy, type, pieces);
        proxy.event({ kind: "peer_reset" });
        await store.answerAll();
        assert.ok(!isPassed(proxy));
        const next = askWhole(stage, 1);
        await store.answerAll();
        assert.ok(isPassed(next), type);
      }
    });

    test("does not bring back an answer that a kill switch ended meanwhile", async () => {
      const budgets = budget("unit: tool_calls, limit: 1, key: [tenant.id]");
      for (const policies of [calls(1), policiesWith(budgets + policyOf(counted), observed)]) {
        const store = new LateStore();
        const { killSwitches, toss } = switches();
        const stage = stageOf(policies, { quotas: ledgerOver(store), killSwitches });
        const proxy = stage.ask(answers);
        answerWith(proxy, events, stream("Working.", [lookup]));
        toss();
        const cut = proxy.response.body.toString();
        assert.match(cut, /kill_switch/);
        await store.answerAll();
        assert.equal(proxy.response.body.toString(), cut);
        assert.equal(stage.records.length, 2);
        assert.equal(stage.records[1]?.end, "cut");
      }
    });

    test("of an app that is only watched stops nothing, and is on record", async () => {
      const budgets = budget("unit: tool_calls, limit: 1, key: [tenant.id]");
      const policies = policiesWith(budgets + policyOf(counted), observed);
      const pieces = stream("Working.", [lookup, lookup]);
      for (const [type, sent] of [
        [json, [whole("Working.", [lookup, lookup])]],
        [events, pieces],
      ] as const) {
        const store = new LateStore();
        const stage = stageOf(policies, { quotas: ledgerOver(store) });
        const proxy = stage.ask(answers);
        answerWith(proxy, type, sent);
        await store.answerAll();
        assert.equal(proxy.response.body.toString(), sent.join(""));
        proxy.assertNothingOwed();
        const judged = toolsOf(stage, 1).map(({ outcome, reason }) => reason ?? outcome);
        assert.deepEqual(judged, ["permit", "quota_exceeded"]);
      }
    });

    test("ends the answer where its store does not answer in time", () => {
      const stage = stageOf(calls(1), { quotas: ledgerOver(new LateStore()) });
      const proxy = stage.ask(answers);
      const bytes = stream("Working.", [lookup]).join("");
      answerWith(proxy, events, [bytes]);
      stage.clock.advance(2000);
      const received = proxy.response.body.toString();
      assert.ok(received.includes("Wor"));
      assert.ok(!isPassed(proxy));
      assert.deepEqual(stage.faults, ["phase_deadline"]);
    });

    test("refuses calls without its store, or uses this process's share of it", async () => {
      const away: QuotaStore = {
        reserve: async () => {
          throw new StoreUnavailable("away");
        },
        correct: () => undefined,
      };
      const denied = stageOf(calls(4), { quotas: ledgerOver(away) });
      const refused = askWhole(denied, 1);
      await turn();
      assert.equal(refused.immediate?.status, 503);
      assert.equal(denied.records[1]?.reason, "quota_unavailable");
      const shared = stageOf(calls(2, ", onUnavailable: local"), { quotas: ledgerOver(away) });
      const passed = askWhole(shared, 1);
      await turn();
      assert.ok(isPassed(passed));
      assert.deepEqual(toolsOf(shared, 1)[0]?.["quotas"], { "platform/budget": "unavailable" });
      const over = askWhole(shared, 1);
      await turn();
      assert.equal(over.immediate?.status, 429);
    });
  });
}

describe("a budget that calls draw on", () => {
  const [answers] = toolAnswers as readonly [ToolAnswers];
  const askFor = (stage: ReturnType<typeof stageOf>, ...names: readonly string[]) => {
    const proxy = stage.ask(answers);
    answerWith(proxy, json, [answers.whole("", names.map(call))]);
    return proxy;
  };

  test("counts requests by the call", () => {
    const policies = toolPolicies([counted], budget("unit: requests, limit: 2, key: [tenant.id]"));
    const stage = stageOf(policies);
    assert.equal(askFor(stage, "a", "b").immediate, undefined);
    assert.equal(askFor(stage, "a").immediate?.status, 429);
  });

  test("is one for each tool where it is kept by tool", () => {
    const policies = toolPolicies([counted], budget("unit: requests, limit: 1, key: [tool.name]"));
    const stage = stageOf(policies);
    assert.equal(askFor(stage, "a", "b").immediate, undefined);
    assert.equal(askFor(stage, "c", "b").immediate?.status, 429);
    assert.equal(askFor(stage, "c").immediate, undefined);
  });

  test("says nothing of the one that the request has under the same quota", () => {
    const both = "{ id: all, effect: allow, actions: [llm.generate, tool.call], quota: [budget] }";
    const spec = "unit: requests, limit: 1, key: [tool.name], onExceed: warn";
    const stage = stageOf(toolPolicies([both], budget(spec)));
    askFor(stage, "a");
    const second = askFor(stage, "b");
    assert.deepEqual(stage.records[2]?.["quotas"], { "platform/budget": "exceeded" });
    assert.equal(second.response.header("x-chancery-warning"), "quota_exceeded");
    const [judged] = toolsOf(stage, 3);
    assert.deepEqual(judged?.["quotas"], { "platform/budget": "ok" });
    assert.equal(judged?.["warnings"], undefined);
  });

  test("is told what a call costs", () => {
    const cost = `unit: usd, limit: 1, key: [tenant.id], cost: "tool.name == 'dear' ? 0.75 : 0.25"`;
    const stage = stageOf(toolPolicies([counted], budget(cost)));
    assert.equal(askFor(stage, "dear").immediate, undefined);
    assert.equal(askFor(stage, "dear").immediate?.status, 429);
    assert.equal(askFor(stage, "cheap").immediate, undefined);
    assert.equal(askFor(stage, "cheap").immediate?.status, 429);
    const byRisk = `unit: usd, limit: 1, key: [tenant.id], cost: "tool.risk == 'write' ? 2.0 : 0.25"`;
    const catalog = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: mail/send, risk: write }] }
---
`;
    const risky = stageOf(toolPolicies([counted], catalog + budget(byRisk)));
    assert.equal(askFor(risky, "crm__lookup").immediate, undefined);
    assert.equal(askFor(risky, "mail__send").immediate?.status, 429);
  });

  test("warns where it says so, and stops nothing", () => {
    const stage = stageOf(calls(1, ", onExceed: warn"));
    assert.equal(askFor(stage, "a").response.header("x-chancery-warning"), undefined);
    const second = askFor(stage, "a");
    assert.equal(second.response.header("x-chancery-warning"), "quota_exceeded");
    assert.deepEqual(toolsOf(stage, 3)[0]?.["warnings"], ["quota_exceeded"]);
  });

  test("is not drawn on twice where the request draws on it already", () => {
    const both = "{ id: all, effect: allow, actions: [llm.generate, tool.call], quota: [budget] }";
    const policies = toolPolicies([both], budget("unit: requests, limit: 2, key: [tenant.id]"));
    const stage = stageOf(policies);
    assert.equal(askFor(stage, "a", "b", "c").immediate, undefined);
    assert.equal(askFor(stage, "a").immediate, undefined);
    assert.equal(askFor(stage).immediate?.status, 429);
  });
});
