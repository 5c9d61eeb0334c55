import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync, hash, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  appendDecision,
  folderOf,
  readLogRecords,
  setLogStage,
  until,
} from "../../test/support/log-stage.ts";
import {
  checkNote,
  decodeBase64,
  generateNoteSigner,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  rawPublicKey,
  renameSigner,
  verifyConsistency,
} from "../signing/index.ts";
import { createHttpClient } from "../sinks/index.ts";
import {
  createDirectoryAnchor,
  createWitnessAnchor,
  parseWitnessKey,
  type RecordLog,
} from "./index.ts";
import { silentLogObserver } from "./log-observer.ts";

/** A witness that holds one log (C2SP tlog-witness). */
class Witness {
  readonly key: string;
  readonly #name = "witness.example/w1";
  readonly #keyId: Buffer;
  readonly #private: KeyObject;
  readonly #logKey: string;
  size = 0;
  root: Uint8Array = Buffer.alloc(32);
  /** Statuses to answer instead. */
  moods: number[] = [];
  readonly statuses: number[] = [];
  url = "";

  constructor(logKey: string) {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    this.#private = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
    const typed = Buffer.concat([Buffer.from([4]), Buffer.from(rawPublicKey(publicKey), "base64")]);
    const input = Buffer.concat([Buffer.from(`${this.#name}\n`), typed]);
    this.#keyId = hash("sha256", input, "buffer").subarray(0, 4);
    this.key = `${this.#name}+${this.#keyId.toString("hex")}+${typed.toString("base64")}`;
    this.#logKey = logKey;
  }

