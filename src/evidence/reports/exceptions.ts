import { documentsOf, type PolicyDocument } from "../../policy/index.ts";
import { Exchanges } from "./exchanges.ts";
import { objectOf, objectsOf, textOf } from "./fields.ts";
import { isWithin, type Report, type ReportRecord, type Selection } from "./report.ts";

/** One exception to the rules, or a kill switch, and its use (audit-and-operations 4.9). */
export interface ExceptionRow {
  /** Null where a Grant or an Incident was used and its document is not at hand. */
  readonly kind: "Grant" | "Incident" | "KillSwitch" | null;
  /** Full name. */
  readonly name: string;
  /** Who approved it; of a kill switch, who threw it. */
  readonly by: readonly string[];
  /** In force from and until; null where that is not known, or there is no end. */
  readonly from: string | null;
  readonly until: string | null;
  /** Exchanges in which it counted, and when that was last. */
  readonly used: number;
  readonly last: string | null;
}

/** One version of a namespace's policies, as records name it. */
export interface LayerVersion {
  readonly id: string;
  readonly digest: string;
}

const rowsMax = 10_000;
const layersMax = 10_000;
/** Stands for all that have no row of their own. */
const other = "other";

type Terms = Pick<ExceptionRow, "kind" | "by" | "from" | "until">;

interface Use {
  used: number;
  last: string | null;
}

interface Kept {
  readonly at: string;
  readonly names: ReadonlySet<string>;
}

/**
 * Grants, Incidents and kill switches with their use and end. What the log does not say of them
 * stands in the documents of the versions it names: `layers` tells which, `know` takes them.
 */
export class Exceptions implements Report<ExceptionRow> {
  readonly #selection: Selection;
  readonly #exchanges: Exchanges<Kept>;
  readonly #uses = new Map<string, Use>();
  readonly #terms = new Map<string, Terms>();
  /** By digest, the namespace it is of. */
  readonly #layers = new Map<string, string>();

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#exchanges = new Exchanges(selection, {
      keep: (decision) => this.#keep(decision),
      count: (kept, closing) => this.#count(kept, closing),
    });
  }

  get cutShort(): number {
    return this.#exchanges.cutShort;
  }

  /** The versions that decisions were made by, in the order they came. */
  get layers(): readonly LayerVersion[] {
    return [...this.#layers].map(([digest, id]) => ({ id, digest }));
  }

  take(record: ReportRecord): void {
    if (record.kind === "policy") this.#switch(record);
    else this.#exchanges.take(record);
  }

  /** Learns from the documents of `layers`, the older ones first; those never used are told too. */
  know(documents: readonly PolicyDocument[]): void {
    for (const { metadata, spec } of documentsOf(documents, "Grant")) {
      if (!this.#isForTenant(spec.scope.tenants)) continue;
      const { activeFrom: from, approvedBy: by, expiresAt: until } = spec;
      this.#learn(`${metadata.namespace}/${metadata.name}`, { kind: "Grant", by, from, until });
    }
    for (const { metadata, spec } of documentsOf(documents, "Incident")) {
      const { activeFrom: from, activeUntil: until, approvedBy: by, relax, restrict } = spec;
      const isForOthers = relax?.every(({ scope }) => !this.#isForTenant(scope.tenants)) === true;
      if (isForOthers && restrict === undefined) continue;
      this.#learn(`${metadata.namespace}/${metadata.name}`, { kind: "Incident", by, from, until });
    }
  }

  rows(): readonly ExceptionRow[] {
    this.#exchanges.finish();
    const names = new Set([...this.#terms.keys(), ...this.#uses.keys()]);
    return [...names].sort().map((name) => {
      const { by, from, kind, until } = this.#terms.get(name) ?? unknownTerms;
      const { last, used } = this.#uses.get(name) ?? { last: null, used: 0 };
      return { kind, name, by, from, until, used, last };
    });
  }

  #keep({ at, json }: ReportRecord): Kept {
    for (const layer of objectsOf(objectOf(json, "versions"), "layers")) {
      const [id, digest] = [textOf(layer, "id"), textOf(layer, "digest")];
      if (id === undefined || digest === undefined || this.#layers.size >= layersMax) continue;
      this.#layers.set(digest, id);
    }
    return { at, names: this.#usedBy(json) };
  }

  #count(kept: Kept, closing: ReportRecord | undefined): void {
    const later = closing === undefined ? [] : this.#usedBy(closing.json);
    for (const name of new Set([...kept.names, ...later])) {
      const use = this.#use(name);
      use.used += 1;
      if (use.last === null || kept.at > use.last) use.last = kept.at;
    }
  }

  /** What was lifted and by what, which rules of exceptions matched, and which switch stopped it. */
  #usedBy(json: ReportRecord["json"]): ReadonlySet<string> {
    const names = new Set(objectsOf(json, "lifted").flatMap((lift) => textOf(lift, "by") ?? []));
    for (const rule of objectsOf(json, "rules")) {
      if (rule["layer"] !== "grant" && rule["layer"] !== "incident") continue;
      const name = exceptionOf(textOf(rule, "id") ?? "");
      names.add(name);
      if (!this.#terms.has(name))
        this.#learn(name, { ...unknownTerms, kind: kinds[rule["layer"]] });
    }
    const by = textOf(json, "decidedBy");
    if (json["reason"] === "kill_switch" && by !== undefined) {
      names.add(by);
      if (!this.#terms.has(by)) this.#learn(by, { ...unknownTerms, kind: "KillSwitch" });
    }
    return names;
  }

  /** A switch that is thrown again begins anew. */
  #switch({ at, json }: ReportRecord): void {
    const name = textOf(objectOf(json, "killSwitch"), "name");
    if (name === undefined || !isWithin(this.#selection, at) || !this.#isOfTenant(name)) return;
    const before = this.#terms.get(name);
    if (textOf(json, "event") === "unkill") {
      const from = before?.from ?? null;
      this.#learn(name, { kind: "KillSwitch", by: before?.by ?? [], from, until: at });
    } else {
      const actor = textOf(json, "actor");
      const by = actor === undefined ? [] : [actor];
      this.#learn(name, { kind: "KillSwitch", by, from: at, until: null });
    }
  }

  /** Whether an exception with this scope may concern the tenant of the report. */
  #isForTenant(tenants: readonly string[] | undefined): boolean {
    const { tenant } = this.#selection;
    return tenant === undefined || tenants === undefined || tenants.includes(tenant);
  }

  #isOfTenant(name: string): boolean {
    const { tenant } = this.#selection;
    return tenant === undefined || name.startsWith(`${tenant}/`) || name.startsWith("platform/");
  }

  #learn(name: string, terms: Terms): void {
    if (this.#terms.has(name) || this.#terms.size < rowsMax) this.#terms.set(name, terms);
  }

  #use(name: string): Use {
    const known = this.#uses.get(name);
    if (known !== undefined) return known;
    if (this.#uses.size >= rowsMax && name !== other) return this.#use(other);
    const use: Use = { used: 0, last: null };
    this.#uses.set(name, use);
    return use;
  }
}

const unknownTerms: Terms = { kind: null, by: [], from: null, until: null };
const kinds = { grant: "Grant", incident: "Incident" } as const;

/** Rules of an exception are named below it: `<namespace>/<name>/<id>`. */
function exceptionOf(rule: string): string {
  return rule.split("/").slice(0, 2).join("/");
}
