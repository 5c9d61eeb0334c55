import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompiledForm } from "../compile/compiled-form.ts";
import { createExpressionEngine, type ExpressionEngine } from "../expression/index.ts";
import { type PolicyFile, preparePolicies } from "../index.ts";
import { createSnapshot, snapshotSteps } from "./create-snapshot.ts";

const options = { engineVersion: "1.0.0", layerDigests: new Map<string, string>() };

function document(kind: string, name: string, namespace: string, spec: object): PolicyFile {
  const metadata = { name, namespace };
  const text = JSON.stringify({ apiVersion: "chancery/v1alpha1", kind, metadata, spec });
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text };
}

/** A tenant with one denying rule for each expression. */
function formOf(...expressions: readonly string[]): CompiledForm {
  const rules = expressions.map((expression, index) => ({
    id: `r${index}`,
    effect: "deny",
    conditions: [{ name: "it", expression }],
  }));
  const { compiled } = preparePolicies([
    document("Tenant", "acme", "platform", {}),
    document("App", "chat", "acme", {}),
    document("Policy", "rules", "acme", { attach: { layer: "tenant" }, rules }),
  ]);
  assert.ok(compiled !== undefined);
  return compiled.form;
}

/** Compiles as usual, and keeps what it was asked for. */
class Listening implements ExpressionEngine {
  readonly asked: string[] = [];
  readonly #engine = createExpressionEngine();

  compile(...[source, use]: Parameters<ExpressionEngine["compile"]>) {
    this.asked.push(source);
    return this.#engine.compile(source, use);
  }
}

const [one, two, three] = ["size(app.labels) > 1", "size(app.labels) > 2", "size(app.labels) > 3"];

test("an expression of the snapshot before is not compiled again, nor of the one before that", () => {
  const expressions = new Listening();
  const first = createSnapshot(formOf(one, two), { ...options, expressions });
  const second = createSnapshot(formOf(two, three, one), {
    ...options,
    expressions,
    former: first,
  });
  createSnapshot(formOf(one), { ...options, expressions, former: second });
  assert.deepEqual(expressions.asked, [one, two, three]);
});

test("one that was gone for a snapshot is compiled anew", () => {
  const expressions = new Listening();
  const first = createSnapshot(formOf(one), { ...options, expressions });
  const second = createSnapshot(formOf(two), { ...options, expressions, former: first });
  createSnapshot(formOf(one), { ...options, expressions, former: second });
  assert.deepEqual(expressions.asked, [one, two, one]);
});

test("each condition and each tenant is a step, and the whole is the same snapshot", () => {
  const form = formOf(one, two, three);
  const steps = snapshotSteps(form, options);
  let count = 0;
  let last = steps.next();
  for (; last.done !== true; last = steps.next()) count += 1;
  assert.equal(count, 4);
  assert.equal(last.value.digest, createSnapshot(form, options).digest);
  assert.ok(last.value.scopeOf("acme", "chat") !== undefined);
});