  async start(t: TestContext): Promise<this> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [status, text] = this.#answer(Buffer.concat(chunks).toString());
      this.statuses.push(status);
      response.writeHead(status).end(text);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  #answer(body: string): readonly [number, string] {
    const mood = this.moods.shift();
    if (mood !== undefined) return [mood, ""];
    const end = body.indexOf("\n\n");
    const [first = "", ...proof] = body.slice(0, end).split("\n");
    const note = parseNote(body.slice(end + 2));
    const checkpoint = note && parseCheckpoint(note.text);
    const verifier = parseVerifierKey(this.#logKey);
    if (note === undefined || checkpoint === undefined || verifier === undefined) return [400, ""];
    if (checkNote(note, renamed(verifier.verifierKey, checkpoint.origin)) !== "signed") {
      return [403, ""];
    }
    if (first !== `old ${this.size}`) return [409, `${this.size}\n`];
    const hashes = proof.map((line) => decodeBase64(line) ?? Buffer.alloc(0));
    const old = { size: this.size, root: this.root };
    if (this.size > 0 && !verifyConsistency(old, checkpoint, hashes)) return [422, ""];
    this.size = checkpoint.size;
    this.root = checkpoint.root;
    const seconds = 1_790_000_000n;
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(seconds);
    const signed = Buffer.from(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    const line = Buffer.concat([this.#keyId, stamp, sign(null, signed, this.#private)]);
    return [200, `— ${this.#name} ${line.toString("base64")}\n`];
  }
}

/** The root as anchors know it, under the name of the log. */
function renamed(rootKey: string, origin: string) {
  const [, , encoded = ""] = rootKey.split(/\+(.*)/s)[1]?.split(/\+(.*)/s) ?? [];
  const key = encoded === "" ? (rootKey.split("+").slice(2).join("+") ?? "") : encoded;
  const typed = Buffer.from(key, "base64");
  const id = hash("sha256", Buffer.concat([Buffer.from(`${origin}\n`), typed]), "buffer");
  const verifier = parseVerifierKey(`${origin}+${id.subarray(0, 4).toString("hex")}+${key}`);
  assert.ok(verifier);
  return verifier;
}

const rootKey = generateNoteSigner("gov.acme.example/root");

async function startWitness(t: TestContext) {
  const witness = await new Witness(rootKey.verifierKey).start(t);
  const key = parseWitnessKey(witness.key);
  assert.ok(key);
  const http = createHttpClient();
  return { witness, anchor: createWitnessAnchor({ name: "w1", url: witness.url, key, http }) };
}

function anchored(folder: string, size: number): string {
  return join(folder, `anchors/w1/${String(size).padStart(12, "0")}.checkpoint`);
}

test("a witness cosigns what is durable, with a proof that the log only grew", async (t) => {
  const stage = setLogStage(t);
  const { anchor, witness } = await startWitness(t);
  const log = await stage.open({ rootKey, anchors: [anchor] });
  const folder = folderOf(stage.stateDir, log);
  await until(() => existsSync(anchored(folder, 2)));
  for (let count = 0; count < 700; count += 1) appendDecision(log);
  log.commit();
  stage.clock.advance(50);
  await until(() => log.durable?.checkpoint.size === 702);
  assert.equal(witness.size, 2, "not before its time");
  stage.clock.advance(60_000);
  await until(() => existsSync(anchored(folder, witness.size)) && witness.size >= 702);
  assert.deepEqual(new Set(witness.statuses), new Set([200]));
  const note = parseNote(readFileSync(anchored(folder, witness.size), "utf8"));
  const origin = renameSigner(rootKey, log.origin);
  assert.deepEqual(
    note?.signatures.map(({ name }) => name),
    [log.origin, log.origin, "witness.example/w1"],
  );
  const verifier = parseVerifierKey(origin.verifierKey);
  assert.ok(note && verifier && checkNote(note, verifier) === "signed");
  assert.ok(log.status.anchorAgeSeconds.get("w1") !== undefined);
  await log.close();
  assert.equal(witness.size, readLogRecords(folder).length, "the last one on close");
});

test("a witness that holds another size is proved to from there", async (t) => {
  const stage = setLogStage(t);
  const { anchor, witness } = await startWitness(t);
  const log = await stage.open({ rootKey, anchors: [anchor] });
  const folder = folderOf(stage.stateDir, log);
  await until(() => existsSync(anchored(folder, 2)));
  // It was set back to what it held before.
  witness.size = 0;
  appendDecision(log);
  log.commit();
  await log.close();
  assert.deepEqual(witness.statuses, [200, 409, 200]);
  assert.ok(witness.size > 2);
});

test("a witness that refuses is an alarm, holds nothing up, and is asked again in its time", async (t) => {
  const stage = setLogStage(t);
  const { anchor, witness } = await startWitness(t);
  const failures: string[] = [];
  const observer = {
    ...silentLogObserver,
    anchorFailed: (name: string, error: unknown) => failures.push(`${name} ${error}`),
  };
  witness.moods = [422, 403];
  const log = await stage.open({ rootKey, anchors: [anchor], observer });
  await until(() => failures.length === 1);
  stage.clock.advance(1_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(failures.length, 1);
  stage.clock.advance(60_000);
  await until(() => failures.length === 2);
  assert.match(failures.join(), /w1 .*422.*w1 .*403/s);
  assert.equal(log.isWritable, true);
  await log.close();
  assert.ok(witness.size > 0, "tried once more on close");
});

test("a cosignature of another key does not count", async (t) => {
  const stage = setLogStage(t);
  const { witness } = await startWitness(t);
  const other = parseWitnessKey(new Witness(rootKey.verifierKey).key);
  assert.ok(other);
  const failures: string[] = [];
  const http = createHttpClient();
  const anchor = createWitnessAnchor({ name: "w1", url: witness.url, key: other, http });
  const log = await stage.open({
    ...{ rootKey, anchors: [anchor] },
    observer: { ...silentLogObserver, anchorFailed: (_, error) => failures.push(String(error)) },
  });
  await until(() => failures.length === 1);
  assert.match(failures[0] ?? "", /cosignature by its key/);
  assert.equal(existsSync(anchored(folderOf(stage.stateDir, log), 2)), false);
  await log.close();
});

test("a log that a witness knows to be longer is damaged", async (t) => {
  const stage = setLogStage(t);
  const { anchor, witness } = await startWitness(t);
  const first = await stage.open({ rootKey, anchors: [anchor] });
  await until(() => existsSync(anchored(folderOf(stage.stateDir, first), 2)));
  await first.close();
  witness.size += 1;
  const second = await stage.open({ rootKey, anchors: [anchor] });
  assert.notEqual(second.origin, first.origin);
  assert.equal(second.isWritable, false);
  await second.close();
});

test("a directory gets checkpoints by log and size, and the log keeps a copy", async (t) => {
  const stage = setLogStage(t);
  const outside = join(stage.stateDir, "outside");
  const log: RecordLog = await stage.open({
    anchors: [createDirectoryAnchor("copy", outside)],
  });
  await log.close();
  const { size = 0, note } = log.durable?.checkpoint ?? {};
  const name = `${String(size).padStart(12, "0")}.checkpoint`;
  assert.equal(readFileSync(join(outside, log.origin, name), "utf8"), note);
  const copy = join(folderOf(stage.stateDir, log), "anchors/copy", name);
  assert.equal(readFileSync(copy, "utf8"), note);
});
