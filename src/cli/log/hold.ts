import { randomFillSync } from "node:crypto";
import { createUuidV7, toRecordTime } from "../../base/index.ts";
import type { Hold } from "../../evidence/index.ts";
import { encodeHold } from "../../record/index.ts";
import { holdsOf, type Installation } from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint, type Paint } from "../paint.ts";
import { UsageError } from "../usage-error.ts";
import { placeOptions, requireInstallation } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { parseTime } from "./parse-time.ts";
import { plainText } from "./plain-text.ts";
import { orBrokenHolds } from "./read-holds.ts";
import { actorOf, actorOption, appendToAdminLog, boundedText } from "./record-reading.ts";
import { requireName, requireReason } from "./required-text.ts";
import { toJson } from "./to-json.ts";

/** Sets, lifts and lists legal holds. */
export const hold = defineCommand({
  name: "log hold",
  summary: "Set, lift or list legal holds: what they cover is neither pruned nor erased",
  details: [
    [
      "set      keeps the records of --tenant from --from up to and with --to, open where not given",
      "lift ID  ends a hold",
      "list     shows the holds in force",
    ].join("\n"),
    "Holds stand in the admin log and are lifted only by another record there. Every process reads them\nbefore it prunes, and prunes nothing if it cannot.",
  ],
  positionals: {
    what: { placeholder: "WHAT", summary: "set, lift or list" },
    id: { placeholder: "ID", isOptional: true, summary: "Of the hold to lift" },
  },
  options: {
    tenant: { type: "string", placeholder: "NAME", summary: "Whose records stay" },
    from: { type: "string", placeholder: "TIME", summary: "The first that stay (RFC 3339)" },
    to: { type: "string", placeholder: "TIME", summary: "The last that stay (RFC 3339)" },
    reason: { type: "string", placeholder: "TEXT", summary: "Why, for the record" },
    actor: actorOption,
    ...placeOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "done"],
    [logExitCodes.nothing, "there is no such hold"],
    [logExitCodes.usage, "the command line was not understood, or it could not be recorded"],
  ],
  examples: [
    'chancery log hold set --config chancery.yaml --tenant acme --from 2026-01-01 --reason "case 7"',
    "chancery log hold list --state /var/lib/chancery",
  ],
  async run(input, io) {
    const installation = await requireInstallation(io, input);
    const job = { ...input, installation, io };
    if (input.what !== "lift" && input.id !== undefined) {
      throw new UsageError(`Unexpected argument "${input.id}".`, "Only `lift` takes an ID.");
    }
    switch (input.what) {
      case "set":
        return setHold(job);
      case "lift":
        return liftHold(job);
      case "list":
        return listHolds(job);
      default:
        throw new UsageError(`Unknown action "${input.what}".`, "It is set, lift or list.");
    }
  },
});

interface HoldJob {
  readonly installation: Installation;
  readonly io: Io;
  readonly id: string | undefined;
  readonly tenant: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason: string | undefined;
  readonly actor: string | undefined;
  readonly format: string;
}

async function setHold(job: HoldJob): Promise<number> {
  const tenant = requireName(job.tenant, "--tenant NAME");
  const [from, to] = [
    job.from === undefined ? undefined : parseTime(job.from, "--from"),
    job.to === undefined ? undefined : parseTime(job.to, "--to"),
  ];
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError("--from is later than --to.", "Name the earlier time with --from.");
  }
  const now = Date.now() * 1000;
  const record = {
    hold: createUuidV7(() => now, randomFillSync)(),
    ...{ tenant, from, to },
    reason: requireReason(job.reason),
    actor: actorOf(job.actor),
  };
  await appendToAdminLog(job.installation, "hold", (position) =>
    encodeHold({ ...record, event: "set" }, position),
  );
  show([{ ...record, since: toRecordTime(now) }], job);
  return logExitCodes.done;
}

async function liftHold(job: HoldJob): Promise<number> {
  const id = boundedText(job.id ?? "", "ID");
  if (id === "") throw new UsageError("`lift` needs the ID of a hold.", "`list` shows them.");
  const reason = requireReason(job.reason);
  const lifted = orBrokenHolds(() => holdsOf(job.installation.stateDir)).find(
    (one) => one.hold === id,
  );
  if (lifted === undefined) {
    job.io.stderr.write(`chancery: No hold ${id} is in force.\n`);
    return logExitCodes.nothing;
  }
  const actor = actorOf(job.actor);
  await appendToAdminLog(job.installation, "hold", (position) =>
    encodeHold({ hold: id, event: "lifted", reason, actor }, position),
  );
  show([lifted], job, "lifted");
  return logExitCodes.done;
}

function listHolds(job: HoldJob): number {
  const holds = orBrokenHolds(() => holdsOf(job.installation.stateDir));
  show(holds, job);
  return logExitCodes.done;
}

function show(holds: readonly Hold[], { format, io }: HoldJob, word = "holds"): void {
  if (format === "json") {
    const rows = holds.map((one) => ({ ...one, from: one.from ?? null, to: one.to ?? null }));
    io.stdout.write(toJson({ holds: rows }));
    return;
  }
  const paint = createPaint(io);
  for (const one of holds) io.stdout.write(renderHold(one, word, paint));
}

function renderHold(one: Hold, word: string, paint: Paint): string {
  const { actor, from, hold: id, reason, since, tenant, to } = one;
  const span = `${from === undefined ? "the beginning" : from} to ${to === undefined ? "the end" : to}`;
  const tone = word === "lifted" ? "warning" : "good";
  return `${paint("strong", id)}  ${paint(tone, word)}  ${plainText(tenant)} from ${span}\n    ${plainText(reason)}, by ${plainText(actor)} on ${since}\n`;
}
