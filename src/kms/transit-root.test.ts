import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { createAuthority } from "../../test/support/certificates.ts";
import { startLoopbackServer } from "../../test/support/loopback-server.ts";
import { startTransitServer, type TransitServer } from "../../test/support/transit-server.ts";
import {
  checkNote,
  parseNote,
  parseVerifierKey,
  renameRoot,
  renameVerifier,
  signAsRoot,
} from "../signing/index.ts";
import { openTransitRoot, type TransitKey } from "./index.ts";

const name = "gov.acme.example/root";
const readKey = "GET /v1/transit/keys/audit-root";
const signWith = "POST /v1/transit/sign/audit-root";
const quick = { callMs: 5_000, restsMs: [1, 1] };

function keyOf(server: TransitServer, other: Partial<TransitKey> = {}): TransitKey {
  return {
    ...{ address: server.url, tokenFile: server.tokenFile, namespace: undefined },
    ...{ tls: {}, key: "audit-root", mount: "transit", version: undefined },
    ...other,
  };
}

/** What comes of opening a root, which must not: its code and message. */
async function refusalOf(key: TransitKey, patience = quick) {
  const error = await openTransitRoot(key, name, patience).then(
    () => assert.fail("expected no root"),
    (reason: Error & { code?: string }) => reason,
  );
  const told = `${error.code} ${error.message}`;
  assert.doesNotMatch(`${told} ${error.stack} ${String(error.cause)}`, /correct-horse/);
  return told;
}

test("a root in a service signs notes that its verifier key verifies, under any name", async (t) => {
  const server = await startTransitServer(t);
  const root = await openTransitRoot(keyOf(server, { namespace: "platform/audit" }), name, quick);
  const verifier = parseVerifierKey(root.verifierKey);
  assert.ok(verifier);
  assert.equal(verifier.name, name);
  const note = parseNote(await signAsRoot("one\ntwo\n", root));
  assert.ok(note);
  assert.equal(checkNote(note, verifier), "signed");
  const origin = "gov.acme.example/eu1/0/5f0c2a91";
  const anchored = parseNote(await signAsRoot("one\n", renameRoot(root, origin)));
  assert.ok(anchored);
  assert.equal(checkNote(anchored, renameVerifier(verifier, origin)), "signed");
  assert.deepEqual(server.complaints, []);
  assert.deepEqual(new Set(server.namespaces), new Set(["platform/audit"]));
  assert.deepEqual(server.calls, [readKey, signWith, signWith, signWith]);
});

test("a root that cannot sign is found when it is opened, not when it is needed", async (t) => {
  const server = await startTransitServer(t);
  server.bend = (answer, call) => (call === signWith ? { status: 403 } : answer);
  assert.match(await refusalOf(keyOf(server)), /^kms_denied .* `update` on its `sign`/);
});

test("a service that is away is asked again, and then said to be away", async (t) => {
  const server = await startTransitServer(t);
  let left = 2;
  server.bend = (answer) => (left-- > 0 ? { status: 503 } : answer);
  await openTransitRoot(keyOf(server), name, quick);
  assert.deepEqual(server.calls, [readKey, readKey, readKey, signWith]);
  server.bend = () => ({ status: 503 });
  assert.match(await refusalOf(keyOf(server)), /^kms_away expected status 200 .*, found 503/);
  await server.stop();
  assert.match(await refusalOf(keyOf(server)), /^kms_away expected an answer of http:/);
  await server.start();
  server.bend = undefined;
  await openTransitRoot(keyOf(server), name, quick);
});

test("a call that gets no answer ends at its deadline, or when nobody waits any more", async (t) => {
  const server = await startTransitServer(t);
  const root = await openTransitRoot(keyOf(server), name, quick);
  const held = Promise.withResolvers<void>();
  t.after(() => held.resolve());
  server.held = held.promise;
  const told = await refusalOf(keyOf(server), { callMs: 20, restsMs: [1] });
  assert.match(told, /^kms_away expected an answer/);
  // A head without the rest is no answer either.
  const stalled = await startLoopbackServer(t, (_, response) => response.write("{"));
  const impatient = { callMs: 20, restsMs: [] };
  const half = await refusalOf(keyOf(server, { address: stalled.url }), impatient);
  assert.match(half, /^kms_away expected an answer/);
  const gone = new AbortController();
  const signing = Promise.resolve(root.sign(Buffer.from("x\n"), gone.signal));
  gone.abort();
  await assert.rejects(signing);
});

