import { Exchanges } from "./exchanges.ts";
import { appOf, countOf, objectOf, objectsOf, textOf } from "./fields.ts";
import { isSelected, type Report, type ReportRecord, type Selection } from "./report.ts";
import { strictest } from "./verdicts.ts";

/** Who sent what where, and what became of it (audit-and-operations 4.9). */
export interface InventoryRow {
  /** A pseudonym, or the name of a workload; null where the caller was not known. */
  readonly caller: string | null;
  /** `<tenant>/<app>`. */
  readonly app: string | null;
  /** The model that answered, else the one that was asked for. */
  readonly model: string | null;
  readonly provider: string | null;
  readonly region: string | null;
  /** Data classes found on either way, sorted. */
  readonly classes: readonly string[];
  /** The strictest of the exchange; `bypass`: it passed unjudged. */
  readonly verdict: string;
  /** Exchanges. */
  readonly count: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costMicros: number;
}

/** Rows with callers of their own; beyond them callers are one, and beyond those all is one. */
const rowsMax = 10_000;
const foldedRowsMax = 1_000;
/** Stands for all that have no row of their own. */
const other = "other";

interface Sums {
  count: number;
  tokensIn: number;
  tokensOut: number;
  costMicros: number;
}

/** What a row is of: everything in it but the sums. */
type RowKey = Omit<InventoryRow, keyof Sums>;

/** What is kept of a decision until its closing comes. */
type Kept = Omit<RowKey, "classes"> & { readonly classes: ReadonlySet<string> };

/** The map of who sends what where. */
export class Inventory implements Report<InventoryRow> {
  readonly #selection: Selection;
  readonly #exchanges: Exchanges<Kept>;
  readonly #rows = new Map<string, { readonly key: RowKey; readonly sums: Sums }>();

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#exchanges = new Exchanges(selection, {
      keep: keptOf,
      count: (kept, closing) => this.#count(kept, closing),
    });
  }

  get cutShort(): number {
    return this.#exchanges.cutShort;
  }

  take(record: ReportRecord): void {
    if (record.kind === "bypass") this.#bypass(record);
    else this.#exchanges.take(record);
  }

  rows(): readonly InventoryRow[] {
    this.#exchanges.finish();
    return [...this.#rows]
      .toSorted(([a, one], [b, two]) => two.sums.count - one.sums.count || (a < b ? -1 : 1))
      .map(([, { key, sums }]) => ({ ...key, ...sums }));
  }

  #count(kept: Kept, closing: ReportRecord | undefined): void {
    const json = closing?.json ?? {};
    const model = objectOf(json, "model");
    const usage = objectOf(json, "usage");
    const key = {
      caller: kept.caller,
      app: kept.app,
      model: textOf(model, "used") ?? kept.model,
      provider: textOf(model, "provider") ?? kept.provider,
      region: textOf(model, "region") ?? kept.region,
      classes: [...new Set([...kept.classes, ...classesOf(json)])].sort(),
      verdict: strictest(kept.verdict, textOf(json, "verdict")),
    };
    this.#add(key, {
      count: 1,
      tokensIn: countOf(usage, "in"),
      tokensOut: countOf(usage, "out"),
      costMicros: countOf(usage, "costMicros"),
    });
  }

  #bypass(record: ReportRecord): void {
    if (!isSelected(this.#selection, record)) return;
    const app = appOf(record.json) ?? null;
    const unknown = { model: null, provider: null, region: null, classes: [] };
    const sums = { count: 1, tokensIn: 0, tokensOut: 0, costMicros: 0 };
    this.#add({ caller: null, app, ...unknown, verdict: "bypass" }, sums);
  }

  #add(key: RowKey, sums: Sums): void {
    const row =
      this.#row(key, rowsMax) ??
      this.#row({ ...key, caller: other }, rowsMax + foldedRowsMax) ??
      this.#row(allOther, Number.POSITIVE_INFINITY);
    if (row === undefined) return;
    row.count += sums.count;
    row.tokensIn += sums.tokensIn;
    row.tokensOut += sums.tokensOut;
    row.costMicros += sums.costMicros;
  }

  /** The sums of a row, made anew while there are fewer rows than that. */
  #row(key: RowKey, max: number): Sums | undefined {
    const { app, caller, classes, model, provider, region, verdict } = key;
    const name = JSON.stringify([app, caller, model, provider, region, classes, verdict]);
    const known = this.#rows.get(name);
    if (known !== undefined || this.#rows.size >= max) return known?.sums;
    const sums = { count: 0, tokensIn: 0, tokensOut: 0, costMicros: 0 };
    this.#rows.set(name, { key, sums });
    return sums;
  }
}

const allOther: RowKey = {
  ...{ caller: other, app: other, model: other, provider: other, region: other },
  ...{ classes: [other], verdict: other },
};

function keptOf({ json }: ReportRecord): Kept {
  const model = objectOf(json, "model");
  return {
    caller: textOf(objectOf(json, "principal"), "ref") ?? null,
    app: appOf(json) ?? null,
    model: textOf(model, "used") ?? textOf(model, "requested") ?? null,
    provider: textOf(model, "provider") ?? null,
    region: textOf(model, "region") ?? null,
    classes: classesOf(json),
    verdict: textOf(json, "verdict") ?? "none",
  };
}

/** Of the texts, and of the arguments of tools. */
function classesOf(json: ReportRecord["json"]): ReadonlySet<string> {
  const findings = [json, ...objectsOf(json, "tools")].flatMap((one) => objectsOf(one, "findings"));
  return new Set(findings.flatMap((finding) => textOf(finding, "class") ?? []));
}
