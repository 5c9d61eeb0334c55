import { statSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  LineReader,
  type OutsideAnchor,
  type VerifyReport,
  exitCodes as verifyExitCodes,
  verifyLogs,
} from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/index.ts";
import { defineCommand } from "../command.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { UsageError } from "../usage-error.ts";
import { findLogPlace, orUnreadable, pathArgument, placeOptions } from "./find-logs.ts";
import { logExitCodes } from "./log-exit-codes.ts";
import { keyOption, readTrustedKeys } from "./trusted-keys.ts";
import { renderVerification, verificationToJson } from "./verify-report.ts";

/** Verifies logs as an auditor does: from their files and keys that come from elsewhere. */
export const verify = defineCommand({
  name: "log verify",
  summary: "Verify logs: every record, checkpoint, seal and tile, against keys you trust",
  details: [
    "Needs nothing but the files and the verifier keys. What is found is told one finding a line, then\none line for each log. Of several findings the worst makes the exit code.",
  ],
  positionals: { path: pathArgument },
  options: {
    key: keyOption,
    anchor: {
      type: "string",
      multiple: true,
      placeholder: "FILE",
      summary: "A checkpoint that was kept elsewhere, or a directory of such",
    },
    join: {
      type: "string",
      placeholder: "FILE",
      summary: "The proxy's access log in JSON lines: each exchange must be in both",
    },
    allowTail: {
      type: "boolean",
      summary: "Records may follow the last checkpoint, as in a log that is being written",
    },
    ...placeOptions,
    format: formatOption,
  },
  exitCodes: [
    [logExitCodes.done, "all is good"],
    [logExitCodes.failed, "something was altered"],
    [logExitCodes.nothing, "something is missing"],
    [logExitCodes.usage, "the command line was not understood, or something cannot be read"],
    [logExitCodes.truncated, "a log is shorter than an anchor says"],
  ],
  examples: [
    "chancery log verify state/log --key root.pub --allow-tail",
    "chancery log verify export --key root.pub --anchor witness/ --join access.log",
  ],
  async run(input, io) {
    const place = await findLogPlace(io, input);
    const trusted = await readTrustedKeys(io, input.key);
    if (trusted.length === 0) {
      throw new UsageError(
        "Without a key to trust nothing can be verified.",
        "Give verifier keys with --key; they must not come with the log itself.",
      );
    }
    const anchors = await readAnchors(io, input.anchor);
    const accessLog = input.join === undefined ? undefined : findAccessLog(io, input.join);
    const report = orUnreadable(place.shown, () =>
      verifyLogs({
        ...{ logs: place.logs, trusted, anchors, allowTail: input.allowTail },
        ...(accessLog && { accessLog: readLines(accessLog) }),
      }),
    );
    io.stdout.write(
      input.format === "json"
        ? verificationToJson(report)
        : renderVerification(report, createPaint(io)),
    );
    return exitCodeOf(report);
  },
});

function exitCodeOf({ status }: VerifyReport): number {
  return verifyExitCodes[status];
}

async function readAnchors(io: Io, given: readonly string[]): Promise<readonly OutsideAnchor[]> {
  const files = await Promise.all(given.map((path) => anchorFiles(io, path)));
  return Promise.all(
    files.flat().map(async (name) => ({
      name,
      text: await readFile(resolve(io.cwd, name), "utf8"),
    })),
  );
}

/** A file, or all in a directory and below that are called checkpoints. */
async function anchorFiles(io: Io, path: string): Promise<readonly string[]> {
  const full = resolve(io.cwd, path);
  const found = await stat(full).catch(() => undefined);
  if (found === undefined) {
    throw new UsageError(`Cannot read ${path}.`, "Check the path given with --anchor.");
  }
  if (!found.isDirectory()) return [path];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /(?:^|\.)checkpoint$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Line by line, so that an access log of any length can be held against the records. */
function* readLines(path: string): Generator<string> {
  const reader = new LineReader(createDiskFiles(dirname(path)), basename(path));
  while (reader.next()) yield reader.line.toString();
}

function findAccessLog(io: Io, path: string): string {
  const full = resolve(io.cwd, path);
  if (statSync(full, { throwIfNoEntry: false })?.isFile()) return full;
  throw new UsageError(`Cannot read ${path}.`, "Check the path given with --join.");
}