test("a refusal is not asked about again", async (t) => {
  const server = await startTransitServer(t);
  server.bend = () => ({ status: 403 });
  assert.match(await refusalOf(keyOf(server)), /^kms_denied .*denies it to the token in /);
  server.bend = () => ({ status: 404 });
  const inNamespace = keyOf(server, { namespace: "audit" });
  assert.match(await refusalOf(inNamespace), /^kms_unfit .*no such key or mount in the namespace/);
  server.bend = () => ({ status: 307 });
  assert.match(await refusalOf(keyOf(server)), /^kms_invalid expected status 200 .*, found 307/);
  assert.equal(server.calls.length, 3);
});

test("only a key of Ed25519 that is not derived can be a root", async (t) => {
  const server = await startTransitServer(t);
  server.facts["type"] = "rsa-2048";
  assert.match(await refusalOf(keyOf(server)), /^kms_unfit .* type ed25519, found type rsa-2048/);
  server.facts["type"] = "hvs.correct-horse-battery-staple";
  assert.match(await refusalOf(keyOf(server)), /found type unknown/);
  Object.assign(server.facts, { type: "ed25519", derived: true });
  assert.match(await refusalOf(keyOf(server)), /found one that is derived/);
});

test("a rotated key is another root: which version it is has to be said, and that one signs", async (t) => {
  const server = await startTransitServer(t);
  const first = await openTransitRoot(keyOf(server), name, quick);
  server.rotate();
  assert.match(
    await refusalOf(keyOf(server)),
    /^kms_unfit audit-root was rotated to version 2, .*: name the one that .* as `version`/,
  );
  // What runs goes on with the version it began with.
  await first.sign(Buffer.from("x\n"));
  const pinned = await openTransitRoot(keyOf(server, { version: 1 }), name, quick);
  assert.equal(pinned.verifierKey, first.verifierKey);
  const next = await openTransitRoot(keyOf(server, { version: 2 }), name, quick);
  assert.notEqual(next.verifierKey, first.verifierKey);
  assert.match(await refusalOf(keyOf(server, { version: 3 })), /has no version 3, the latest is 2/);
  server.facts["min_encryption_version"] = 2;
  assert.match(
    await refusalOf(keyOf(server, { version: 1 })),
    /^kms_unfit version 1 of audit-root may not sign any more/,
  );
  assert.deepEqual(server.complaints, []);
});

test("of a key that is gone, or may not sign any more, that is said and not what status it gives", async (t) => {
  const server = await startTransitServer(t);
  const root = await openTransitRoot(keyOf(server), name, quick);
  const signing = () => Promise.resolve(root.sign(Buffer.from("x\n")));
  // So OpenBao 2.5 answers.
  server.bend = (answer, call) => (call === signWith ? { status: 500 } : answer);
  await assert.rejects(signing(), { code: "kms_away", message: /found 500$/ });
  server.rotate();
  server.facts["min_encryption_version"] = 2;
  await assert.rejects(signing(), { code: "kms_unfit", message: /may not sign any more/ });
  server.bend = (_, call) => ({ status: call === signWith ? 400 : 404 });
  await assert.rejects(signing(), { code: "kms_unfit", message: /knows no such key/ });
});

