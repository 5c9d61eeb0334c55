import type { DecisionInput } from "../../domain/index.ts";
import {
  type DocumentOfKind,
  documentsOf,
  type PolicyDocument,
  platformNamespace,
} from "../documents/document.ts";
import { aliasIn } from "./compile-rules.ts";
import type { Model } from "./model-catalog.ts";
import { fitsPattern } from "./name-pattern.ts";

/** One compiled kill switch (policy-model 6). Lists are sorted. */
export interface KillSwitch {
  /** `<namespace>/<name>`. */
  readonly name: string;
  /** Of a tenant's switch: it stops this tenant's requests only. */
  readonly tenant: string | undefined;
  readonly sequence: number;
  readonly isActive: boolean;
  readonly target: KillTarget;
  /** Answers that are running end as well. */
  readonly stopsStreams: boolean;
  readonly reason: string;
}

/** What is stopped; a field that is absent stops nothing. Apps are `<tenant>/<app>`. */
export interface KillTarget {
  readonly tenants?: readonly string[];
  readonly apps?: readonly string[];
  readonly principals?: readonly string[];
  readonly models?: readonly string[];
  readonly providers?: readonly string[];
  readonly tools?: readonly string[];
}

/** The kill switches among documents, one of each name, sorted by name. */
export function compileKillSwitches(documents: readonly PolicyDocument[]): readonly KillSwitch[] {
  return latestOf(documentsOf(documents, "KillSwitch").map(toKillSwitch));
}

function toKillSwitch({ metadata, spec }: DocumentOfKind<"KillSwitch">): KillSwitch {
  const { name, namespace } = metadata;
  const tenant = namespace === platformNamespace ? undefined : namespace;
  const { apps, ...others } = spec.target;
  const target: Record<string, readonly string[]> = {};
  for (const [field, items] of Object.entries(others)) target[field] = items.toSorted();
  if (apps !== undefined) target["apps"] = apps.map((app) => fullAppName(app, tenant)).sort();
  return {
    name: `${namespace}/${name}`,
    tenant,
    sequence: spec.sequence,
    isActive: spec.active,
    target,
    stopsStreams: spec.stopStreams ?? false,
    reason: spec.reason,
  };
}

function fullAppName(app: string, tenant: string | undefined): string {
  return tenant === undefined || app.includes("/") ? app : `${tenant}/${app}`;
}

/** The highest sequence of a name counts, so that an old document brings no traffic back. */
function latestOf(switches: readonly KillSwitch[]): readonly KillSwitch[] {
  const byName = new Map<string, KillSwitch>();
  for (const one of switches) {
    const known = byName.get(one.name);
    if (known === undefined || supersedes(one, known)) byName.set(one.name, one);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of two with one sequence the one that stops counts, and else always the same one. */
function supersedes(one: KillSwitch, known: KillSwitch): boolean {
  if (one.sequence !== known.sequence) return one.sequence > known.sequence;
  if (one.isActive !== known.isActive) return one.isActive;
  return JSON.stringify(one) < JSON.stringify(known);
}

/** All kill switches that count at one time. Immutable. */
export class KillSwitches {
  /** One of each name, sorted by name; those that are switched off included. */
  readonly switches: readonly KillSwitch[];
  readonly #ofPlatform: readonly KillSwitch[];
  readonly #ofTenant: ReadonlyMap<string, readonly KillSwitch[]>;

  constructor(switches: readonly KillSwitch[]) {
    this.switches = latestOf(switches);
    const active = this.switches.filter(({ isActive }) => isActive);
    this.#ofPlatform = active.filter(({ tenant }) => tenant === undefined);
    this.#ofTenant = Map.groupBy(
      active.filter(({ tenant }) => tenant !== undefined),
      ({ tenant }) => tenant ?? "",
    );
  }

  static of(documents: readonly PolicyDocument[]): KillSwitches {
    return new KillSwitches(compileKillSwitches(documents));
  }

  /** Both together; of switches with one name the one with the higher sequence. */
  merge(others: KillSwitches): KillSwitches {
    return new KillSwitches([...this.switches, ...others.switches]);
  }

  /** Full name of the switch that stops the request's tenant, app, principal or tool, if one does. */
  stops(input: DecisionInput, hitsCaller: CallerTest = testCaller): string | undefined {
    return this.#find(input.tenant, (one) => hitsRequest(one, input, hitsCaller));
  }

  /** Full name of the switch that stops a model or its provider for a tenant's requests, if one does. */
  stopsModel(model: Model, tenant: string | undefined): string | undefined {
    return this.#find(tenant, (one) => hitsModel(one, model));
  }

  /**
   * Full name of the switch that ends an answer while it runs, if one does: only those with
   * `stopStreams`. `model` is the one that answers.
   */
  stopsStream(
    input: DecisionInput,
    model: Model | undefined,
    hitsCaller: CallerTest = testCaller,
  ): string | undefined {
    return this.#find(
      input.tenant,
      (one) =>
        one.stopsStreams &&
        (hitsRequest(one, input, hitsCaller) || (model !== undefined && hitsModel(one, model))),
    );
  }

  #find(tenant: string | undefined, hits: (one: KillSwitch) => boolean): string | undefined {
    const found = this.#ofPlatform.find(hits);
    if (found !== undefined || tenant === undefined) return found?.name;
    return this.#ofTenant.get(tenant)?.find(hits)?.name;
  }

  /** Those alone that end answers while they run: all that act on a request already let through. */
  get ofStreams(): KillSwitches {
    return new KillSwitches(this.switches.filter(({ stopsStreams }) => stopsStreams));
  }

  /** Nothing is stopped for anybody. */
  get isEmpty(): boolean {
    return this.#ofPlatform.length === 0 && this.#ofTenant.size === 0;
  }
}

/** Whether a switch that lists callers stops this one, by its full name. */
export type CallerTest = (name: string, test: () => boolean) => boolean;

const testCaller: CallerTest = (_name, test) => test();

function hitsRequest(
  { name, target }: KillSwitch,
  input: DecisionInput,
  hitsCaller: CallerTest,
): boolean {
  const { tenant, app, principal, tool } = input;
  const { principals } = target;
  return (
    (tenant !== undefined && (target.tenants?.includes(tenant) ?? false)) ||
    (target.apps?.includes(`${tenant}/${app}`) ?? false) ||
    (principals !== undefined &&
      hitsCaller(
        name,
        // Whoever is stopped does not act for others either.
        () => fitsAny(principals, principal?.id) || fitsAny(principals, principal?.actor?.id),
      )) ||
    (input.action.startsWith("tool.") && fitsAny(target.tools, tool?.name))
  );
}

function hitsModel({ target, tenant }: KillSwitch, model: Model): boolean {
  if (fitsAny(target.providers, model.provider)) return true;
  return target.models?.some((item) => namesModel(item, { model, tenant })) ?? false;
}

interface Naming {
  readonly model: Model;
  /** Whose switch it is; undefined: the platform's. */
  readonly tenant: string | undefined;
}

function namesModel(item: string, { model, tenant }: Naming): boolean {
  const alias = aliasIn(item);
  if (alias === undefined) return fitsPattern(item, model.id);
  // The platform's documents do not speak of members that a tenant has added (policy-model 2.1).
  const isVisible = model.namespace === platformNamespace || model.namespace === tenant;
  return isVisible && model.aliases.includes(alias);
}

function fitsAny(patterns: readonly string[] | undefined, value: string | undefined): boolean {
  if (patterns === undefined || value === undefined) return false;
  return patterns.some((pattern) => fitsPattern(pattern, value));
}
