/**
 * The verbs of the command line, one file each: thin, the work is done by the folders below. Start
 * with `commands`, the table that `run` and the help read.
 */
import type { Command } from "../command.ts";
import { bundle } from "./bundle.ts";
import { check } from "./check.ts";
import { completionOf } from "./completion.ts";
import { detect } from "./detect.ts";
import { diff } from "./diff.ts";
import { digest } from "./digest.ts";
import { explain } from "./explain.ts";
import { feedback } from "./feedback.ts";
import { fmt } from "./fmt.ts";
import { init } from "./init.ts";
import { kill, unkill } from "./kill.ts";
import { log } from "./log.ts";
import { probe } from "./probe.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { serve } from "./serve.ts";
import { test } from "./test.ts";
import { up } from "./up.ts";

const verbs: readonly Command[] = [
  ...[up, serve, init],
  ...[check, test, explain, diff, replay, log, report, fmt],
  ...[detect, feedback, digest, bundle, probe, kill, unkill],
];

/** All verbs in the order of the help. */
export const commands: readonly Command[] = [...verbs, completionOf(verbs)];
