import { decodeBase64 } from "../signing/index.ts";
import { KmsError } from "./kms-error.ts";

/** A version of a key that signs. */
export interface TransitVersion {
  readonly version: number;
  /** 32 bytes (RFC 8032 section 5.1.5). */
  readonly publicKey: Uint8Array;
}

const publicKeyBytes = 32;

/** The wanted key, as people know it. */
interface Wanted {
  readonly key: string;
  /** Undefined: the only one there is. */
  readonly version: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The version of a key that is the root, from the `data` of `GET transit/keys/:name`. Throws `KmsError`
 * where it is no Ed25519 key, where it is not said which of several versions is meant, and where that
 * one does not sign any more.
 */
export function readTransitKey(data: unknown, { key, version: wanted }: Wanted): TransitVersion {
  const { derived, keys, latest_version: latest, min_encryption_version: least, type } = json(data);
  if (type !== "ed25519" || derived === true) {
    const found = derived === true ? "one that is derived" : `type ${shown(type)}`;
    throw unfit(
      `expected ${key} to be a key of type ed25519, found ${found}; make one with \`bao write -f transit/keys/${key} type=ed25519\``,
    );
  }
  if (typeof latest !== "number" || !Number.isSafeInteger(latest)) {
    throw new KmsError("kms_invalid", `expected \`latest_version\` of ${key} to be a number`);
  }
  if (wanted === undefined && latest !== 1) {
    throw unfit(
      `${key} was rotated to version ${latest}, and each version is a root of its own: name the one that auditors and witnesses trust as \`version\``,
    );
  }
  const version = wanted ?? 1;
  if (version > latest) throw unfit(`${key} has no version ${version}, the latest is ${latest}`);
  const { public_key: encoded } = json(json(keys)[String(version)]);
  if (encoded === undefined || version < Number(least ?? 0)) {
    throw unfit(
      `version ${version} of ${key} may not sign any more, the latest is ${latest}: lower \`min_decryption_version\` and \`min_encryption_version\` of the key, or name another \`version\`, which is a new root that auditors and witnesses have to be given`,
    );
  }
  const publicKey = decodeBase64(String(encoded));
  if (publicKey?.length !== publicKeyBytes) {
    throw new KmsError("kms_invalid", `expected the public key of version ${version} of ${key}`);
  }
  return { version, publicKey };
}

/**
 * The signature in the `data` of `POST transit/sign/:name`, which says the version it is by. Throws
 * `KmsError` where that is another one than was asked for.
 */
export function signatureOf(data: unknown, version: number): Uint8Array {
  const { signature } = json(data);
  const [, by, encoded] =
    /^vault:v([1-9][0-9]{0,9}):([A-Za-z0-9+/]{86}==)$/.exec(String(signature)) ?? [];
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  if (by === undefined || bytes === undefined) {
    throw new KmsError("kms_invalid", "expected a signature, 64 bytes behind `vault:v…:`");
  }
  if (Number(by) === version) return bytes;
  throw new KmsError(
    "kms_invalid",
    `expected a signature by version ${version}, found one by ${by}`,
  );
}

function unfit(message: string): KmsError {
  return new KmsError("kms_unfit", message);
}

function json(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** A word of a service, as far as it is one. */
function shown(value: unknown): string {
  return typeof value === "string" && /^[\w-]{1,32}$/.test(value) ? value : "unknown";
}
