import { isNoteName } from "../signing/index.ts";
import { type LogFiles, readText } from "./log-files.ts";
import { parseCanonical } from "./seal.ts";

/** What a log says of itself in `log.json`; nothing in it is trusted unless it is signed. */
export interface LogInfo {
  readonly origin: string;
  /** The verifier key of its root; undefined where the log has a key of its own. */
  readonly root: string | undefined;
  /** All key statements, as signed notes, in order. */
  readonly keys: readonly string[];
}

/** Undefined where `log.json` is missing, not canonical, or not of format 1. */
export function readLogInfo(files: LogFiles): LogInfo | undefined {
  const text = readText(files, "log.json");
  const { format, keys = [], origin, root } = (text && parseCanonical(text)) || {};
  if (format !== 1 || typeof origin !== "string" || !isNoteName(origin)) return undefined;
  if (root !== undefined && typeof root !== "string") return undefined;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) return undefined;
  return { origin, root, keys };
}
