import { defineGroup } from "../command.ts";
import { access } from "../log/access.ts";
import { erase } from "../log/erase.ts";
import { exportRecords } from "../log/export.ts";
import { hold } from "../log/hold.ts";
import { keys } from "../log/keys.ts";
import { logExitCodes } from "../log/log-exit-codes.ts";
import { prove } from "../log/prove.ts";
import { prune } from "../log/prune.ts";
import { recover } from "../log/recover.ts";
import { tail } from "../log/tail.ts";
import { verify } from "../log/verify.ts";

/** What can be done with logs of records (audit-and-operations 4.9). */
export const log = defineGroup({
  name: "log",
  summary: "Verify, prove, show and export records; holds, erasure, retention",
  details: [
    "Reading records is itself recorded: in the log of the command line, `<stateDir>/log/admin`.",
  ],
  actions: [verify, prove, keys, tail, exportRecords, access, hold, erase, prune, recover],
  exitCodes: [
    [logExitCodes.done, "done"],
    [logExitCodes.failed, "done, and the answer is no; each action says what that means"],
    [logExitCodes.nothing, "nothing was found, or something is missing"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
    [logExitCodes.truncated, "for `verify` alone: a log is shorter than an anchor says"],
  ],
  examples: [
    "chancery log verify state/log --key root.pub --allow-tail",
    "chancery log tail --state state -f",
    "chancery log export --config chancery.yaml --out evidence",
  ],
});
