import { resolve } from "node:path";
import type { AuditRules } from "../exchange/index.ts";
import { parseWitnessKey } from "../log/index.ts";
import type { S3Config, TlsFiles } from "../sinks/index.ts";
import { isBareUrl, isLoopback } from "./address.ts";
import { checkClientTls, toTlsFiles } from "./config-client-tls.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import { checkRecordClaims } from "./config-record-claims.ts";
import { checkRootKey, type RootKeyConfig, toRootKey } from "./config-root-key.ts";
import type { ConfigValue } from "./config-schema.ts";
import { checkBucket, toBucket } from "./config-sinks.ts";

type Audit = ConfigValue["audit"];
type AnchorEntry = Audit["anchors"][number];

/** A place outside that keeps checkpoints; paths are absolute. */
export type AnchorConfig =
  | {
      readonly name: string;
      readonly kind: "witness";
      readonly url: string;
      readonly key: string;
      readonly tls: TlsFiles | undefined;
    }
  | { readonly name: string; readonly kind: "directory"; readonly directory: string }
  | { readonly name: string; readonly kind: "s3"; readonly s3: S3Config };

/** What is recorded, and how it is kept. */
export interface AuditConfig {
  /** First part of log names; undefined: the host name. */
  readonly origin: string | undefined;
  /** For routes that say nothing else. */
  readonly rules: AuditRules;
  readonly onCorrupt: "refuse" | "continue";
  /** Where the root key is; undefined: each log has a key of its own. */
  readonly rootKey: RootKeyConfig | undefined;
  readonly retentionDays: number;
  /** Records tell bodies by keyed digests. */
  readonly contentDigests: boolean;
  /** Names of the claims that records tell. */
  readonly recordClaims: readonly string[];
  /** Whose keys hide people: a tenant's for a month, or each person's own. */
  readonly pseudonyms: Audit["pseudonyms"];
  readonly anchors: readonly AnchorConfig[];
  /** By Envoy's name of the route. */
  readonly routes: Readonly<Record<string, AuditRules>>;
}

/** What is wrong with the log's keys and anchors, and with what it is to hold. */
export function checkAudit({ anchors, recordClaims, rootKey }: Audit): readonly ConfigObjection[] {
  const names = anchors.map(({ name }) => name);
  const doubles = names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          wrong(
            ["audit", "anchors", index, "name"],
            `another anchor is called "${name}"`,
            "Give each a name of its own.",
          ),
        ],
  );
  return [
    ...(rootKey === null ? [] : checkRootKey(rootKey)),
    ...checkRecordClaims(recordClaims),
    ...doubles,
    ...anchors.flatMap((anchor, index) => checkAnchor(anchor, ["audit", "anchors", index])),
  ];
}

/** Fills in what follows from the rest. `baseDirectory` is where relative paths start. */
export function toAudit(
  { audit, routes }: Pick<ConfigValue, "audit" | "routes">,
  baseDirectory: string,
): AuditConfig {
  const {
    anchors,
    contentDigests,
    onCorrupt,
    onFailure,
    origin,
    pseudonyms,
    recordClaims,
    retentionDays,
    rootKey,
    wait,
  } = audit;
  const rules = { wait, onFailure };
  return {
    origin: origin ?? undefined,
    rules,
    onCorrupt,
    retentionDays,
    contentDigests,
    recordClaims,
    pseudonyms,
    rootKey: rootKey === null ? undefined : toRootKey(rootKey, baseDirectory),
    anchors: anchors.map((anchor) => toAnchor(anchor, baseDirectory)),
    routes: Object.fromEntries(
      Object.entries(routes).map(([name, route]) => [
        name,
        {
          wait: route.audit.wait ?? rules.wait,
          onFailure: route.audit.onFailure ?? rules.onFailure,
        },
      ]),
    ),
  };
}

function checkAnchor(anchor: AnchorEntry, path: ConfigPath): readonly ConfigObjection[] {
  const { directory, key, s3, tls, witness } = anchor;
  if ([witness, directory, s3].filter((kind) => kind !== undefined).length !== 1) {
    const message = "expected one of `witness`, `s3` and `directory`";
    const hint =
      "Write { name, witness: URL, key: VERIFIER-KEY }, { name, s3: { bucket, region } } or { name, directory: DIR }.";
    return [wrong(path, message, hint)];
  }
  if (witness === undefined) {
    const message = `a ${s3 === undefined ? "folder" : "bucket"} does not sign`;
    const place = s3 === undefined ? "Leave it out." : "Write it within `s3`.";
    return [
      ...(key === undefined ? [] : [wrong([...path, "key"], message, "Leave it out.")]),
      ...(tls === undefined
        ? []
        : [wrong([...path, "tls"], "this is the `tls` of a witness", place)]),
      ...(s3 === undefined ? [] : checkBucket(s3, [...path, "s3"])),
    ];
  }
  return [
    ...checkWitnessUrl(witness, [...path, "witness"]),
    ...checkWitnessKey(key, path),
    ...checkClientTls(tls, [...path, "tls"], witness),
  ];
}

function checkWitnessUrl(text: string, path: ConfigPath): readonly ConfigObjection[] {
  const url = URL.parse(text);
  const isPlain = url?.protocol === "http:";
  const isBare = url !== null && isBareUrl(url);
  if (isBare && (url.protocol === "https:" || (isPlain && isLoopback(url.hostname)))) return [];
  const message =
    isBare && isPlain
      ? "without TLS anyone on the way could answer in its place"
      : "expected an https URL without user, query and fragment";
  return [wrong(path, message, "Write the submission prefix of the witness, with https.")];
}

function checkWitnessKey(key: string | undefined, path: ConfigPath): readonly ConfigObjection[] {
  if (key !== undefined && parseWitnessKey(key) !== undefined) return [];
  const message =
    key === undefined
      ? "a witness is not believed without its key"
      : "expected a verifier key of type 4 (Ed25519 cosignature)";
  const hint = "Write `key: NAME+ID+BASE64` as the witness publishes it.";
  return [wrong(key === undefined ? path : [...path, "key"], message, hint)];
}

function toAnchor(
  { directory, key, name, s3, tls, witness }: AnchorEntry,
  base: string,
): AnchorConfig {
  if (s3 !== undefined) return { name, kind: "s3", s3: toBucket(s3, base) };
  return witness === undefined || key === undefined
    ? { name, kind: "directory", directory: resolve(base, directory ?? "") }
    : { name, kind: "witness", url: witness, key, tls: tls && toTlsFiles(tls, base) };
}

function wrong(path: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
