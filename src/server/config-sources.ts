import { resolve } from "node:path";
import type { KeyRing } from "../bundle/index.ts";
import { isCallable, type OciReference, parseOciReference } from "../sources/index.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";

/** Where policies come from. Paths are absolute; folders and working trees are unsigned. */
export type PolicySourceConfig =
  | { readonly kind: "directory" | "git"; readonly directory: string }
  | { readonly kind: "archive"; readonly url: string }
  | {
      readonly kind: "oci";
      readonly reference: OciReference;
      /** A file that holds `NAME:PASSWORD`. */
      readonly credentialFile: string | undefined;
    };

type Policies = ConfigValue["policies"];
type Source = Policies["sources"][number];

const kinds = ["directory", "git", "archive", "oci"] as const;

/** What is wrong with the sources of policies and with what vouches for them. */
export function checkSources({ sources, trust, unsigned }: Policies): readonly ConfigObjection[] {
  const objections = sources.flatMap((source, index) => checkSource(source, index));
  const given = sources.flatMap((source) => kinds.filter((kind) => source[kind] !== undefined));
  if (!unsigned && given.some((kind) => kind === "directory" || kind === "git")) {
    objections.push({
      path: ["policies", "unsigned"],
      severity: "error",
      message: "a folder holds unsigned policies, which load only when that is said",
      hint: "Set `policies.unsigned` to true, or serve signed bundles from an archive or a registry.",
    });
  }
  if (trust === undefined && given.some((kind) => kind === "archive" || kind === "oci")) {
    objections.push({
      path: ["policies", "sources"],
      severity: "error",
      message: "bundles are served, and no key is trusted to sign the platform's",
      hint: "Set `policies.trust` to the platform's keys; `chancery bundle keygen` makes one.",
    });
  }
  return [...objections, ...checkTrust(trust)];
}

/** Sources as the server uses them. `baseDirectory` is where relative paths start. */
export function toSources(
  sources: readonly Source[],
  baseDirectory: string,
): readonly PolicySourceConfig[] {
  return sources.flatMap(({ archive, credential, directory, git, oci }): PolicySourceConfig[] => {
    if (directory !== undefined) {
      return [{ kind: "directory", directory: resolve(baseDirectory, directory) }];
    }
    if (git !== undefined) return [{ kind: "git", directory: resolve(baseDirectory, git) }];
    if (archive !== undefined) return [{ kind: "archive", url: archive }];
    const reference = oci === undefined ? undefined : parseOciReference(oci);
    if (reference === undefined) return [];
    const file = credential?.file;
    const credentialFile = file === undefined ? undefined : resolve(baseDirectory, file);
    return [{ kind: "oci", reference, credentialFile }];
  });
}

/** The folders among sources. */
export function directoriesOf(sources: readonly PolicySourceConfig[]): readonly string[] {
  return sources.flatMap((source) => ("directory" in source ? [source.directory] : []));
}

function checkSource(source: Source, index: number): ConfigObjection[] {
  const path = ["policies", "sources", index];
  const given = kinds.filter((kind) => source[kind] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none" : given.join(" and ");
    return [
      {
        path,
        severity: "error",
        message: `a source is one of ${kinds.join(", ")}; found ${found}`,
        hint: "Write one of them, and an entry of its own for each further source.",
      },
    ];
  }
  return [...checkArchive(source, path), ...checkOci(source, path)];
}

function checkArchive({ archive }: Source, path: ConfigObjection["path"]): ConfigObjection[] {
  if (archive === undefined) return [];
  const url = URL.parse(archive);
  if (url !== null && isCallable(url) && url.username === "" && url.password === "") return [];
  return [
    {
      path: [...path, "archive"],
      severity: "error",
      message: "expected an https address without a password in it; plain http only on loopback",
      hint: "Write https://policies.example/platform.tar.gz, for example.",
    },
  ];
}

function checkOci({ credential, oci }: Source, path: ConfigObjection["path"]): ConfigObjection[] {
  if (oci === undefined) {
    if (credential === undefined) return [];
    return [
      {
        path: [...path, "credential"],
        severity: "error",
        message: "only a registry is asked with a credential",
        hint: "Leave `credential` out.",
      },
    ];
  }
  if (parseOciReference(oci) !== undefined) return [];
  return [
    {
      path: [...path, "oci"],
      severity: "error",
      message: "expected the reference of an artifact, REGISTRY/REPOSITORY:TAG or @DIGEST",
      hint: "Write registry.example/policies/platform:live, for example.",
    },
  ];
}

function checkTrust(trust: KeyRing | undefined): ConfigObjection[] {
  if (trust === undefined) return [];
  const { keys, threshold = 1 } = trust;
  const objections: ConfigObjection[] = [];
  if (keys.length < threshold) {
    objections.push({
      path: ["policies", "trust"],
      severity: "error",
      message: `a bundle needs ${threshold} signatures, and there are ${keys.length} keys`,
      hint: "Add keys, or lower `threshold`.",
    });
  }
  for (const [index, { ed25519, id }] of keys.entries()) {
    const earlier = keys.slice(0, index);
    if (!earlier.some((key) => key.id === id || key.ed25519 === ed25519)) continue;
    objections.push({
      path: ["policies", "trust", "keys", index],
      severity: "error",
      message: "a key before this one has the same id or is the same key",
      hint: "List each key once, under an id of its own.",
    });
  }
  return objections;
}
