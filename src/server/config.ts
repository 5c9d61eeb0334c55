import { dirname, resolve } from "node:path";
import { Value } from "typebox/value";
import { type Limits, type Problem, sortProblems } from "../base/index.ts";
import type { KeyRing } from "../bundle/index.ts";
import type { BodyMode } from "../exchange/index.ts";
import type { PeerAllowList } from "../extproc/index.ts";
import type { SinkConfig } from "../sinks/index.ts";
import type { DriftSettings } from "../telemetry/index.ts";
import { parseAddress } from "./address.ts";
import { type AuditConfig, checkAudit, toAudit } from "./config-audit.ts";
import {
  checkAdmin,
  checkDrift,
  checkListeners,
  checkPolicies,
  checkProviders,
  checkStores,
} from "./config-checks.ts";
import { type ClassifierEntry, checkClassifiers, toClassifiers } from "./config-classifiers.ts";
import {
  type ConfigDocument,
  type ConfigFile,
  type ConfigPath,
  readConfigDocument,
} from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import { checkOtel, type OtelConfig, toOtel } from "./config-otel.ts";
import { applyOverrides, type ConfigOverrides, overridesFile } from "./config-overrides.ts";
import { type ProviderConfig, toProviders } from "./config-providers.ts";
import { describeReserved, takeReservedKeys } from "./config-reserved.ts";
import { type ConfigValue, configSchema } from "./config-schema.ts";
import { findShapeErrors } from "./config-shape.ts";
import { checkSinks, toSinks } from "./config-sinks.ts";
import { type PolicySourceConfig, toSources } from "./config-sources.ts";

/** One gRPC service that Envoy calls. */
export interface ListenerConfig {
  /** `unix:PATH` with an absolute path, or `HOST:PORT`; without `tls` on loopback. */
  readonly address: string;
  readonly tls: ListenerTlsConfig | undefined;
  /** Permission bits of the socket file. */
  readonly socketMode: number;
  /** The one tenant and app this listener serves; undefined: no exchange has an identity. */
  readonly identity: { readonly tenant: string; readonly app: string } | undefined;
  /** Identity headers that the proxy removes from clients, in lower case. */
  readonly stripsHeaders: readonly string[];
  /** What becomes of a request that offers a tool which is not permitted. */
  readonly offeredTools: "remove" | "refuse";
  /** Accepted body modes; the first stands in where Envoy announces none. */
  readonly bodyModes: {
    readonly request: readonly BodyMode[];
    readonly response: readonly BodyMode[];
  };
}

/** Mutual TLS on a listener; absolute paths of PEM files. */
export interface ListenerTlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** The authorities that vouch for proxies. */
  readonly clientCaFile: string;
  readonly allow: PeerAllowList;
}

/** Where budgets are counted; the password file is absolute. */
export type QuotaStoreConfig =
  | { readonly kind: "memory" }
  | {
      readonly kind: "redis";
      readonly url: string;
      readonly passwordFile: string | undefined;
      /** Processes that share the store. */
      readonly replicas: number;
    };

