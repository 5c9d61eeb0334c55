import { join } from "node:path";
import { canonicalJson } from "../signing/index.ts";
import { readIfThere, replaceFileNow } from "./durable-file.ts";

/** What `log.json` says of a log (audit-and-operations 4.1). */
export interface LogInfo {
  /** RFC 3339 with six decimals. */
  readonly created: string;
  readonly origin: string;
  /** Verifier key of the root; undefined where the log's own key is the one to trust. */
  readonly root: string | undefined;
  /** All key statements, in order. */
  readonly keys: readonly string[];
  /** The lowest `seq` that is still there. */
  readonly minimum: number;
}

const fileName = "log.json";
const format = 1;

/** Throws what the disk says. */
export function writeLogInfo(folder: string, { keys, ...info }: LogInfo): void {
  const text = canonicalJson({ ...info, format, ...(keys.length > 0 && { keys }) });
  replaceFileNow(join(folder, fileName), text);
}

/** Undefined where the file is missing or holds something else. Throws what else the disk says. */
export function readLogInfo(folder: string): LogInfo | undefined {
  const bytes = readIfThere(join(folder, fileName));
  if (bytes === undefined) return undefined;
  const value = parse(bytes.toString());
  if (value === undefined || value["format"] !== format) return undefined;
  const { created, keys = [], minimum = 0, origin, root } = value;
  if (typeof created !== "string" || typeof origin !== "string") return undefined;
  if (root !== undefined && typeof root !== "string") return undefined;
  if (typeof minimum !== "number" || !Array.isArray(keys)) return undefined;
  if (!keys.every((key) => typeof key === "string")) return undefined;
  return { created, origin, root, keys, minimum };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // It is treated like a file that is not there; whoever opens the log says so.
    return undefined;
  }
}
