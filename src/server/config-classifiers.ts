import { resolve } from "node:path";
import { invariant } from "../base/index.ts";
import type { ClassifierConfig } from "../classifiers/index.ts";
import { isLoopback } from "./address.ts";
import type { ConfigObjection } from "./config-objection.ts";
import { checkOnnx, toModelTerms } from "./config-onnx.ts";
import type { ProviderConfig } from "./config-providers.ts";
import type { ConfigValue } from "./config-schema.ts";

type Classifiers = ConfigValue["classifiers"];
type Entry = Classifiers[string];

/** One entry of `classifiers`, ready for whoever opens it. */
export type ClassifierEntry = ClassifierConfig & {
  /** Tenants whose policies may name it; `*`: all. The platform's always may. */
  readonly tenants: readonly string[];
  /** How we are known to it; undefined: it asks nobody. */
  readonly credential: ProviderConfig | undefined;
};

type RemoteType = Exclude<Entry["type"], "onnx">;

/** Schemes, and whether they keep what is asked about from others. */
const schemes: Readonly<Record<RemoteType, Readonly<Record<string, boolean>>>> = {
  presidio: { "https:": true, "http:": false },
  "openai-moderation": { "https:": true, "http:": false },
  grpc: { "grpcs:": true, "grpc:": false },
};

/** As documents name them: DNS labels. */
const entryName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with the classifiers. */
export function checkClassifiers(
  classifiers: Classifiers,
  { classifierMs, phaseMs }: ConfigValue["deadlines"],
): readonly ConfigObjection[] {
  const objections = Object.entries(classifiers).flatMap(([name, entry]) => [
    ...(entryName.test(name) ? [] : [misnamed(name)]),
    ...(entry.type === "onnx" ? checkOnnx(name, entry) : checkUrl(name, entry, entry.type)),
    ...checkSettings(name, entry),
  ]);
  if (classifierMs < phaseMs || Object.keys(classifiers).length === 0) return objections;
  const message = `a phase is over after ${phaseMs} ms, so an answer would never be waited for that long`;
  const hint = "Lower it below `deadlines.phaseMs`.";
  return [...objections, wrong(["deadlines", "classifierMs"], message, hint)];
}

/** Fills in what follows from the rest. `baseDirectory` is where relative paths start. */
export function toClassifiers(
  classifiers: Classifiers,
  {
    baseDirectory,
    classifierMs,
  }: { readonly baseDirectory: string; readonly classifierMs: number },
): Readonly<Record<string, ClassifierEntry>> {
  return Object.fromEntries(
    Object.entries(classifiers).map(([name, entry]) => {
      const { caFile, credential, header, language, model, onnx, prefix, type, url, ...rest } =
        entry;
      const known = credential && {
        credentialFile: resolve(baseDirectory, credential.file),
        header: header ?? "authorization",
        prefix: prefix ?? (header === undefined || header === "authorization" ? "Bearer " : ""),
      };
      const timeoutMs = Math.min(rest.timeoutMs ?? classifierMs, classifierMs);
      const terms = { ...rest, credential: known, timeoutMs };
      if (type === "onnx") {
        invariant(onnx !== undefined, "an entry that was checked has its files");
        return [name, { ...terms, type, onnx: toModelTerms(onnx, baseDirectory) }];
      }
      invariant(url !== undefined, "an entry that was checked has its address");
      return [
        name,
        {
          ...terms,
          ...{ type, url, model },
          language: language ?? "en",
          caFile: caFile && resolve(baseDirectory, caFile),
        },
      ];
    }),
  );
}

function misnamed(name: string): ConfigObjection {
  const hint = "Write it in lower-case letters, digits and inner hyphens, at most 63.";
  return wrong(["classifiers", name], "no policy can name a classifier of this name", hint);
}

function checkUrl(
  name: string,
  { url: text }: Entry,
  type: RemoteType,
): readonly ConfigObjection[] {
  const path = text === undefined ? ["classifiers", name] : ["classifiers", name, "url"];
  const url = URL.parse(text ?? "");
  const secure = url === null ? undefined : schemes[type][url.protocol];
  const names = Object.keys(schemes[type]).map((scheme) => `${scheme}//`);
  if (url === null || secure === undefined || url.hostname === "") {
    const message = `a classifier of type ${type} has an address that begins with ${names.join(" or ")}`;
    return [wrong(path, message, `Write ${names[0]}HOST:PORT, for example.`)];
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    const hint = "Give the credential as a file, under `credential`.";
    return [wrong(path, "expected an address without user, password, query or fragment", hint)];
  }
  if (type === "grpc" && (url.port === "" || !/^\/?$/.test(url.pathname))) {
    return [wrong(path, "expected a host and a port, and no path", `Write ${names[0]}HOST:PORT.`)];
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (secure || isLoopback(host)) return [];
  const message = `plain text to "${url.hostname}" would let others read what is asked about`;
  return [wrong(path, message, `Use ${names[0]}, or plain text on 127.0.0.1.`)];
}

/** A setting of another type of classifier would do nothing. */
function checkSettings(name: string, entry: Entry): readonly ConfigObjection[] {
  const surplus: string[] = [];
  if (entry.model !== undefined && entry.type !== "openai-moderation") surplus.push("model");
  if (entry.language !== undefined && entry.type !== "presidio") surplus.push("language");
  if (entry.onnx !== undefined && entry.type !== "onnx") surplus.push("onnx");
  if (entry.credential === undefined) {
    if (entry.header !== undefined) surplus.push("header");
    if (entry.prefix !== undefined) surplus.push("prefix");
  }
  const isPlain = entry.url !== undefined && /^(?:http|grpc):/.test(entry.url);
  if (entry.type === "onnx") {
    const remote = ["url", "caFile", "credential"] as const;
    surplus.push(...remote.filter((key) => entry[key] !== undefined));
  } else if (entry.caFile !== undefined && isPlain) surplus.push("caFile");
  return surplus.map((key) =>
    wrong(["classifiers", name, key], "nothing here goes by it", "Leave it out."),
  );
}

function wrong(path: ConfigObjection["path"], message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