/** All settings of one server, defaults filled in, paths absolute, frozen to the leaves. */
export interface Config {
  readonly listeners: readonly ListenerConfig[];
  readonly admin: { readonly address: string };
  readonly region: string | undefined;
  readonly stateDir: string;
  readonly policies: {
    readonly sources: readonly PolicySourceConfig[];
    /** Undefined: no bundle is taken. */
    readonly trust: KeyRing | undefined;
    readonly pollSeconds: number;
    readonly unsigned: boolean;
    /** Folder of kill switches, absolute; undefined: there is none. */
    readonly killSwitches: string | undefined;
    /** Age at which policies that could not be renewed are stale; undefined: never. */
    readonly maxAgeSeconds: number | undefined;
    readonly stale: "serve" | "deny";
  };
  /** By the names that model catalogs call providers. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  readonly content: {
    readonly unrecognised: "refuse" | "pass" | "flag";
    readonly modelList: "pass" | "refuse";
  };
  readonly stores: {
    readonly quota: QuotaStoreConfig;
    /** Of findings in texts that come again; `bytesMax` 0: none are kept. */
    readonly findings: { readonly bytesMax: number; readonly tenantBytesMax: number };
  };
  /** By the names that Classifier documents call them. */
  readonly classifiers: Readonly<Record<string, ClassifierEntry>>;
  readonly limits: Limits;
  readonly deadlines: {
    readonly phaseMs: number;
    readonly classifierMs: number;
    readonly exchangeIdleSeconds: number;
  };
  readonly drain: { readonly noticeSeconds: number; readonly exchangesSeconds: number };
  readonly audit: AuditConfig;
  /** Where records go beside the log. */
  readonly sinks: readonly SinkConfig[];
  readonly drift: DriftSettings;
  /** How much of our own output is looked through for what may not be in it; 0: none. */
  readonly leaks: { readonly perSecond: number };
  readonly otel: OtelConfig;
  readonly log: { readonly level: ConfigValue["log"]["level"] };
}

/** The configuration, absent when there is any error; warnings leave it in place. */
export interface ParsedConfig {
  readonly config: Config | undefined;
  /** Sorted; all of them, not the first. */
  readonly problems: readonly Problem[];
}

/** Reads a configuration file (audit-and-operations 16), options of the command line on top. */
export function parseConfig(file: ConfigFile, overrides: ConfigOverrides = {}): ParsedConfig {
  const document = readConfigDocument(file);
  if (document.problems.length > 0) return { config: undefined, problems: document.problems };

  const { value, replaced } = applyOverrides(document.value, overrides);
  const locate = createLocator(file, document, replaced);
  const reserved = takeReservedKeys(value);
  const complete = Value.Default(configSchema, value);
  const shapeErrors = findShapeErrors(complete);
  // Sections of the wrong shape have been told about; the others still get their second look.
  const unsound = new Set(shapeErrors.map(({ path }) => path[0]));
  const baseDirectory = dirname(resolve(file.path));
  const objections = unsound.has(undefined)
    ? []
    : checkSections(complete as ConfigValue, unsound, baseDirectory);
  const problems = [
    ...reserved.map((key) => locate(key.path, "key", describeReserved(key))),
    ...shapeErrors.map((error) => locate(error.path, error.part, error)),
    ...objections.map((objection) =>
      locate(objection.path, "value", { code: "C02", ...objection }),
    ),
  ];
  const hasError = problems.some(({ severity }) => severity === "error");
  return {
    config: hasError ? undefined : toConfig(complete as ConfigValue, baseDirectory),
    problems: sortProblems(problems),
  };
}

/** The configuration made of defaults and the command line alone. */
export function defaultConfig(overrides: ConfigOverrides): ParsedConfig {
  return parseConfig({ path: overridesFile, text: "" }, overrides);
}

type Finding = Pick<Problem, "code" | "severity" | "message" | "hint">;
type Locate = (path: ConfigPath, part: "key" | "value", finding: Finding) => Problem;

/** Gives findings their place in the file, or on the command line for what an option replaced. */
function createLocator(
  file: ConfigFile,
  document: ConfigDocument,
  replaced: readonly ConfigPath[],
): Locate {
  return (path, part, { code, severity, message, hint }) => {
    const isReplaced = replaced.some((place) => place.every((step, index) => path[index] === step));
    const location = isReplaced
      ? { file: overridesFile, line: 0, column: 0 }
      : {
          file: file.path,
          ...(part === "key" ? document.locateKey(path) : document.locateValue(path)),
        };
    return { code, severity, ...location, message, hint };
  };
}

