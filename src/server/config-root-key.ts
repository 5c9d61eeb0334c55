import { resolve } from "node:path";
import { parseKeyReference, type TransitKey } from "../kms/index.ts";
import { isLogOrigin } from "../log/index.ts";
import { isLoopback } from "./address.ts";
import { checkClientTls, toTlsFiles } from "./config-client-tls.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";

type Entry = NonNullable<ConfigValue["audit"]["rootKey"]>;

/** Where the root key is. `name`: what verifiers know it as, undefined for `<origin>/root`. */
export type RootKeyConfig = { readonly name: string | undefined } & (
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "transit"; readonly transit: TransitKey }
);

/** Where the engine is unless somebody moved it. */
const defaultMount = "transit";
const ofServices = ["version", "address", "tokenFile", "mount", "namespace", "tls"] as const;
const path = ["audit", "rootKey"] as const;

/** What is wrong with where the root key is. */
export function checkRootKey(entry: Entry): readonly ConfigObjection[] {
  const { file, kms } = entry;
  if ((file === undefined) === (kms === undefined)) {
    const hint =
      "Write { file: root.key } or { kms: hashivault://KEY, address: URL, tokenFile: FILE }.";
    return [wrong([...path], "expected one of `file` and `kms`", hint), ...checkName(entry)];
  }
  return [
    ...(kms === undefined ? checkFile(entry) : checkService(entry, kms)),
    ...checkName(entry),
  ];
}

/** As it is opened. `baseDirectory` is where relative paths start. */
export function toRootKey(entry: Entry, baseDirectory: string): RootKeyConfig {
  const {
    address = "",
    file = "",
    kms,
    name,
    namespace,
    tls = {},
    tokenFile = "",
    version,
  } = entry;
  if (kms === undefined) return { name, kind: "file", file: resolve(baseDirectory, file) };
  const transit = {
    ...{ address, namespace, version },
    key: parseKeyReference(kms) ?? "",
    mount: entry.mount ?? defaultMount,
    tokenFile: resolve(baseDirectory, tokenFile),
    tls: toTlsFiles(tls, baseDirectory),
  };
  return { name, kind: "transit", transit };
}

function checkFile(entry: Entry): readonly ConfigObjection[] {
  return ofServices
    .filter((key) => entry[key] !== undefined)
    .map((key) => wrong([...path, key], "a file has none of this", "Leave it out."));
}

function checkService(entry: Entry, kms: string): readonly ConfigObjection[] {
  const { address, tls, tokenFile } = entry;
  return [
    ...checkReference(kms),
    ...(address === undefined
      ? [wrong([...path], "expected the `address` of the service", addressHint)]
      : checkAddress(address)),
    ...checkClientTls(tls, [...path, "tls"], address),
    ...(tokenFile === undefined
      ? [
          wrong(
            [...path],
            "expected a `tokenFile`",
            "Name the file with the token, which an agent may renew.",
          ),
        ]
      : []),
  ];
}

function checkReference(kms: string): readonly ConfigObjection[] {
  if (parseKeyReference(kms) !== undefined) return [];
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//.exec(kms) ?? [];
  const message =
    scheme === undefined || scheme === "hashivault://"
      ? "expected a reference to a key, such as hashivault://audit-root"
      : `keys behind ${scheme} cannot be used; those of HashiCorp Vault and OpenBao can, as hashivault://KEY`;
  return [wrong([...path, "kms"], message, "Write hashivault:// and the name of a Transit key.")];
}

const addressHint = "Write https://vault.example:8200, for example.";

/** A token goes there. */
function checkAddress(text: string): readonly ConfigObjection[] {
  const url = URL.parse(text);
  const isBare = url !== null && url.href === `${url.origin}/`;
  const isPlain = url?.protocol === "http:" && isLoopback(url.hostname);
  if (isBare && (url.protocol === "https:" || isPlain)) return [];
  const message =
    "expected an https address without user, path and query; plain http only on loopback";
  return [wrong([...path, "address"], message, addressHint)];
}

function checkName({ name }: Entry): readonly ConfigObjection[] {
  if (name === undefined || isLogOrigin(name)) return [];
  const message = "a key is called by letters, digits, dots, hyphens and slashes";
  return [wrong([...path, "name"], message, "Write gov.acme.example/root, for example.")];
}

function wrong(where: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path: where, severity: "error", message, hint };
}
