import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { toRecordTime } from "../../base/index.ts";
import type { Hold } from "../../evidence/index.ts";
import { encodeErase } from "../../record/index.ts";
import {
  erasePseudonymKey,
  eraseSubjectKey,
  hasPseudonymKey,
  hasSubjectKey,
  holdsOf,
  type Installation,
} from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { orUnreadable, placeOptions, requireInstallation } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { orBrokenHolds } from "./read-holds.ts";
import { actorOf, actorOption, appendToAdminLog } from "./record-reading.ts";
import { requireName, requireReason } from "./required-text.ts";
import { toJson } from "./to-json.ts";

/** Destroys keys of pseudonyms. */
export const erase = defineCommand({
  name: "log erase",
  summary: "Destroy keys of pseudonyms, so that nobody can tell any more whose records are whose",
  details: [
    "--month destroys the key of a tenant for that month; --subject, where `audit.pseudonyms` is\nperSubject, that of one person. Records, proofs and replay stay as they are. An `erase` record notes\nscope and actor, never the identity. Copies of a key elsewhere are yours to find.",
    'FILE holds who is meant, {"issuer": "https://id.example", "subject": "…"}: never an argument, since\narguments are seen by others and kept in histories.',
  ],
  positionals: {},
  options: {
    tenant: { type: "string", placeholder: "NAME", summary: "Whose people" },
    month: { type: "string", placeholder: "YYYY-MM", summary: "The month in UTC" },
    subject: { type: "string", placeholder: "FILE", summary: "One person, `-` for standard input" },
    reason: { type: "string", placeholder: "TEXT", summary: "Why, for the record" },
    overrideHold: { type: "boolean", summary: "Although a legal hold covers it; recorded" },
    actor: actorOption,
    ...placeOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "erased"],
    [logExitCodes.failed, "a legal hold forbids it"],
    [logExitCodes.nothing, "there is no such key"],
    [logExitCodes.usage, "the command line was not understood, or it could not be recorded"],
  ],
  examples: [
    'chancery log erase --config chancery.yaml --tenant acme --month 2026-03 --reason "end of contract"',
    'chancery log erase --state /var/lib/chancery --tenant acme --subject who.json --reason "request 12"',
  ],
  async run(input, io) {
    const installation = await requireInstallation(io, input);
    const tenant = requireName(input.tenant, "--tenant NAME");
    const reason = requireReason(input.reason);
    const target = await findTarget(io, installation, { ...input, tenant });
    if (!target.isThere()) {
      io.stderr.write("chancery: There is no such key.\n");
      return logExitCodes.nothing;
    }
    const holds = orBrokenHolds(() => holdsOf(installation.stateDir));
    const [held] = holds.filter((hold) => hold.tenant === tenant && target.isCovered(hold));
    if (held !== undefined && !input.overrideHold) {
      io.stderr.write(
        `chancery: The hold ${held.hold} forbids it.\n  \`chancery log hold lift\` ends it; --override-hold erases in spite of it.\n`,
      );
      return logExitCodes.failed;
    }
    const record = {
      ...{ scope: target.scope, tenant, month: target.month, reason },
      actor: actorOf(input.actor),
      override: held === undefined ? undefined : (true as const),
    };
    // The record comes first: a key that is gone without a word would look like a loss.
    await appendToAdminLog(installation, "erase", (position) => encodeErase(record, position));
    orUnreadable("the keys", () => target.destroy());
    const erased = 1;
    io.stdout.write(
      input.format === "json" ? toJson({ erased }) : `${plural(erased, "key")} destroyed\n`,
    );
    return logExitCodes.done;
  },
});

/** A key that is to go. */
interface EraseTarget {
  readonly scope: "tenant_month" | "subject";
  readonly month: string | undefined;
  isThere(): boolean;
  /** Whether a hold of the tenant keeps it. */
  isCovered(hold: Hold): boolean;
  destroy(): void;
}

interface EraseInput {
  readonly tenant: string;
  readonly month: string | undefined;
  readonly subject: string | undefined;
}

async function findTarget(
  io: Io,
  { stateDir }: Installation,
  { month, subject: file, tenant }: EraseInput,
): Promise<EraseTarget> {
  if ((month === undefined) === (file === undefined)) {
    throw new UsageError(
      "`chancery log erase` needs one of --month YYYY-MM and --subject FILE.",
      "Run `chancery log erase --help` to see what each erases.",
    );
  }
  if (month !== undefined) return monthTarget(stateDir, tenant, month);
  const who = { tenant, ...(await readSubject(io, file ?? "")) };
  return {
    scope: "subject",
    month: undefined,
    isThere: () => orUnreadable("the keys", () => hasSubjectKey(stateDir, who)),
    isCovered: () => true,
    destroy: () => eraseSubjectKey(stateDir, who),
  };
}

function monthTarget(stateDir: string, tenant: string, month: string): EraseTarget {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (year === undefined || number === undefined) {
    throw new UsageError(`--month takes a month, found "${month}".`, "Write it as 2026-11.");
  }
  const key = Number(`${year}${number}`);
  const begins = toRecordTime(Date.UTC(Number(year), Number(number) - 1) * 1000);
  const ends = toRecordTime(Date.UTC(Number(year), Number(number)) * 1000);
  return {
    scope: "tenant_month",
    month,
    isThere: () => orUnreadable("the keys", () => hasPseudonymKey(stateDir, tenant, key)),
    isCovered: ({ from, to }) =>
      (from === undefined || from < ends) && (to === undefined || to >= begins),
    destroy: () => erasePseudonymKey(stateDir, tenant, key),
  };
}

/** Who is meant. What the file holds is said to nobody, in messages neither. */
async function readSubject(io: Io, file: string) {
  const text =
    file === "-"
      ? await io.readStdin()
      : await readFile(resolve(io.cwd, file), "utf8").catch(() => undefined);
  if (text === undefined) {
    throw new UsageError(`Cannot read ${file}.`, "Check the path given with --subject.");
  }
  const value = parseObject(text);
  const { issuer, subject, ...others } = value ?? {};
  const isIssuer = issuer === undefined || typeof issuer === "string";
  if (typeof subject === "string" && isIssuer && Object.keys(others).length === 0) {
    return { issuer, subject };
  }
  throw new UsageError(
    `${file} does not name a person.`,
    'Write {"issuer": "https://id.example", "subject": "…"}; leave out `issuer` where there is none.',
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // What the parser would quote is the person.
    return undefined;
  }
}