function checkSections(
  value: ConfigValue,
  unsound: ReadonlySet<string | number | undefined>,
  baseDirectory: string,
): readonly ConfigObjection[] {
  return [
    ...(unsound.has("listeners") ? [] : checkListeners(value.listeners, baseDirectory)),
    ...(unsound.has("admin") ? [] : checkAdmin(value.admin, baseDirectory)),
    ...(unsound.has("policies") ? [] : checkPolicies(value.policies)),
    ...(unsound.has("providers") ? [] : checkProviders(value.providers)),
    ...(unsound.has("stores") ? [] : checkStores(value.stores)),
    ...(unsound.has("audit") ? [] : checkAudit(value.audit)),
    ...(unsound.has("sinks") ? [] : checkSinks(value.sinks)),
    ...(unsound.has("drift") ? [] : checkDrift(value.drift)),
    ...(unsound.has("otel") ? [] : checkOtel(value.otel)),
    ...(unsound.has("classifiers") || unsound.has("deadlines")
      ? []
      : checkClassifiers(value.classifiers, value.deadlines)),
  ];
}

function toConfig(value: ConfigValue, baseDirectory: string): Config {
  const {
    admin,
    region,
    stateDir,
    policies,
    providers,
    stores,
    audit,
    sinks,
    classifiers,
    routes,
    ...rest
  } = value;
  const { classifierMs } = value.deadlines;
  return freeze({
    ...rest,
    listeners: value.listeners.map((listener) => ({
      address: absoluteAddress(listener.address, baseDirectory),
      tls: toTls(listener.tls, baseDirectory),
      socketMode: Number.parseInt(listener.socketMode, 8),
      identity: toIdentity(listener.identity),
      stripsHeaders: listener.stripsHeaders.map((name) => name.toLowerCase()),
      offeredTools: listener.offeredTools,
      bodyModes: listener.bodyModes,
    })),
    admin: { address: absoluteAddress(admin.address, baseDirectory) },
    region: region ?? undefined,
    stateDir: resolve(baseDirectory, stateDir),
    providers: toProviders(providers, baseDirectory),
    policies: {
      ...policies,
      maxAgeSeconds: policies.maxAgeSeconds ?? undefined,
      killSwitches:
        policies.killSwitches === null ? undefined : resolve(baseDirectory, policies.killSwitches),
      sources: toSources(policies.sources, baseDirectory),
      trust: policies.trust,
    },
    stores: { ...stores, quota: toQuotaStore(stores.quota, baseDirectory) },
    classifiers: toClassifiers(classifiers, { baseDirectory, classifierMs }),
    audit: toAudit({ audit, routes }, baseDirectory),
    otel: toOtel(value.otel, baseDirectory),
    sinks: toSinks(sinks, baseDirectory),
  });
}

function toQuotaStore(
  { redis }: ConfigValue["stores"]["quota"],
  baseDirectory: string,
): QuotaStoreConfig {
  if (redis === undefined) return { kind: "memory" };
  const { passwordFile, replicas, url } = redis;
  return {
    kind: "redis",
    url,
    replicas,
    passwordFile: passwordFile === undefined ? undefined : resolve(baseDirectory, passwordFile),
  };
}

function absoluteAddress(text: string, baseDirectory: string): string {
  const address = parseAddress(text);
  return address?.kind === "unix" ? `unix:${resolve(baseDirectory, address.path)}` : text;
}

function toTls(
  tls: ConfigValue["listeners"][number]["tls"],
  baseDirectory: string,
): ListenerTlsConfig | undefined {
  if (tls === undefined) return undefined;
  const { allow, certFile, clientCaFile, keyFile } = tls;
  return {
    allow,
    certFile: resolve(baseDirectory, certFile),
    keyFile: resolve(baseDirectory, keyFile),
    clientCaFile: resolve(baseDirectory, clientCaFile),
  };
}

function toIdentity(text: string | null): ListenerConfig["identity"] {
  const [tenant, app] = text?.split("/") ?? [];
  return tenant === undefined || app === undefined ? undefined : { tenant, app };
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
