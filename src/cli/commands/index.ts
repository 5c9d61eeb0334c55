/**
 * The verbs of the command line, one file each: thin, the work is done by the folders below. Start
 * with `commands`, the table that `run` and the help read.
 */
import type { Command } from "../command.ts";
import { check } from "./check.ts";
import { probe } from "./probe.ts";
import { serve } from "./serve.ts";
import { up } from "./up.ts";

/** All verbs in the order of the help. */
export const commands: readonly Command[] = [up, serve, check, probe];
