/** Stores with object lock: one that holds requests to the S3 API strictly, and MinIO where it is. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Cleanup } from "./chancery-process.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import { freePort, startServerProcess } from "./server-process.ts";

/** A version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly mode: string | undefined;
  readonly retainUntil: Date;
}

/** A store with one bucket, `audit`, that locks. */
export interface ObjectStore {
  readonly endpoint: string;
  /** `ACCESS-KEY-ID:SECRET`. */
  readonly credential: string;
  /** All versions, the oldest first. */
  objects(): Promise<readonly StoredObject[]>;
  /** Tries to take every version away, and to shorten its time; gives how many let it. */
  tamper(): Promise<number>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

const bucket = "audit";
const [keyId, secret] = ["auditor", "correct-horse-battery"];
const credential = `${keyId}:${secret}`;

/** The path of MinIO: `MINIO_BIN`, or on `PATH`; undefined where it is not. */
export async function findMinio(): Promise<string | undefined> {
  const { MINIO_BIN, PATH = "" } = process.env;
  const paths = PATH.split(delimiter).map((folder) => join(folder, "minio"));
  for (const path of MINIO_BIN === undefined ? paths : [MINIO_BIN]) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Starts MinIO with a bucket that locks. */
export async function startMinio(t: Cleanup, path: string): Promise<ObjectStore> {
  const folder = mkdtempSync(join(tmpdir(), "minio-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [port, consolePort] = [await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${port}`;
  const addresses = [
    "--address",
    `127.0.0.1:${port}`,
    "--console-address",
    `127.0.0.1:${consolePort}`,
  ];
  const server = await startServerProcess(t, {
    ...{ path, port, args: ["server", ...addresses, folder] },
    environment: { MINIO_ROOT_USER: keyId, MINIO_ROOT_PASSWORD: secret },
  });
  const ready = async () => {
    while (!(await isReady(endpoint))) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const start = async () => {
    await server.start();
    await ready();
  };
  await ready();
  const credentials = { accessKeyId: keyId, secretAccessKey: secret };
  const client = new S3Client({ endpoint, credentials, region: "eu-1", forcePathStyle: true });
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  const versions = async () => {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    return Versions.map(({ Key, VersionId }) => ({ Bucket: bucket, Key, VersionId })).reverse();
  };
  return {
    ...{ endpoint, credential, start, stop: server.stop },
    objects: async () =>
      Promise.all(
        (await versions()).map(async (version) => {
          const { Body } = await client.send(new GetObjectCommand(version));
          const { Retention } = await client.send(new GetObjectRetentionCommand(version));
          return {
            key: version.Key ?? "",
            bytes: Buffer.from((await Body?.transformToByteArray()) ?? []),
            mode: Retention?.Mode,
            retainUntil: Retention?.RetainUntilDate ?? new Date(0),
          };
        }),
      ),
    async tamper() {
      const attempts = (await versions()).flatMap((version) => [
        () => client.send(new DeleteObjectCommand(version)),
        () => client.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })),
        () =>
          client.send(
            new PutObjectRetentionCommand({
              ...{ ...version, BypassGovernanceRetention: true },
              Retention: { Mode: "GOVERNANCE", RetainUntilDate: new Date(Date.now() + 5_000) },
            }),
          ),
      ]);
      const outcomes = await Promise.allSettled(attempts.map((attempt) => attempt()));
      return outcomes.filter(({ status }) => status === "fulfilled").length;
    },
  };
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/minio/health/ready`, { signal: AbortSignal.timeout(1_000) }))
      .ok;
  } catch {
    // It listens before it answers.
    return false;
  }
}

/** Starts a store that takes nothing but what the API and a lock of compliance ask for. */
export async function startStrictStore(t: Cleanup): Promise<ObjectStore> {
  const objects: StoredObject[] = [];
  const server = await startLoopbackServer(t, (request, response) => {
    answer(request, response, objects).catch((error) => {
      response.writeHead(400, { "content-type": "application/xml" });
      response.end(`<Error><Code>InvalidRequest</Code><Message>${error}</Message></Error>`);
    });
  });
  const { start, stop, url: endpoint } = server;
  return {
    ...{ endpoint, credential, start, stop },
    objects: async () => objects,
    // It has no way to take anything away.
    tamper: async () => 0,
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  objects: StoredObject[],
): Promise<void> {
  const { headers, method, url = "" } = request;
  const body = await buffer(request);
  assert.match(headers.authorization ?? "", new RegExp(`^AWS4-HMAC-SHA256 Credential=${keyId}/`));
  const [, key] = /^\/audit\/([^?]+)/.exec(decodeURIComponent(url)) ?? [];
  assert.ok(key !== undefined, url);
  const newest = objects.findLast((object) => object.key === key);
  if (method === "HEAD") {
    assert.equal(headers["x-amz-checksum-mode"], "ENABLED");
    assert.ok(newest !== undefined);
    response.writeHead(200, { "x-amz-checksum-sha256": sha256(newest.bytes) });
    response.end();
    return;
  }
  assert.equal(method, "PUT");
  assert.equal(headers["content-encoding"], undefined, "the body is sent as it is");
  assert.equal(headers["content-length"], String(body.length));
  assert.equal(headers["x-amz-checksum-sha256"], sha256(body));
  const mode = headers["x-amz-object-lock-mode"];
  assert.equal(mode, "COMPLIANCE");
  const until = String(headers["x-amz-object-lock-retain-until-date"]);
  assert.match(until, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/);
  assert.ok(Date.parse(until) > Date.now(), "the day is to come");
  if (headers["if-none-match"] === "*" && newest !== undefined) {
    response.writeHead(412, { "content-type": "application/xml" });
    response.end("<Error><Code>PreconditionFailed</Code></Error>");
    return;
  }
  objects.push({ key, bytes: body, mode, retainUntil: new Date(until) });
  response.writeHead(200, { etag: '"0"' });
  response.end();
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("base64");
}