test("a signature by another version, or one that does not verify, is never used", async (t) => {
  const server = await startTransitServer(t);
  const root = await openTransitRoot(keyOf(server), name, quick);
  const answered = (change: (signature: string) => string) => {
    server.bend = (answer) => {
      const { signature } = answer.data as { signature: string };
      return { status: 200, data: { signature: change(signature) } };
    };
    return Promise.resolve(root.sign(Buffer.from("x\n")));
  };
  await assert.rejects(
    answered((signature) => signature.replace(":v1:", ":v2:")),
    { code: "kms_invalid", message: "expected a signature by version 1, found one by 2" },
  );
  const forged = Buffer.alloc(64, 7).toString("base64");
  await assert.rejects(
    answered(() => `vault:v1:${forged}`),
    { code: "unverified_signature" },
  );
  for (const malformed of ["", "vault:v1:", `vault:v01:${forged}`, `vault:v1:${forged}=`]) {
    await assert.rejects(
      answered(() => malformed),
      { code: "kms_invalid" },
    );
  }
});

test("answers that no such service gives are refused, and not quoted", async (t) => {
  const server = await startTransitServer(t);
  for (const data of ["hvs.correct-horse", undefined, {}, { type: "ed25519" }]) {
    server.bend = () => ({ status: 200, data });
    assert.match(await refusalOf(keyOf(server)), /^kms_(?:invalid|unfit) expected /);
  }
  const version = (publicKey: string) => ({ keys: { 1: { public_key: publicKey } } });
  for (const publicKey of ["", "AAAA", "correct-horse"]) {
    server.bend = () => ({
      status: 200,
      data: { type: "ed25519", latest_version: 1, ...version(publicKey) },
    });
    assert.match(await refusalOf(keyOf(server)), /^kms_invalid expected the public key/);
  }
  server.bend = () => ({ status: 200, data: { filler: "x".repeat(300_000) } });
  assert.match(await refusalOf(keyOf(server)), /^kms_invalid expected an answer of at most/);
});

test("the token is read for each call, so that a renewed one counts", async (t) => {
  const server = await startTransitServer(t);
  const root = await openTransitRoot(keyOf(server), name, quick);
  writeFileSync(server.tokenFile, "hvs.renewed\n");
  await assert.rejects(Promise.resolve(root.sign(Buffer.from("x\n"))), { code: "kms_denied" });
  assert.equal(server.tokens.at(-1), "hvs.renewed");
  writeFileSync(server.tokenFile, "two correct-horse words\n");
  assert.match(await refusalOf(keyOf(server)), /^kms_denied expected one word, a token, in /);
  const nowhere = keyOf(server, { tokenFile: "/nowhere/token" });
  assert.match(await refusalOf(nowhere), /^kms_denied the token file \/nowhere\/token cannot/);
});

test("only a server that the authority vouches for is told the token, and it may ask who we are", async (t) => {
  const vault = await startTransitServer(t);
  const folder = dirname(vault.tokenFile);
  const authority = await createAuthority(folder);
  const { cert, key } = await authority.issue(["IP:127.0.0.1"]);
  const asking = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const front = createServer(asking, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const answer = await fetch(`${vault.url}${request.url}`, {
      method: request.method ?? "",
      headers: {
        "x-vault-token": String(request.headers["x-vault-token"]),
        "x-vault-request": "true",
        ...(parts.length > 0 && { "content-type": "application/json" }),
      },
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  t.after(() => front.close());
  const address = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const other = await createAuthority(folder);
  const foreign = keyOf(vault, { address, tls: { caFile: other.certificatePath } });
  assert.match(await refusalOf(foreign), /^kms_away expected an answer of https:/);
  assert.deepEqual(vault.tokens, []);
  const { certificatePath: certFile, keyPath: keyFile } = await authority.issue(["DNS:chancery"]);
  const ours = { certFile, keyFile };
  const own = keyOf(vault, { address, tls: { caFile: authority.certificatePath, ...ours } });
  await openTransitRoot(own, name, quick);
  const nameless = keyOf(vault, { address, tls: { caFile: authority.certificatePath } });
  assert.match(await refusalOf(nameless), /^kms_away expected an answer of https:/);
  const missing = keyOf(vault, { address, tls: { caFile: join(folder, "none.pem") } });
  assert.match(await refusalOf(missing), /^kms_denied the CA file .* cannot be read/);
});
