import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { LogBuilder } from "../../../test/support/log-builder.ts";
import {
  Controls,
  Exceptions,
  Inventory,
  type Report,
  type Selection,
  ServiceLevels,
  takeRecords,
} from "../index.ts";

interface Exchange {
  readonly tenant: string;
  readonly app: string;
  readonly caller: string;
  readonly classes: readonly string[];
  readonly controls: readonly string[];
  readonly lifted: readonly string[];
  readonly isDenied: boolean;
  /** Undefined: the decision is final. */
  readonly answer: Answer | undefined;
}

interface Answer {
  readonly isDenied: boolean;
  readonly isRedacted: boolean;
  readonly tokens: number;
  readonly classes: readonly string[];
  /** Records that come between. */
  readonly distance: number;
}

const some = (...words: readonly string[]) => fc.subarray([...words]);
const answer: fc.Arbitrary<Answer> = fc.record({
  isDenied: fc.boolean(),
  isRedacted: fc.boolean(),
  tokens: fc.nat(1000),
  classes: some("pii.email", "financial.iban"),
  distance: fc.nat(6),
});
const exchange: fc.Arbitrary<Exchange> = fc.record({
  tenant: fc.constantFrom("acme", "globex"),
  app: fc.constantFrom("bot", "files"),
  caller: fc.constantFrom("p1:ann", "p1:bob"),
  classes: some("pii.email", "secret.api_key"),
  controls: some("c1", "c2"),
  lifted: some("acme/pilot", "platform/review"),
  isDenied: fc.boolean(),
  answer: fc.option(answer, { nil: undefined }),
});
const selection: fc.Arbitrary<Selection> = fc.record({
  tenant: fc.option(fc.constantFrom("acme", "globex"), { nil: undefined }),
  app: fc.option(fc.constantFrom("bot", "files"), { nil: undefined }),
});

const findings = (classes: readonly string[], place: string) =>
  classes.length === 0
    ? {}
    : {
        findings: classes.map((name) => ({ class: name, confidencePct: 90, count: 1, in: place })),
      };
const judged = (isDenied: boolean) =>
  isDenied ? { outcome: "deny", verdict: "deny" } : { outcome: "permit", verdict: "allow" };
const listed = (name: string, items: readonly unknown[]) =>
  items.length === 0 ? {} : { [name]: items };

/** The log of exchanges that overlap: a closing comes when its distance has passed. */
function logOf(exchanges: readonly Exchange[]): LogBuilder {
  const log = new LogBuilder().open();
  let waiting: { at: number; add: () => void }[] = [];
  exchanges.forEach(({ answer, app, caller, tenant, ...one }, index) => {
    const common = { app, exchange: log.idOf(500_000 + index), tenant, timeUs: { total: 5 } };
    log.add("decision", {
      ...{ ...common, ...judged(one.isDenied), ...findings(one.classes, "prompt") },
      ...listed("controls", one.controls),
      ...listed(
        "lifted",
        one.lifted.map((by) => ({ by, rule: "acme/a/b" })),
      ),
      ...{ fallback: "none", mode: "enforce", point: "request", retainDays: 400 },
      ...{ principal: { auth: "jwt", kind: "user", ref: caller } },
      ...(answer === undefined ? { end: "refused", final: true } : {}),
    });
    if (answer !== undefined) {
      const add = () =>
        log.add("closing", {
          ...{ ...common, ...judged(answer.isDenied), ...findings(answer.classes, "response") },
          ...(answer.isRedacted ? { applied: { redactions: "ok" } } : {}),
          ...{ end: answer.isDenied ? "cut" : "complete", point: "response" },
          usage: { in: answer.tokens, out: answer.tokens },
        });
      waiting.push({ at: index + answer.distance, add });
    }
    for (const { add } of waiting.filter(({ at }) => at <= index)) add();
    waiting = waiting.filter(({ at }) => at > index);
  });
  for (const { add } of waiting) add();
  return log.close();
}

function rowsOf<Row>(report: Report<Row>, log: LogBuilder, meant: Selection): readonly Row[] {
  takeRecords({ logs: [{ path: "", files: log.files }], trusted: [], selection: meant }, report);
  return report.rows();
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
const isDenied = (one: Exchange) => one.isDenied || one.answer?.isDenied === true;

describe("reports over any log", () => {
  test("come to what counting its exchanges one by one does", () => {
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 25 }), selection, (all, meant) => {
        const log = logOf(all);
        const { app, tenant } = meant;
        const some = all
          .filter((one) => tenant === undefined || one.tenant === tenant)
          .filter((one) => app === undefined || one.app === app);
        const inventory = rowsOf(new Inventory(meant), log, meant);
        assert.equal(total(inventory.map(({ count }) => count)), some.length);
        const tokens = total(some.map(({ answer }) => answer?.tokens ?? 0));
        assert.equal(total(inventory.map(({ tokensIn }) => tokensIn)), tokens);
        assert.equal(total(inventory.map(({ tokensOut }) => tokensOut)), tokens);
        const denied = inventory.filter(({ verdict }) => verdict === "deny");
        assert.equal(total(denied.map(({ count }) => count)), some.filter(isDenied).length);
        for (const name of ["pii.email", "financial.iban", "secret.api_key"]) {
          const found = inventory.filter(({ classes }) => classes.includes(name));
          const expected = some.filter((one) =>
            [...one.classes, ...(one.answer?.classes ?? [])].includes(name),
          );
          assert.equal(total(found.map(({ count }) => count)), expected.length);
        }
        for (const row of rowsOf(new Controls(meant), log, meant)) {
          const under = some.filter(({ controls }) => controls.includes(row.control));
          const redacted = under.filter(({ answer }) => answer?.isRedacted === true);
          assert.deepEqual(
            [row.decisions, row.denies, row.redactions],
            [under.length, under.filter(isDenied).length, redacted.length],
          );
        }
        for (const { name, used } of rowsOf(new Exceptions(meant), log, meant)) {
          assert.equal(used, some.filter(({ lifted }) => lifted.includes(name)).length);
        }
        const levels = rowsOf(new ServiceLevels(meant), log, meant);
        const levelOf = (id: string) => levels.find(({ measure }) => measure === id)?.value;
        const share = Math.round((some.filter(isDenied).length / some.length) * 1e6) / 1e6;
        assert.equal(levelOf("M4"), some.length === 0 ? null : share);
        assert.equal(levelOf("M7"), some.length === 0 ? null : 1);
      }),
      { numRuns: 150 },
    );
  });
});
