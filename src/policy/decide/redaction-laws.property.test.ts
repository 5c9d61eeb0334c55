import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { assertNotPermitted, law, load } from "../../../test/support/policy-laws.ts";
import {
  type Fields,
  input,
  modelIds,
  namedRequest,
  redact,
  type World,
  type WorldDocument,
  without,
  withRule,
  world,
} from "../../../test/support/policy-worlds.ts";
import type { DecisionInput, FindingGroup } from "../../domain/index.ts";
import { evaluate, type Snapshot } from "../index.ts";

/*
 * What one redaction more can change, on random worlds: permits look at what is left (policy-model 5),
 * and it leaves less. Each law names the breaks it has been seen to catch.
 */

const inputs = fc.array(input, { minLength: 1, maxLength: 8 });
const namedRequests = fc.array(namedRequest, { minLength: 1, maxLength: 8 });
const policies = fc.constantFrom(
  "platform/global",
  "platform/model",
  "acme/own",
  "acme/chat",
  "globex/own",
);

describe("for any world and input", () => {
  // Caught: a redaction that took findings out of what deny rules look at, one that covered every
  // class, and one that took the winner's terms away.
  it("where no permit asks what is left, adding a redaction changes only what is redacted", () => {
    law(
      fc.property(world(), inputs, redact, policies, (given, asked, added, policy) => {
        const unasked = given.map((one) => withoutAsking(one, added));
        const before = load(unasked);
        const after = load(withRule(unasked, { policy, added }));
        for (const one of asked.flatMap((drawn) => [drawn, withClassesOf(added, drawn)])) {
          if (one.data.status === "ok") {
            assert.deepEqual(courseOf(after, one), courseOf(before, one));
          } else if (one.model !== "fast") {
            // It denies then, and what is true of a deny for some models is true of it.
            assertNotPermitted({ ...one, quotas: {} }, { before, after });
          }
        }
      }),
    );
  });

  // Caught: a redaction that covered every class, one that let pass what could not be told, and one
  // that took budgets away. A request may be denied although it has a permit. Then a permit that
  // matches now may be the more specific, and its fallback leads on where there was no way; one that
  // reads `data` may match no longer, and its budgets are not asked for any more.
  it("adding a redaction permits only by what it covers, and by other permits than before", () => {
    law(
      fc.property(world(), namedRequests, redact, policies, (drawn, asked, added, policy) => {
        const given = withRule(drawn, { policy: "acme/own", added: withNothingLeft });
        const changed = withRule(given, { policy, added });
        const [before, after] = [load(given), load(changed)];
        for (const request of asked.flatMap((one) => [one, withClassesOf(added, one)])) {
          const one = request.data.status === "ok" ? request : { ...request, quotas: {} };
          const denied = evaluate(before, one);
          if (denied.outcome === "permit" || evaluate(after, one).outcome === "deny") continue;
          assert.equal(one.data.status, "ok");
          assert.ok(one.data.findings.some((found) => isCovered(found, added)));
          const [was, is] = [load(available(given)), load(available(changed))];
          const tried = [...denied.hops.map(({ model }) => ({ ...one, model })), one];
          assert.ok(tried.some((as) => !isDeepStrictEqual(permitsOf(was, as), permitsOf(is, as))));
        }
      }),
    );
  });
});

/** The document with permits to which it is the same whether a redaction covers its classes. */
function withoutAsking(one: WorldDocument, redaction: Fields): WorldDocument {
  const classes = coveredBy(redaction);
  return rewritten(one, (field, value) => {
    if (field === "permitted") return [...new Set([...(value as readonly string[]), ...classes])];
    const { effect = "allow", conditions } = (value ?? {}) as Fields;
    if (!Array.isArray(conditions) || effect !== "allow") return value;
    const left = conditions.filter(({ expression }) => !expression.includes("data."));
    return { ...(value as Fields), conditions: left.length > 0 ? left : undefined };
  });
}

/** The world with every model there to answer, wherever rules would have requests routed. */
function available(given: World): World {
  return without(given, ({ kind }) => kind === "KillSwitch").map((one) =>
    rewritten(one, (field, value) => {
      if (field === "status") return undefined;
      return field === "only" ? modelIds : value;
    }),
  );
}

function rewritten(
  one: WorldDocument,
  change: (field: string, value: unknown) => unknown,
): WorldDocument {
  return { ...one, spec: JSON.parse(JSON.stringify(one.spec), change) as Fields };
}

/** Permits what has nothing to hide, and tells where else it may go. */
const withNothingLeft: Fields = {
  id: "nothing-left",
  effect: "allow",
  dataClasses: { permitted: [] },
  route: { fallback: modelIds },
};

/** The same request, had all that was found in it been of classes that a redaction covers. */
function withClassesOf(redaction: Fields, { data, ...one }: DecisionInput): DecisionInput {
  const classes = coveredBy(redaction);
  const findings = data.findings.map((found, index) => ({
    ...found,
    class: classes[index % classes.length] ?? found.class,
  }));
  return { ...one, data: { ...data, findings } };
}

/** Whether a redaction covers something that was found in a request. */
function isCovered(found: FindingGroup, redaction: Fields): boolean {
  if (found.in === "response") return false;
  return coveredBy(redaction).some(
    (one) => found.class === one || found.class.startsWith(`${one}.`),
  );
}

function coveredBy({ redact: edit }: Fields): readonly string[] {
  return (edit as { readonly classes: readonly string[] }).classes;
}

/** Whether a request gets through, by what and where to. */
function courseOf(snapshot: Snapshot, given: DecisionInput) {
  const { outcome, reason, decidedBy, rules, model, hops, warnings } = evaluate(snapshot, given);
  return { outcome, reason, decidedBy, rules, model, hops, warnings };
}

/** What permits a request for the model it names, whatever was spent. */
function permitsOf(snapshot: Snapshot, given: DecisionInput) {
  const { outcome, matched } = evaluate(snapshot, { ...given, quotas: {} });
  return { outcome, permits: matched.filter(({ effect }) => effect === "allow") };
}
