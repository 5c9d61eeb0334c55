import { toErrorFields } from "../telemetry/index.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/**
 * Has a process that holds traffic end of an exception with its code and where it was thrown, and
 * nothing else (audit-and-operations 7): by itself Node prints messages and properties of errors,
 * which may quote what was being worked on.
 */
export function endOnBug(io: Pick<Io, "stderr">): void {
  process.on("uncaughtException", (error: unknown) => {
    const { code, stack } = toErrorFields(error);
    io.stderr.write(`chancery: ended by a bug: ${[code, ...stack].join("\n    ")}\n`);
    // Nothing after this point can be relied on, also not an orderly end.
    process.exit(exitCodes.failed);
  });
}
