import { pino } from "pino";
import { toErrorFields } from "./error-fields.ts";
import { Repeats, type StartWait } from "./repeats.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** Where lines go; standard output and standard error are such. */
interface LogDestination {
  write(line: string): unknown;
  /** Bytes taken but not passed on yet, where the destination knows. */
  readonly writableLength?: number;
}

/** Everything a line may say beside its message. Names and numbers of ours, never traffic. */
interface LogFields {
  /** Folder of the code that speaks. */
  readonly component?: string;
  readonly exchange?: string;
  /** Stable code; repeats of one are collapsed. */
  readonly code?: string;
  readonly addresses?: string;
  readonly admin?: string;
  readonly origin?: string;
  readonly layer?: string;
  readonly version?: string;
  readonly digest?: string;
  readonly reason?: string;
  readonly signal?: string;
  readonly streams?: number;
  readonly problems?: number;
  /** `FILE:LINE:COLUMN` of something the operator wrote. */
  readonly place?: string;
  readonly seconds?: number;
  /** Full name of a document, and its sequence. */
  readonly killSwitch?: string;
  readonly rollout?: string;
  /** By its name in the configuration. */
  readonly sink?: string;
  readonly sequence?: number;
  /** Where a value was found that may not be there: what was written, class and place. */
  readonly surface?: string;
  readonly dataClass?: string;
  readonly field?: string;
  /** Of a record. */
  readonly seq?: number | undefined;
}

/** The log for operators: lifecycle, warnings and faults, nothing per exchange. */
export interface OperatorLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Of `error` only code and stack are written; its code is the line's where none is given. */
  error(message: string, error?: unknown, fields?: LogFields): void;
  /** Tells of each line as it was written; returns what ends that. */
  onLine(listener: (line: string) => void): () => void;
}

interface OperatorLogOptions {
  readonly level: LogLevel;
  readonly destination: LogDestination;
  /** How repeats wait; timers of the process unless a test says otherwise. */
  readonly startWait?: StartWait;
}

/** The allow-list: what is not here is not written, whatever the caller's object holds. */
const allowedFields = [
  "component",
  "exchange",
  "code",
  "addresses",
  "admin",
  "origin",
  "layer",
  "version",
  "digest",
  "reason",
  "signal",
  "streams",
  "problems",
  "place",
  "seconds",
  "killSwitch",
  "rollout",
  "sink",
  "sequence",
  "surface",
  "dataClass",
  "field",
  "seq",
] as const satisfies readonly (keyof LogFields)[];

/** A reader that stalls costs at most this much memory; what comes then is dropped. */
const waitingBytesMax = 1024 * 1024;

/** Writes JSON lines with `time`, `level`, `msg`; one per 10 s for repeats of one code. */
export function createOperatorLog(options: OperatorLogOptions): OperatorLog {
  const { level, destination, startWait = waitUnreferenced } = options;
  const listeners = new Set<(line: string) => void>();
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        if ((destination.writableLength ?? 0) > waitingBytesMax) return;
        destination.write(line);
        for (const listener of listeners) listener(line);
      },
    },
  );
  const repeats = new Repeats(startWait);

  function write(to: WrittenLevel, message: string, fields: object): void {
    lines[to](fields, message);
  }

  function say(to: WrittenLevel, message: string, fields: LogFields = {}, more: object = {}): void {
    const { code } = fields;
    const writeCount = (count: number) => write(to, message, { code, count });
    if (code !== undefined && !repeats.admit(`${to} ${code}`, writeCount)) return;
    write(to, message, { ...allowed(fields), ...more });
  }

  return {
    debug: (message, fields) => say("debug", message, fields),
    info: (message, fields) => say("info", message, fields),
    warn: (message, fields) => say("warn", message, fields),
    error(message, error, fields) {
      if (error === undefined) return say("error", message, fields);
      const { code, stack } = toErrorFields(error);
      say("error", message, { code, ...fields }, { stack });
    },
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type WrittenLevel = "debug" | "info" | "warn" | "error";

function allowed(fields: LogFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const name of allowedFields) {
    const value = fields[name];
    if (typeof value === "string" || typeof value === "number") kept[name] = value;
  }
  return kept;
}

function waitUnreferenced(milliseconds: number, run: () => void): void {
  setTimeout(run, milliseconds).unref();
}
