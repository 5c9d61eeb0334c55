/**
 * The command line: finds the verb, reads its arguments, prints what it found. It decides nothing
 * about traffic; the work is in the folders below. Start with `run` and the verbs in `commands/`.
 */
export type { Io } from "./io.ts";
export { run } from "./run.ts";
