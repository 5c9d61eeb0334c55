import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DecisionInput } from "../../domain/index.ts";
import { parsePolicies } from "../documents/parse.ts";
import { type KillSwitch, KillSwitches } from "./kill-switches.ts";
import { type Model, toModel } from "./model-catalog.ts";

type Fields = Readonly<Record<string, unknown>>;

function switchesOf(...documents: readonly [namespace: string, name: string, spec: Fields][]) {
  const files = documents.map(([namespace, name, spec], index) => {
    const text = {
      apiVersion: "chancery/v1alpha1",
      kind: "KillSwitch",
      metadata: { name, namespace },
      spec: { sequence: 1, active: true, reason: "Stop.", ...spec },
    };
    return { path: `${namespace}/${index}.json`, namespace, text: JSON.stringify(text) };
  });
  const { documents: parsed, problems } = parsePolicies(files);
  assert.deepEqual(problems, []);
  return KillSwitches.of(parsed);
}

function requestOf(fields: Partial<DecisionInput> = {}): DecisionInput {
  return {
    time: "2026-03-02T10:00:00Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    principal: { id: "alice", kind: "user", groups: [], roles: [] },
    data: { status: "ok", findings: [] },
    ...fields,
  } as DecisionInput;
}

function modelOf(id: string, namespace = "platform", fields: Fields = {}): Model {
  return toModel(namespace, { id, ...fields });
}

describe("a kill switch", () => {
  it("stops what it names and nothing else", () => {
    const tool = { action: "tool.call", point: "tool.call", tool: { name: "crm/lookup" } } as const;
    const cases: readonly [Fields, Partial<DecisionInput>, boolean][] = [
      [{ tenants: ["acme"] }, {}, true],
      [{ tenants: ["globex"] }, {}, false],
      [{ apps: ["acme/chat"] }, {}, true],
      [{ apps: ["globex/chat", "acme/desk"] }, {}, false],
      [{ principals: ["al*"] }, {}, true],
      [{ principals: ["bob"] }, {}, false],
      [{ principals: ["bot"] }, { principal: actingFor("bot") }, true],
      [{ tools: ["crm/*"] }, tool, true],
      [{ tools: ["mail/*"] }, tool, false],
      [{ tools: ["crm/*"] }, { tool: tool.tool }, false],
    ];
    for (const [target, fields, isStopped] of cases) {
      const switches = switchesOf(["platform", "stop", { target }]);
      const expected = isStopped ? "platform/stop" : undefined;
      assert.equal(switches.stops(requestOf(fields)), expected, JSON.stringify(target));
    }
  });

  it("stops models by id, pattern, alias and provider", () => {
    const model = modelOf("vendor/one", "platform", { aliases: ["fast"] });
    for (const target of [
      { models: ["vendor/one"] },
      { models: ["vendor/*"] },
      { models: ["alias:fast"] },
      { providers: ["vend*"] },
    ]) {
      const switches = switchesOf(["platform", "stop", { target }]);
      assert.equal(switches.stopsModel(model, "acme"), "platform/stop");
      assert.equal(switches.stopsModel(modelOf("other/two"), "acme"), undefined);
    }
  });

  it("of the platform does not know the members that a tenant has added to an alias", () => {
    const own = modelOf("acme/small", "acme", { aliases: ["fast"] });
    const target = { models: ["alias:fast"] };
    assert.equal(switchesOf(["platform", "s", { target }]).stopsModel(own, "acme"), undefined);
    assert.equal(switchesOf(["acme", "s", { target }]).stopsModel(own, "acme"), "acme/s");
  });

  it("of a tenant stops only the tenant's own requests", () => {
    const target = { models: ["*"] };
    const switches = switchesOf(
      ["acme", "stop", { target }],
      ["acme", "app", { target: { apps: ["chat"] } }],
    );
    const model = modelOf("vendor/one");
    assert.equal(switches.stopsModel(model, "acme"), "acme/stop");
    assert.equal(switches.stopsModel(model, "globex"), undefined);
    assert.equal(switches.stops(requestOf()), "acme/app");
    assert.equal(switches.stops(requestOf({ tenant: "globex" })), undefined);
  });

  it("is as its highest sequence has it, whatever the order", () => {
    const target = { tenants: ["acme"] };
    const off = ["platform", "stop", { target, sequence: 7, active: false }] as const;
    const on = ["platform", "stop", { target, sequence: 6 }] as const;
    for (const order of [
      [off, on],
      [on, off],
    ]) {
      const switches = switchesOf(...order.map((one) => [...one] as [string, string, Fields]));
      assert.equal(switches.stops(requestOf()), undefined);
      assert.equal(switches.isEmpty, true);
      assert.deepEqual(
        switches.switches.map(({ sequence }) => sequence),
        [7],
      );
    }
  });

  it("that is on counts before one of the same sequence that is off", () => {
    const target = { tenants: ["acme"] };
    const on = switchesOf(["platform", "stop", { target, sequence: 7 }]);
    const off = switchesOf(["platform", "stop", { target, sequence: 7, active: false }]);
    assert.equal(on.merge(off).stops(requestOf()), "platform/stop");
    assert.equal(off.merge(on).stops(requestOf()), "platform/stop");
  });

  it("is not brought back by an older document from another channel", () => {
    const target = { tenants: ["acme"] };
    const old = switchesOf(["platform", "stop", { target, sequence: 3 }]);
    const lifted = switchesOf(["platform", "stop", { target, sequence: 4, active: false }]);
    assert.equal(old.merge(lifted).isEmpty, true);
    assert.equal(lifted.merge(old).isEmpty, true);
    const others = switchesOf(["acme", "stop", { target, sequence: 1 }]);
    assert.equal(lifted.merge(others).stops(requestOf()), "acme/stop");
  });

  it("ends running answers only where it says so", () => {
    const target = { providers: ["vendor"] };
    const model = modelOf("vendor/one");
    const request = requestOf({ point: "response" });
    assert.equal(switchesOf(["platform", "s", { target }]).stopsStream(request, model), undefined);
    const cutting = switchesOf(["platform", "s", { target, stopStreams: true }]);
    assert.equal(cutting.stopsStream(request, model), "platform/s");
    assert.equal(cutting.stopsStream(request, undefined), undefined);
    const tenantWide = switchesOf([
      "platform",
      "s",
      { target: { tenants: ["acme"] }, stopStreams: true },
    ]);
    assert.equal(tenantWide.stopsStream(request, undefined), "platform/s");
    assert.equal(tenantWide.ofStreams.isEmpty, false);
    assert.equal(switchesOf(["platform", "s", { target }]).ofStreams.isEmpty, true);
  });

  it("is a plain value, so that it can be part of a snapshot's digest", () => {
    const { switches } = switchesOf(["acme", "s", { target: { apps: ["chat", "acme/desk"] } }]);
    const expected: KillSwitch = {
      name: "acme/s",
      tenant: "acme",
      sequence: 1,
      isActive: true,
      target: { apps: ["acme/chat", "acme/desk"] },
      stopsStreams: false,
      reason: "Stop.",
    };
    assert.deepEqual(switches, [expected]);
  });
});

function actingFor(actor: string): DecisionInput["principal"] {
  return { id: "alice", kind: "composite", groups: [], roles: [], actor: { id: actor } };
}
