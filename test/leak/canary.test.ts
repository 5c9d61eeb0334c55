/**
 * Plants secrets in every place a caller or an upstream has, with everything logged that can be, and
 * looks for them afterwards in all that a server leaves behind: its files, its output, its pages, the
 * access log of the proxy, and the answers it made itself.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { findCanaries, type Remnant, startCanaryStage } from "../support/canary-stage.ts";
import { type Call, callOnce, openCall, sendRaw } from "../support/client-call.ts";
import { Draw } from "../support/draw.ts";
import { makeDirectory } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import {
  type PlantedValue,
  plantedValues,
  sentenceWith as textOf,
  unknownWords,
} from "../support/planted-values.ts";
import { createTokenIssuer, type TokenIssuer } from "../support/token-issuer.ts";
import type { Script } from "../support/upstream-script.ts";

const chat = "/v1/chat/completions";
const messages = "/v1/messages";

/** A call with a value in it, and what the upstream says to that. */
interface Visit {
  readonly call: Call;
  readonly script?: Script;
}

function asking(content: unknown, more: object = {}): string {
  return JSON.stringify({ model: "large", messages: [{ role: "user", content }], ...more });
}

/** What a caller can put a value into. */
function callsWith(planted: PlantedValue): readonly Visit[] {
  const text = textOf(planted);
  const line = text.replaceAll("\n", " ");
  const bodies: readonly (string | Buffer)[] = [
    asking(text),
    asking("hi", { user: text, metadata: { [text]: text } }),
    // The name of a model is on record, unless a value is found in it.
    ...(planted === unknownWords ? [] : [asking("hi", { model: text })]),
    asking("hi", { [text]: 1, stream: text }),
    `{"model":"large","model":${JSON.stringify(text)},"messages":[]}`,
    asking(text).slice(0, -3),
    `${text} is no JSON`,
    Buffer.from(asking(text), "utf16le"),
    asking(`${text} ${"x".repeat(200_000)}`),
  ];
  return [
    ...bodies.map((body): Visit => ({ call: { body } })),
    { call: { path: messages, body: asking(text, { max_tokens: 9, system: text }) } },
    { call: { body: gzipSync(asking(text)), headers: { "content-encoding": "gzip" } } },
    { call: { body: asking(text), headers: { "content-encoding": "gzip" } } },
    { call: { path: `${chat}?key=${encodeURIComponent(line)}`, body: asking("hi") } },
    { call: { path: `/v1/${encodeURIComponent(line)}`, body: asking("hi") } },
    { call: { path: `/v1/files/${encodeURIComponent(line)}`, method: "GET" } },
    ...[
      "authorization",
      "x-api-key",
      "x-note",
      "user-agent",
      "x-tenant",
      "x-chancery-decision",
    ].map((name): Visit => ({ call: { body: asking("hi"), headers: { [name]: line } } })),
    {
      call: { body: asking("hi"), headers: { "content-type": `application/json; note="${line}"` } },
    },
    { call: { body: asking("hi"), headers: { traceparent: line, "x-request-id": line } } },
    { call: { body: [asking("hi")], trailers: { "x-note": line } } },
  ];
}

/** What an upstream can put a value into. */
function answersWith(planted: PlantedValue): readonly Visit[] {
  const text = textOf(planted);
  const line = text.replaceAll("\n", " ");
  const quoted = JSON.stringify(text);
  const call: Call = { body: asking("hi") };
  const streamed: Call = { body: asking("hi", { stream: true }) };
  const error = `{"error":{"message":${quoted},"type":${quoted}}}`;
  return [
    { call, script: { text } },
    { call: { ...call, path: messages }, script: { text } },
    { call, script: { raw: [`{"choices":[{"finish_reason":${quoted}}],"model":${quoted}}`] } },
    { call, script: { raw: [error], status: 400 } },
    { call, script: { raw: [error.slice(0, -4)], status: 500 } },
    { call, script: { raw: [text], headers: { "content-type": "text/plain" }, status: 502 } },
    { call, script: { raw: [text], headers: { "content-type": `image/${line.slice(0, 20)}` } } },
    { call, script: { raw: [text], headers: { "content-encoding": "gzip" } } },
    { call, script: { text: "so", headers: { "x-note": line, "retry-after": line } } },
    { call, script: { text: "so", trailers: { "x-note": line } } },
    { call: streamed, script: { text, deltaChars: 4 } },
    { call: { ...streamed, path: messages }, script: { text, deltaChars: 4 } },
    { call: streamed, script: { raw: [`data: ${error}\n\n`], isStream: true } },
    { call: streamed, script: { raw: [`data: {"x":${quoted}`], isStream: true } },
    {
      call: streamed,
      script: { raw: [`event: ${line}\n: ${line}\ndata: {"\n\n`], isStream: true },
    },
    { call: streamed, script: { text: `${text} ${text}`, deltaChars: 3, cutAfterPieces: 8 } },
  ];
}

/** What an author wrote into a policy is told to callers, and to nobody else. */
const told = plantedValues(12)[0] as PlantedValue;
const policies = stagePolicies.map((file) => ({
  ...file,
  text: file.text.replace("Credentials must not be sent to a model.", told.value),
}));

