import { readLogInfo } from "../log-info.ts";
import { BrokenLogError, readLog } from "../prove/read-log.ts";
import type { FoundLog } from "../verify/verify-logs.ts";

/** A legal hold in force (audit-and-operations 4.7): records of a tenant in a span of time stay. */
export interface Hold {
  readonly hold: string;
  readonly tenant: string;
  /** RFC 3339 in UTC with six decimals; open where absent. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason: string;
  readonly actor: string;
  /** When it was set. */
  readonly since: string;
}

/** What admin logs say of holds. */
export interface HoldBook {
  /** Set by one of their records and lifted by none, in the order they were set. */
  readonly inForce: readonly Hold[];
  /** The ids of those that a record lifts. */
  readonly lifted: ReadonlySet<string>;
}

/**
 * The holds that admin logs set, and which of them are lifted. Throws `BrokenLogError` where one of
 * the logs cannot be read as a whole: who cannot know the holds must not act as if there were none.
 */
export function readHoldBook(adminLogs: readonly FoundLog[]): HoldBook {
  const set = new Map<string, Hold>();
  const lifted = new Set<string>();
  for (const { files, path } of adminLogs) {
    const info = readLogInfo(files);
    if (info === undefined) throw new BrokenLogError(`${path}/log.json: expected a log of holds`);
    readLog(files, info, {
      record: (record) => {
        if (record.kind !== "hold") return;
        const json = record.json();
        const hold = toHold(json, record.at);
        if (hold !== undefined) set.set(hold.hold, hold);
        else if (json["event"] === "lifted") lifted.add(String(json["hold"]));
        else throw new BrokenLogError(`record ${record.seq}: expected a hold that names a tenant`);
      },
    });
  }
  const inForce = [...set.values()]
    .filter(({ hold }) => !lifted.has(hold))
    .sort((one, other) => (one.since < other.since ? -1 : 1));
  return { inForce, lifted };
}

function toHold(json: Readonly<Record<string, unknown>>, since: string): Hold | undefined {
  const { actor, event, from, hold, reason, tenant, to } = json;
  if (event !== "set" || typeof hold !== "string" || typeof tenant !== "string") return undefined;
  return {
    ...{ hold, tenant, since },
    from: typeof from === "string" ? from : undefined,
    to: typeof to === "string" ? to : undefined,
    reason: String(reason),
    actor: String(actor),
  };
}
