import { recordBytesMax, recordListMax } from "../base/index.ts";
import { encodeText, sortedKeys } from "./canonical.ts";
import { Cuts } from "./cuts.ts";
import { encodeFact, encodeFinding, encodeRule } from "./encode-parts.ts";
import { encodeTool, encodeTraced } from "./encode-rulings.ts";
import type { JudgedKind, JudgedRecord } from "./judged-record.ts";
import type { RecordPosition } from "./parts.ts";
import { writeJudged } from "./write-judged.ts";

/** A field that loses entries from its end: the record without at least `excess` bytes of it. */
interface Shortening {
  readonly field: "evaluated" | "shadow" | "tools" | "rules" | "findings" | "results" | "facts";
  /** Undefined where the field has no entries left. */
  shorten(record: JudgedRecord, excess: number): JudgedRecord | undefined;
}

/** In the order of audit-and-operations 2.1. */
const shortenings: readonly Shortening[] = [
  {
    field: "evaluated",
    shorten(record, excess) {
      const evaluated = withoutEnd(record.evaluated ?? [], excess, (traced) =>
        encodeTraced(traced, "evaluated", new Cuts()),
      );
      return evaluated && { ...record, evaluated };
    },
  },
  {
    field: "shadow",
    shorten(record, excess) {
      const { shadow } = record;
      if (shadow === undefined || shadow === null) return undefined;
      const rules = withoutEnd(shadow.rules, excess, encodeText);
      return rules && { ...record, shadow: { ...shadow, rules } };
    },
  },
  {
    field: "tools",
    shorten(record, excess) {
      const tools = withoutEnd(record.tools ?? [], excess, (tool) =>
        encodeTool(tool, "tools", new Cuts()),
      );
      return tools && { ...record, tools };
    },
  },
  {
    field: "rules",
    shorten(record, excess) {
      const rules = withoutEnd(record.rules ?? [], excess, (rule) =>
        encodeRule(rule, "rules", new Cuts()),
      );
      return rules && { ...record, rules };
    },
  },
  {
    field: "findings",
    shorten(record, excess) {
      const findings = withoutEnd(record.findings ?? [], excess, (finding) =>
        encodeFinding(finding, "findings", new Cuts()),
      );
      return findings && { ...record, findings };
    },
  },
  {
    field: "results",
    shorten(record, excess) {
      const results = Object.entries(record.results ?? {}).sort(byKey);
      const left = withoutEnd(results, excess, ([key]) => encodeText(key) + encodeText("T"));
      return left && { ...record, results: Object.fromEntries(left) };
    },
  },
  {
    field: "facts",
    shorten(record, excess) {
      const facts = record.facts ?? {};
      const entries = sortedKeys(facts).map((key) => [key, facts[key]] as const);
      const left = withoutEnd(entries, excess, ([key, value]) =>
        value === undefined ? "" : encodeText(key) + encodeFact(value, new Cuts()),
      );
      return left && { ...record, facts: Object.fromEntries(left) };
    },
  },
];

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * What goes after that, whole, so that the bound holds for any record at all. No record of real
 * traffic gets here; what stays is who, when, what was decided and by whom.
 */
const droppable = [
  "hops",
  "buckets",
  "suspended",
  "quotas",
  "lifted",
  "shadow",
  "obligations",
  "controls",
  "warnings",
  "principal",
  "versions",
  "model",
  "route",
  "requestId",
] as const;

/** Whether a line is within the 16 KiB of a record. */
export function isWithinBound(line: string): boolean {
  // Three bytes per code unit at most: the common line is not looked at again.
  return line.length * 3 <= recordBytesMax || Buffer.byteLength(line) <= recordBytesMax;
}

/** The line of a record that is too long, cut in the fixed order and saying so in `cuts`. */
export function writeShrunk(
  kind: JudgedKind,
  record: JudgedRecord,
  position: RecordPosition,
): { readonly line: string; readonly cuts: Cuts } {
  const cutFields = new Set(record.truncated);
  let current = record;
  let cuts = new Cuts();
  const write = () => {
    cuts = new Cuts(cutFields);
    return writeJudged(kind, current, position, cuts);
  };
  let line = write();
  for (const { field, shorten } of shortenings) {
    while (!isWithinBound(line)) {
      const shorter = shorten(current, Buffer.byteLength(line) - recordBytesMax);
      if (shorter === undefined) break;
      current = shorter;
      cutFields.add(field);
      line = write();
    }
  }
  for (const field of droppable) {
    if (isWithinBound(line)) break;
    if (current[field] === undefined) continue;
    current = { ...current, [field]: undefined };
    cutFields.add(field);
    line = write();
  }
  return { line, cuts };
}

/**
 * Leaves out entries from the end until `excess` bytes are gone, at least one. Those beyond the
 * 64 that are written at most count for nothing.
 */
function withoutEnd<T>(
  entries: readonly T[],
  excess: number,
  encode: (entry: T) => string,
): readonly T[] | undefined {
  let kept = Math.min(entries.length, recordListMax);
  let gone = 0;
  while (kept > 0 && gone < excess) {
    kept -= 1;
    gone += Buffer.byteLength(encode(entries[kept] as T)) + 1;
  }
  return entries.length === 0 ? undefined : entries.slice(0, kept);
}
