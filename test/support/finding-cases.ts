import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse, loadSnapshot, parsePolicies } from "../../src/policy/index.ts";
import { document, platformFile, policy, readMark, toFiles, world } from "./problem-cases.ts";

/** Policies with one finding where the text holds `«`, and the same written right. */
export interface FindingCase {
  readonly claim: string;
  /** How the finding begins. */
  readonly finding: string;
  readonly file?: string;
  readonly wrong: string;
  readonly clean: string;
  readonly also?: Readonly<Record<string, string>>;
}

/** When findings are looked for. */
export const nowMs = Date.parse("2026-03-02T10:00:00Z");

/** What analysis says of texts, each finding in one line. */
export function findingsIn(texts: Readonly<Record<string, string>>): readonly string[] {
  const files = toFiles(texts);
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  const found = analyse(parsePolicies(files).documents, { snapshot, nowMs });
  assert.ok(found.every(({ severity }) => severity === "warning"));
  return found.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
  );
}

/** Tests that each case has its one finding, at its place, and that the clean twin has none. */
export function testFindings(about: string, cases: readonly FindingCase[]): void {
  describe(about, () => {
    for (const { claim, finding, file = platformFile, wrong, clean, also } of cases) {
      it(claim, () => {
        const { text, line, column } = readMark(wrong);
        const [first = "", ...others] = findingsIn({ ...world, ...also, [file]: text });
        assert.ok(first.startsWith(`${file}:${line}:${column} ${finding}`), first);
        assert.deepEqual(others, []);
        assert.deepEqual(findingsIn({ ...world, ...also, [file]: clean }), []);
      });
    }
  });
}

/** A global policy of the platform named `p`, of rules in flow style. */
export const rules = (...list: readonly string[]) =>
  policy(`  rules:\n${list.map((one) => `    - { ${one} }\n`).join("")}`);
export const guarded = "dataClasses: { permitted: [internal] }";
/** The fields of a permit that is open to nobody. */
export const permit = `effect: allow, actions: [llm.generate], ${guarded}`;

/** A grant that begins on 1 March 2026; `end` in quotes. */
export const grantUntil = (end: string) =>
  document(
    "Grant",
    "g",
    "platform",
    `{ ticket: T-1, reason: why, activeFrom: "2026-03-01T00:00:00Z", expiresAt: ${end}, approvedBy: [a@acme.example], scope: { tenants: [acme], apps: [chat], subjects: { groups: [x] } }, permits: [{ id: r, actions: [llm.generate], ${guarded} }] }`,
  );
