import type { RecordReader } from "../../record/index.ts";
import { parseTime } from "./parse-time.ts";

/** Options of every command that reads records (audit-and-operations 4.9). */
export const filterOptions = {
  since: { type: "string", placeholder: "TIME", summary: "Only records from then on (RFC 3339)" },
  until: { type: "string", placeholder: "TIME", summary: "Only records before then (RFC 3339)" },
  tenant: { type: "string", placeholder: "NAME", summary: "Only those of a tenant" },
  app: { type: "string", placeholder: "NAME", summary: "Only those of an app" },
  kind: { type: "string", placeholder: "KIND", summary: "Only those of a kind, such as decision" },
  verdict: { type: "string", placeholder: "VERDICT", summary: "Only those with a verdict" },
  exchange: { type: "string", placeholder: "ID", summary: "Only those of an exchange" },
} as const;

/** The values of `filterOptions`. */
export type FilterInput = {
  readonly [name in keyof typeof filterOptions]?: string | undefined;
};

/** The part of a record that its first look needs; the rest is parsed only where it must be. */
export type FilteredRecord = Pick<RecordReader, "at" | "exchange" | "json" | "kind">;

/** Which records are meant. */
export interface RecordFilter {
  /** By the names of the options, as an `access` record tells it; undefined where all are meant. */
  readonly told: Readonly<Record<string, string>> | undefined;
  /** As records have times; open where absent. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  matches(record: FilteredRecord): boolean;
}

/** Reads the filter options. Throws `UsageError` for a time that is none. */
export function readFilter(input: FilterInput): RecordFilter {
  const since = input.since === undefined ? undefined : parseTime(input.since, "--since");
  const until = input.until === undefined ? undefined : parseTime(input.until, "--until");
  const { exchange, kind } = input;
  const members = (["tenant", "app", "verdict"] as const).flatMap((name) => {
    const value = input[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const parts = { since, until, kind, exchange, ...Object.fromEntries(members) };
  const told = Object.entries(parts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    since,
    until,
    told: told.length === 0 ? undefined : Object.fromEntries(told),
    matches: (record) => {
      if (kind !== undefined && record.kind !== kind) return false;
      if (since !== undefined && record.at < since) return false;
      if (until !== undefined && record.at >= until) return false;
      if (exchange !== undefined && record.exchange !== exchange) return false;
      if (members.length === 0) return true;
      const json = record.json();
      return members.every(([name, value]) => json[name] === value);
    },
  };
}
