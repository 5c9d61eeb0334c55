import { countOf, objectOf, objectsOf, textOf, textsOf } from "./fields.ts";
import { isWithin, type Report, type ReportRecord, type Selection } from "./report.ts";

/** One change of what was in force (audit-and-operations 4.9). */
export interface ChangeRow {
  readonly at: string;
  /** The namespace; of a kill switch, its full name. */
  readonly layer: string | null;
  /** Of a kill switch, its sequence. */
  readonly version: string | null;
  readonly digest: string | null;
  readonly event: string;
  readonly actor: string | null;
  /** Ids of the keys that signed it. */
  readonly signers: readonly string[];
  readonly reason: string | null;
}

/** The newest of them are kept. */
const rowsMax = 10_000;
const platform = "platform";

/** Which versions of policies came into force, were refused or taken back, and kill switches. */
export class Changes implements Report<ChangeRow> {
  readonly cutShort = 0;
  readonly #selection: Selection;
  #rows: ChangeRow[] = [];
  #left = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  take({ at, json, kind }: ReportRecord): void {
    if (kind !== "policy" || !isWithin(this.#selection, at)) return;
    const event = textOf(json, "event") ?? "";
    const actor = textOf(json, "actor") ?? null;
    const signers = textsOf(json, "signers");
    const reason = reasonOf(json);
    for (const changed of changedBy(json)) {
      if (!this.#concerns(changed.layer)) continue;
      this.#rows.push({ at, ...changed, event, actor, signers, reason });
    }
    if (this.#rows.length >= 2 * rowsMax) this.#cut();
  }

  rows(): readonly ChangeRow[] {
    this.#cut();
    if (this.#left === 0) return this.#rows;
    const rest = {
      ...{ at: this.#rows[0]?.at ?? "", layer: null, version: null, digest: null },
      ...{ event: "other", actor: null, signers: [], reason: `${this.#left} earlier changes` },
    };
    return [rest, ...this.#rows];
  }

  /** A tenant's decisions hang on its own layer and on the platform's. */
  #concerns(layer: string | null): boolean {
    const { tenant } = this.#selection;
    if (tenant === undefined) return true;
    const [namespace] = layer?.split("/") ?? [];
    return namespace === tenant || namespace === platform;
  }

  /** Logs come one after the other, so that only the whole is put in order of time. */
  #cut(): void {
    const sorted = this.#rows.toSorted((one, two) => compare(one.at, two.at));
    this.#left += Math.max(0, sorted.length - rowsMax);
    this.#rows = sorted.slice(-rowsMax);
  }
}

type Changed = Pick<ChangeRow, "layer" | "version" | "digest">;

function changedBy(json: ReportRecord["json"]): readonly Changed[] {
  const killSwitch = objectOf(json, "killSwitch");
  const name = textOf(killSwitch, "name");
  if (name !== undefined) {
    return [{ layer: name, version: String(countOf(killSwitch, "sequence")), digest: null }];
  }
  const layers = objectsOf(json, "layers").map((layer) => ({
    layer: textOf(layer, "id") ?? null,
    version: textOf(layer, "version") ?? null,
    digest: textOf(layer, "digest") ?? null,
  }));
  return layers.length > 0 ? layers : [{ layer: null, version: null, digest: null }];
}

function reasonOf(json: ReportRecord["json"]): string | null {
  const parts = [textOf(json, "ticket"), textOf(json, "reason")].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? null : parts.join(": ");
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
