import { join } from "node:path";
import { findLogs } from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/index.ts";
import type { ReadRecord } from "../../record/index.ts";
import { adminSlot } from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import { createPaint } from "../paint.ts";
import { orUnreadable, placeOptions, requireInstallation } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { parseTime } from "./parse-time.ts";
import { walkLog } from "./read-records.ts";
import { renderRecord } from "./record-line.ts";
import { toJson } from "./to-json.ts";

const shownKinds = new Set(["access", "erase", "hold"]);

/** Shows what people did to an installation's records. */
export const access = defineCommand({
  name: "log access",
  summary: "Show who read or exported records, held them, or erased pseudonyms",
  positionals: {},
  options: {
    since: { type: "string", placeholder: "TIME", summary: "Only from then on (RFC 3339)" },
    ...placeOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "shown"],
    [logExitCodes.nothing, "there is nothing on record"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
  ],
  examples: ["chancery log access --state /var/lib/chancery --since 2026-11-01"],
  async run(input, io) {
    const { stateDir } = await requireInstallation(io, input);
    const since = input.since === undefined ? "" : parseTime(input.since, "--since");
    const found: ReadRecord[] = [];
    const folder = join(stateDir, "log", adminSlot);
    for (const log of orUnreadable(folder, () => findLogs(createDiskFiles(folder)))) {
      walkLog(log, {
        record: (record) => {
          if (!shownKinds.has(record.kind) || record.at < since) return;
          const { at, id, kind, log: origin, seq, v } = record;
          found.push({ at, id, kind, log: origin, seq, v, json: record.json() });
        },
      });
    }
    const inOrder = found.toSorted((one, other) => (one.at < other.at ? -1 : 1));
    if (input.format === "json") io.stdout.write(toJson(inOrder.map(({ json }) => json)));
    else for (const record of inOrder) io.stdout.write(renderRecord(record, createPaint(io)));
    return found.length === 0 ? logExitCodes.nothing : logExitCodes.done;
  },
});
