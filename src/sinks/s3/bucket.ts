import type { PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import { loadLibrary } from "../optional-library.ts";
import { readAccount, type TlsFiles } from "../secret-file.ts";
import { faultOfStatus, SinkError } from "../sink.ts";
import { TlsAgent } from "../tls-agent.ts";

/** A bucket with object lock. */
export interface S3Config {
  readonly bucket: string;
  readonly region: string;
  /** Of a store that is not Amazon's; buckets are then named in the path. */
  readonly endpoint?: string | undefined;
  /** Before every key; "" or ending with a slash. */
  readonly prefix: string;
  /** A file with `ACCESS-KEY-ID:SECRET`; undefined: what the machine is known by. */
  readonly credentialFile?: string | undefined;
  /** Undefined: who the system trusts. */
  readonly tls?: TlsFiles | undefined;
}

/** One object that nobody can change or delete before its day. */
export interface LockedObject {
  /** Without the prefix. */
  readonly key: string;
  readonly body: NonNullable<PutObjectCommandInput["Body"]>;
  readonly length: number;
  /** Of the body, in base64. */
  readonly sha256: string;
  readonly retainUntil: Date;
  /** False where a newer version takes the place of the one before, which stays. */
  readonly isOnce: boolean;
  /** Whether a legal hold comes with it, so that it stays beyond its day until that is lifted. */
  readonly isHeld?: boolean;
}

/** A bucket to put things into. */
export interface Bucket {
  /** True where it is there now, false where it was before, as it is here. Rejects with `SinkError`. */
  put(object: LockedObject, signal: AbortSignal): Promise<boolean>;
  /**
   * Sets or lifts the legal hold of an object, its newest version, whatever it was. False where there
   * is no such object. Rejects with `SinkError`.
   */
  hold(key: string, isHeld: boolean, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const library = { name: "@aws-sdk/client-s3", version: "3" };

/** Opens a bucket; nothing is asked of it yet. Rejects where the library is not installed. */
export async function openBucket(config: S3Config): Promise<Bucket> {
  const s3 = await loadLibrary(library, () => import("@aws-sdk/client-s3"));
  const { bucket: Bucket, credentialFile, endpoint, prefix, region, tls } = config;
  const client = new s3.S3Client({
    region,
    // Whoever calls comes back by himself, and bodies that are streams cannot be read twice.
    maxAttempts: 1,
    // What goes wrong is told once, by whoever calls.
    logger: silent,
    requestHandler: {
      connectionTimeout: 10_000,
      ...(tls && { httpsAgent: new TlsAgent(tls, { keepAlive: true, maxSockets: 50 }) }),
    },
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentialFile && {
      credentials: async () => {
        const { name, secret } = await readAccount(credentialFile);
        return { accessKeyId: name, secretAccessKey: secret };
      },
    }),
  });
  const hasSame = async (object: LockedObject, abortSignal: AbortSignal) => {
    const head = new s3.HeadObjectCommand({
      ...{ Bucket, Key: `${prefix}${object.key}`, ChecksumMode: "ENABLED" },
    });
    const { ChecksumSHA256 } = await ask(() => client.send(head, { abortSignal }));
    return ChecksumSHA256 === object.sha256;
  };
  return {
    async put(object, abortSignal) {
      const put = new s3.PutObjectCommand({
        ...{ Bucket, Key: `${prefix}${object.key}` },
        ...{ Body: object.body, ContentLength: object.length, ChecksumSHA256: object.sha256 },
        ...{ ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: object.retainUntil },
        ...(object.isHeld && { ObjectLockLegalHoldStatus: "ON" as const }),
        ...(object.isOnce && { IfNoneMatch: "*" }),
      });
      const isNew = await ask(() => client.send(put, { abortSignal }).then(() => true, isOld));
      if (!isNew && !(await hasSame(object, abortSignal))) {
        const message = `expected ${object.key} as it is here, found something else in the bucket`;
        throw new SinkError("denied", message);
      }
      return isNew;
    },
    async hold(key, isHeld, abortSignal) {
      const change = new s3.PutObjectLegalHoldCommand({
        ...{ Bucket, Key: `${prefix}${key}`, ChecksumAlgorithm: "SHA256" },
        LegalHold: { Status: isHeld ? "ON" : "OFF" },
      });
      return await ask(() => client.send(change, { abortSignal }).then(() => true, isMissing));
    },
    close: () => close(client),
  };
}

function close(client: S3Client): void {
  client.destroy();
}

/** Status 412: somebody, or we before a restart, has put the object there; anything else is thrown. */
function isOld(error: unknown): false {
  if (statusOf(error) !== 412) throw error;
  return false;
}

/** Status 404 of an object; a bucket that is not there is another matter. */
function isMissing(error: unknown): false {
  if (statusOf(error) !== 404 || (error as Error).name !== "NoSuchKey") throw error;
  return false;
}

/** Gives what is there, or rejects with what keeps it from being known. */
async function ask<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SinkError) throw error;
    const status = statusOf(error);
    throw new SinkError(faultOf(status), `expected the bucket to take it, found ${status}`, {
      cause: error,
    });
  }
}

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/** One object is like the next: what is refused of one is refused of all. */
function faultOf(status: number | undefined) {
  if (status === undefined || status < 300 || status === 409) return "away";
  // What a store does not have it will not have later either.
  if (status === 501) return "denied";
  const fault = faultOfStatus(status);
  return fault === "refused" ? "denied" : fault;
}
