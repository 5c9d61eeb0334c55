import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type HeldRecord, holdCovers } from "../../evidence/index.ts";
import type { KnownHold, SegmentName } from "./hold-state.ts";

/** A segment of more tenants is taken for one of all of them. */
const tenantsMax = 64;

/** What of a segment says which holds keep it. */
interface Content {
  /** Times of the first and the last record of each tenant. */
  readonly tenants: Readonly<Record<string, readonly [string, string]>>;
  /** Ids of holds that its records set or lift. */
  readonly holds: readonly string[];
}

/** What is remembered of a segment once it is in a bucket. */
export interface RememberedSegment extends SegmentName {
  /** Undefined where that is not known: then any hold keeps it. */
  readonly content?: Content | undefined;
  /** It was gone before it was sent: only its seal is there. */
  readonly isGone?: boolean;
}

/** Whether a hold keeps a segment; of a tenant's records only the first and last time are known. */
export function isKept(holds: readonly KnownHold[], { content }: RememberedSegment): boolean {
  if (content === undefined) return holds.length > 0;
  const tenants = Object.entries(content.tenants);
  return holds.some(
    (hold) =>
      content.holds.includes(hold.hold) ||
      tenants.some(([tenant, [first, last]]) => holdCovers(hold, tenant, first, last)),
  );
}

/** What a segment file has. Rejects with what the disk says, or where a line is no record. */
export async function readContent(path: string): Promise<Content | undefined> {
  const tenants = new Map<string, [string, string]>();
  const holds = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { at = "", hold, kind, tenant } = JSON.parse(line) as HeldRecord;
    if (kind === "hold" && hold !== undefined) holds.add(hold);
    if (tenant === undefined) continue;
    const span = tenants.get(tenant);
    if (span === undefined) tenants.set(tenant, [at, at]);
    else if (at < span[0]) span[0] = at;
    else if (at > span[1]) span[1] = at;
  }
  if (tenants.size > tenantsMax) return undefined;
  return { tenants: Object.fromEntries(tenants), holds: [...holds] };
}

/**
 * What the segments in a bucket have, so that a hold finds them when they are pruned here:
 * `sinks/NAME.segments` below a state directory, one line for each.
 */
export class SegmentMemory {
  readonly #path: string;

  constructor(stateDir: string, sink: string) {
    this.#path = join(stateDir, "sinks", `${sink}.segments`);
  }

  /** Adds one, on the disk when done. Rejects with what that says. */
  async add(segment: RememberedSegment): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    await using file = await open(this.#path, "a", 0o600);
    // What was left unfinished before it, by a crash or a full disk, spoils its own line only.
    await file.appendFile(`\n${JSON.stringify(segment)}\n`);
    await file.datasync();
  }

  /** All of them; one that comes again later was sent again. Rejects with what the disk says. */
  async *read(): AsyncGenerator<RememberedSegment> {
    const input = createReadStream(this.#path);
    const opened = await new Promise<boolean>((resolve, reject) => {
      input.once("open", () => resolve(true));
      input.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "ENOENT" ? resolve(false) : reject(error),
      );
    });
    if (!opened) return;
    for await (const line of createInterface({ input })) {
      const segment = parse(line);
      if (segment !== undefined) yield segment;
    }
  }
}

/** Undefined for a line that a crash left unfinished, and so for a segment that is not remembered. */
function parse(line: string): RememberedSegment | undefined {
  try {
    const value = JSON.parse(line) as RememberedSegment;
    const { content, first, origin } = value;
    if (typeof origin !== "string" || !Number.isSafeInteger(first)) return undefined;
    return content === undefined || isContent(content) ? value : undefined;
  } catch {
    // Not as it was written; the segment itself says what it has, or counts as held by any hold.
    return undefined;
  }
}

function isContent({ holds, tenants }: Partial<Content>): boolean {
  const spans = Object.values(tenants ?? [undefined]);
  return Array.isArray(holds) && spans.every((span) => Array.isArray(span) && span.length === 2);
}
