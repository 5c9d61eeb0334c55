/** A Vault that holds calls to its Transit API strictly, as OpenBao 2.5 was seen to answer them. */
import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { rawPublicKey } from "../../src/signing/index.ts";
import type { Cleanup } from "./chancery-process.ts";
import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

/** A key `audit-root` of the engine at `transit`, and what may be done with it. */
export interface TransitServer extends LoopbackServer {
  /** Holds the token that the server takes. */
  readonly tokenFile: string;
  /** Every token that came. */
  readonly tokens: readonly string[];
  /** `METHOD path` of each call. */
  readonly calls: readonly string[];
  /** Namespaces of the calls. */
  readonly namespaces: readonly (string | undefined)[];
  /** What was wrong with calls; empty where nothing was. */
  readonly complaints: readonly string[];
  /** Adds a version, which is the latest then. */
  rotate(): void;
  /** What is said of the key beside its versions. */
  readonly facts: Record<string, unknown>;
  /** Changes what is answered; undefined: as it should be. */
  bend: ((answer: TransitAnswer, call: string) => TransitAnswer) | undefined;
  /** While it is set, calls wait for it. */
  held: Promise<unknown> | undefined;
}

/** Status and `data` of an answer. */
export interface TransitAnswer {
  readonly status: number;
  readonly data?: unknown;
}

const token = "hvs.correct-horse-battery-staple";
const keysPath = "/v1/transit/keys/audit-root";
const signPath = "/v1/transit/sign/audit-root";

export async function startTransitServer(t: Cleanup): Promise<TransitServer> {
  const folder = mkdtempSync(join(tmpdir(), "transit-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, `${token}\n`);
  const versions: KeyObject[] = [];
  const rotate = () => {
    versions.push(generateKeyPairSync("ed25519").privateKey);
  };
  rotate();
  const tokens: string[] = [];
  const calls: string[] = [];
  const namespaces: (string | undefined)[] = [];
  const complaints: string[] = [];
  const facts: Record<string, unknown> = { type: "ed25519", derived: false };
  const loopback = await startLoopbackServer(t, async (request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    tokens.push(String(request.headers["x-vault-token"]));
    namespaces.push(request.headers["x-vault-namespace"]?.toString());
    const body = await text(request);
    await server.held;
    let answer: TransitAnswer;
    try {
      answer = answerTo(request, body, { versions, facts });
    } catch (error) {
      complaints.push(`${call}: ${error}`);
      answer = { status: 400 };
    }
    const { data, status } = server.bend?.(answer, call) ?? answer;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(data === undefined ? { errors: [`no: ${token}`] } : { data }));
  });
  const server: TransitServer = {
    ...loopback,
    ...{ tokenFile, tokens, calls, namespaces, complaints, rotate, facts },
    bend: undefined,
    held: undefined,
  };
  return server;
}

function answerTo(
  request: IncomingMessage,
  body: string,
  { facts, versions }: { readonly versions: readonly KeyObject[]; readonly facts: object },
): TransitAnswer {
  const { headers, method, url } = request;
  assert.equal(headers["x-vault-request"], "true");
  if (headers["x-vault-token"] !== token) return { status: 403 };
  if (method === "GET" && url === keysPath) {
    assert.equal(body, "");
    return { status: 200, data: describe(versions, facts) };
  }
  if (url !== signPath) return { status: 403 };
  assert.equal(method, "POST");
  assert.equal(headers["content-type"], "application/json");
  assert.equal(Number(headers["content-length"]), Buffer.byteLength(body));
  const { input, key_version: version, ...rest } = JSON.parse(body);
  assert.deepEqual(rest, {});
  assert.ok(Number.isInteger(version));
  const bytes = Buffer.from(input, "base64");
  assert.equal(bytes.toString("base64"), input);
  const key = versions[version - 1];
  assert.ok(key, "a version that there is");
  const signature = `vault:v${version}:${sign(null, bytes, key).toString("base64")}`;
  return { status: 200, data: { key_version: version, signature } };
}

function describe(versions: readonly KeyObject[], facts: object) {
  const keys = versions.map((key, index) => [
    index + 1,
    { creation_time: "2026-11-22T07:51:21Z", name: "ed25519", public_key: rawPublicKey(key) },
  ]);
  return {
    ...{ name: "audit-root", latest_version: versions.length, keys: Object.fromEntries(keys) },
    ...{ min_decryption_version: 1, min_encryption_version: 0, supports_signing: true },
    ...facts,
  };
}