/** Signs in as the app `acme/bot`, with more claims. */
const issuerName = "https://id.example";
const claims = { sub: "ann@acme.example", tenant: "acme", app: "bot", department: "fraud" };
const jwtPolicies = stagePolicies.map((file) => ({
  ...file,
  text: file.text
    .replace("spec: { fallback: deny }", "spec: { fallback: deny, identity: [{ source: jwt }] }")
    .replace(/(name: bot, namespace: acme }\n)spec: {}/, "$1spec: { selectors: { clients: [b] } }"),
}));

describe("planted secrets", { timeout: 120_000 }, () => {
  test("turn up in nothing a server writes, prints, shows or answers", async (t) => {
    const stage = await startCanaryStage(t, {
      policies,
      lines: ["limits: { bodyBytesMax: 131072 }"],
    });
    const values = plantedValues(11);
    const answers: Remnant[] = [];
    let exchanges = 0;
    for (const planted of [...values, unknownWords]) {
      const visits = [...callsWith(planted), ...answersWith(planted)];
      exchanges += visits.length;
      for (const { call, script } of visits) {
        stage.upstream.answerWith(script ?? { text: "so" });
        const { text, headers } = await callOnce(stage.baseUrl, call);
        answers.push([`answer ${answers.length}`, `${text}\n${JSON.stringify(headers)}`]);
      }
      answers.push(["a broken request", await breakOff(stage.baseUrl, planted)]);
      const page = encodeURIComponent(textOf(planted));
      const admin = await fetch(`${stage.server.adminUrl}/${page}`);
      answers.push(["an unknown page", await admin.text()]);
    }
    assert.ok(
      answers.some(([, text]) => text.includes(told.value)),
      "no caller was told",
    );
    const remnants = await stage.remnants(exchanges);
    const elsewhere = remnants.filter(([place]) => !place.startsWith("/snapshots/"));
    assert.deepEqual(
      [
        ...findCanaries([...answers, ...remnants], values),
        ...findCanaries(elsewhere, [told]),
        // Callers and upstreams hear of it: nothing is wrong with it.
        ...findCanaries(remnants, [unknownWords]),
      ],
      [],
    );
  });

  test("in tokens, claims and the provider's key turn up in nothing either", async (t) => {
    const directory = await makeDirectory(t);
    const issuer = createTokenIssuer(issuerName);
    const jwksPath = join(directory, "jwks.json");
    const keyFile = join(directory, "provider.key");
    const values = plantedValues(13);
    const providerKey = { type: "the provider's key", value: new Draw(5).text("abcdef0123", 40) };
    await writeFile(jwksPath, issuer.jwks);
    await writeFile(keyFile, providerKey.value);
    const stage = await startCanaryStage(t, {
      identity: "null",
      policies: jwtPolicies,
      lines: [
        `providers: { cloud: { credential: { file: ${keyFile} } } }`,
        "audit: { recordClaims: [department] }",
      ],
      bootstrap: { tokens: { issuer: issuerName, jwksPath } },
    });
    stage.upstream.answerWith({ text: "so" });
    const answers: Remnant[] = [];
    const tokens: { type: string; value: string }[] = [];
    for (const { value } of values) {
      for (const token of tokensWith(issuer, value)) {
        const headers = { authorization: `Bearer ${token}` };
        const { status, text } = await callOnce(stage.baseUrl, { body: asking("hi"), headers });
        answers.push([`answer ${answers.length} with ${status}`, text]);
        // The edges of all tokens are alike, so the signature is looked for.
        tokens.push({ type: "a token", value: token.split(".").at(-1) ?? token });
      }
    }
    const [seen] = stage.upstream.requests;
    assert.equal(seen?.headers.authorization, `Bearer ${providerKey.value}`);
    const remnants = await stage.remnants(answers.length);
    const listed = '"principal.claims.department":"fraud"';
    assert.ok(
      remnants.some(([, text]) => text.includes(listed)),
      "no claim was recorded",
    );
    const sought = [...values, ...tokens, providerKey];
    assert.deepEqual(findCanaries([...answers, ...remnants], sought), []);
  });
});

/** Tokens that are valid, forged, and of nobody known, with a value among their claims. */
function tokensWith(issuer: TokenIssuer, value: string): readonly string[] {
  return [
    issuer.issue({ ...claims, sub: value, email: value, name: value, jti: value, [value]: value }),
    issuer.issue({ ...claims, tenant: value }),
    issuer.issue({ ...claims, app: value, azp: value }),
    createTokenIssuer(issuerName).issue({ ...claims, sub: value }),
  ];
}

/** Requests that end in the middle, of their body or of their head. */
async function breakOff(baseUrl: string, planted: PlantedValue): Promise<string> {
  const call = openCall(baseUrl);
  call.write(asking(textOf(planted)).slice(0, -3));
  call.leave();
  await call.answer;
  const head = `POST ${chat} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\nx: ${textOf(planted)}`;
  return sendRaw(baseUrl, `${head}\r\n\r\n`, { leaves: true });
}
