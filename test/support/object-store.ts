/** Stores with object lock: one that holds requests to the S3 API strictly, and MinIO where it is. */
import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from "node:http";
import type { ServerOptions } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Cleanup } from "./chancery-process.ts";
import { startLoopbackServer } from "./loopback-server.ts";
import {
  answerLegalHold,
  type HoldableObject,
  refusalOfDelete,
  s3Error,
  type XmlAnswer,
} from "./object-holds.ts";
import { freePort, startServerProcess } from "./server-process.ts";

/** A version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly mode: string | undefined;
  readonly retainUntil: Date;
  /** Undefined where nobody ever said. */
  readonly legalHold: "ON" | "OFF" | undefined;
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
            legalHold: await legalHoldOf(client, version),
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

/** What a store says of a version's hold; undefined where nobody ever set or lifted one. */
async function legalHoldOf(
  client: S3Client,
  version: ConstructorParameters<typeof GetObjectLegalHoldCommand>[0],
): Promise<"ON" | "OFF" | undefined> {
  try {
    const { LegalHold } = await client.send(new GetObjectLegalHoldCommand(version));
    return LegalHold?.Status;
  } catch (error) {
    if ((error as Error).name === "NoSuchObjectLockConfiguration") return undefined;
    throw error;
  }
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

/** A store that can be made to refuse, and whose time can be moved. */
export interface StrictStore extends ObjectStore {
  /** What it answers to all that concerns legal holds; undefined: as it should. */
  refusal: XmlAnswer | undefined;
  /** What it was asked to hold or let go, in order, as `ON key`; with an object, `PUT key`. */
  readonly asked: string[];
  /** Its time goes on. */
  advance(milliseconds: number): void;
}

type StrictObject = HoldableObject & { readonly bytes: Buffer; readonly mode: string };

/** What a strict store has, and is told to do. */
interface StrictWorld {
  readonly objects: StrictObject[];
  readonly asked: string[];
  refusal: XmlAnswer | undefined;
  aheadMs: number;
}

/** Starts a store that takes nothing but what the API and a lock of compliance ask for; `tls`: by https. */
export async function startStrictStore(t: Cleanup, tls?: ServerOptions): Promise<StrictStore> {
  const world: StrictWorld = { objects: [], asked: [], refusal: undefined, aheadMs: 0 };
  const listener: RequestListener = (request, response) => {
    answer(request, response, world).catch((error) =>
      send(response, s3Error(400, "InvalidRequest", String(error))),
    );
  };
  const { start, stop, url: endpoint } = await startLoopbackServer(t, listener, tls);
  const credentials = { accessKeyId: keyId, secretAccessKey: secret };
  const client = new S3Client({
    ...{ endpoint, credentials, region: "eu-1", forcePathStyle: true, maxAttempts: 1 },
  });
  t.after(() => client.destroy());
  return {
    ...{ endpoint, credential, start, stop, asked: world.asked },
    get refusal() {
      return world.refusal;
    },
    set refusal(refusal) {
      world.refusal = refusal;
    },
    advance(milliseconds) {
      world.aheadMs += milliseconds;
    },
    objects: async () => world.objects,
    // It has no way to change a retention.
    async tamper() {
      const outcomes = await Promise.allSettled(
        world.objects.map(({ key: Key, versionId: VersionId }) =>
          client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId })),
        ),
      );
      return outcomes.filter(({ status }) => status === "fulfilled").length;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  world: StrictWorld,
): Promise<void> {
  const { headers, method } = request;
  const body = await buffer(request);
  assert.match(headers.authorization ?? "", new RegExp(`^AWS4-HMAC-SHA256 Credential=${keyId}/`));
  const { pathname, searchParams } = new URL(request.url ?? "", "http://store");
  const [, key] = /^\/audit\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
  assert.ok(key !== undefined, pathname);
  const newest = world.objects.findLast((object) => object.key === key);
  if (searchParams.has("legal-hold")) {
    const given = world.refusal ?? answerLegalHold(method, newest, { body, headers });
    const [, wanted] = /<Status>(\w+)</.exec(body.toString()) ?? [];
    if (method === "PUT") world.asked.push(`${wanted} ${key}`);
    send(response, given);
  } else if (method === "DELETE") {
    send(response, deleteVersion(world, key, searchParams.get("versionId")));
  } else if (method === "HEAD") {
    assert.equal(headers["x-amz-checksum-mode"], "ENABLED");
    assert.ok(newest !== undefined);
    response.writeHead(200, { "x-amz-checksum-sha256": sha256(newest.bytes) });
    response.end();
  } else {
    assert.equal(method, "PUT");
    send(response, putObject(world, { key, body, headers }));
  }
}

function deleteVersion(world: StrictWorld, key: string, versionId: string | null): XmlAnswer {
  const index = world.objects.findIndex((it) => it.key === key && it.versionId === versionId);
  const refusal = refusalOfDelete(world.objects[index], Date.now() + world.aheadMs);
  if (refusal !== undefined) return refusal;
  world.objects.splice(index, 1);
  return { status: 204 };
}

function putObject(
  world: StrictWorld,
  {
    body,
    headers,
    key,
  }: { readonly body: Buffer; readonly headers: IncomingHttpHeaders; readonly key: string },
): XmlAnswer {
  assert.equal(headers["content-encoding"], undefined, "the body is sent as it is");
  assert.equal(headers["content-length"], String(body.length));
  assert.equal(headers["x-amz-checksum-sha256"], sha256(body));
  const mode = headers["x-amz-object-lock-mode"];
  assert.equal(mode, "COMPLIANCE");
  const until = String(headers["x-amz-object-lock-retain-until-date"]);
  assert.match(until, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/);
  assert.ok(Date.parse(until) > Date.now(), "the day is to come");
  const legalHold = headers["x-amz-object-lock-legal-hold"];
  assert.ok(legalHold === undefined || legalHold === "ON");
  if (legalHold !== undefined && world.refusal !== undefined) return world.refusal;
  if (headers["if-none-match"] === "*" && world.objects.some((object) => object.key === key)) {
    return s3Error(412, "PreconditionFailed");
  }
  if (legalHold === "ON") world.asked.push(`PUT ${key}`);
  const lock = { mode, retainUntil: new Date(until), legalHold } as const;
  world.objects.push({ key, versionId: randomUUID(), bytes: body, ...lock });
  return { status: 200 };
}

function send(response: ServerResponse, { status, xml }: XmlAnswer): void {
  response.writeHead(status, {
    ...(xml === undefined ? {} : { "content-type": "application/xml" }),
    etag: '"0"',
  });
  response.end(xml);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("base64");
}
