import { basename, dirname, resolve } from "node:path";
import { DamagedLogError, SlotTaken } from "../../log/index.ts";
import { findCurrentLog, openIdleSlot } from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";
import { findInstallation, orUnreadable, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { asRefusal } from "./record-reading.ts";
import { toJson } from "./to-json.ts";

/** Closes a log that its process left open. */
export const recover = defineCommand({
  name: "log recover",
  summary: "Close the log of a slot whose process died and that no other takes up",
  details: [
    "Takes over what was written and not signed, cuts off what is no record into `quarantine/`, closes\nexchanges that have no end as lost, and signs. A damaged log is left as it is.",
  ],
  positionals: { slot: { placeholder: "SLOT", summary: "Its folder, such as `<stateDir>/log/1`" } },
  options: { ...placeOptions, format: formatOption },
  exitCodes: [
    [logExitCodes.done, "recovered and closed"],
    [logExitCodes.failed, "the log is damaged"],
    [logExitCodes.usage, "the command line was not understood, or a process has the slot"],
  ],
  examples: ["chancery log recover /var/lib/chancery/log/1 --config chancery.yaml"],
  async run(input, io) {
    const path = resolve(io.cwd, input.slot);
    const named = await findInstallation(io, input);
    const installation = { stateDir: dirname(dirname(path)), audit: named?.audit };
    const info = readCurrent(path, input.slot);
    try {
      const log = await openIdleSlot(installation, basename(path), info);
      await log.close("recovered");
      const { adopted, cutBytes, lost } = log.opening;
      show({ origin: log.origin, adopted, cutBytes, lost }, input.format, io);
      return logExitCodes.done;
    } catch (error) {
      return refused(error, input.slot, io);
    }
  },
});

/** What the log of a slot says of itself. Throws `UsageError` where there is none. */
function readCurrent(path: string, shown: string) {
  const found = orUnreadable(shown, () => findCurrentLog(path));
  if (found !== undefined) return found.info;
  throw new UsageError(`${shown} holds no log.`, "Name a slot, such as `<stateDir>/log/1`.");
}

function refused(error: unknown, shown: string, io: Io): number {
  if (error instanceof SlotTaken) {
    throw new UsageError(`A process has ${shown}.`, "It recovered the log when it took the slot.");
  }
  if (error instanceof Error && error.cause instanceof DamagedLogError) {
    io.stderr.write(
      `chancery: ${shown} is damaged: ${error.cause.message}.\n  Nothing was changed. \`chancery log verify\` says what of it holds.\n`,
    );
    return logExitCodes.failed;
  }
  throw asRefusal(error);
}

function show(
  found: {
    readonly origin: string;
    readonly adopted: number;
    readonly cutBytes: number;
    readonly lost: number;
  },
  format: string,
  io: Io,
): void {
  const { adopted, cutBytes, lost, origin } = found;
  if (format === "json") {
    io.stdout.write(toJson({ adopted, cutBytes, lost }));
    return;
  }
  const what = `${plural(adopted, "record")} adopted, ${plural(cutBytes, "byte")} cut off, ${plural(lost, "exchange")} lost`;
  io.stdout.write(`${createPaint(io)("good", "recovered")} ${origin}  ${what}\n`);
}
