import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const email = "jane.roe@example.org";
const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const modes = ["FULL_DUPLEX_STREAMED", "STREAMED"] as const;

const event = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
const json = (content: string) =>
  JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content } }] });

function begin(mode: (typeof modes)[number], headers: Record<string, string>) {
  const stage = setExchangeStage();
  const proxy = new FakeProxy(stage.open, { response: mode });
  proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions" });
  proxy.requestBody(JSON.stringify({ model: "large", messages: [] }));
  proxy.responseHeaders({ ":status": "200", ...headers });
  return { proxy, stage };
}

const claims: readonly Record<string, string>[] = [
  {},
  { "content-type": "application/json" },
  { "content-type": "text/plain; charset=utf-8" },
  { "content-type": "application/octet-stream" },
];

for (const mode of modes) {
  describe(`under ${mode} an answer that says it is no event stream`, () => {
    test("runs where it begins as one", () => {
      for (const headers of claims) {
        for (const start of [
          "",
          "\uFEFF",
          "\n",
          "\r\n",
          ": hi\n\n",
          "id: 1\n",
          "retry: 5\r",
          "event: x\n",
        ]) {
          const { proxy, stage } = begin(mode, headers);
          proxy
            .responseBody(`${start}${event("Hello ")}`, false)
            .responseBody(event("you "), false);
          assert.ok(proxy.response.body.includes(`${start}${event("Hello ")}`));
          proxy.responseBody("");
          assert.equal(
            proxy.response.body.toString(),
            `${start}${event("Hello ")}${event("you ")}`,
          );
          assert.equal(stage.records[1]?.end, "complete");
          proxy.assertNothingOwed();
        }
      }
    });

    test("is held until it is whole where it does not", () => {
      for (const headers of claims.slice(0, 2)) {
        const body = json(`Ask ${email}.`);
        const { proxy, stage } = begin(mode, headers);
        proxy.responseBody(body.slice(0, 30), false);
        assert.equal(proxy.response.body.length, 0);
        proxy.responseBody(body.slice(30));
        assert.equal(proxy.response.body.toString(), json("Ask [EMAIL]."));
        assert.equal(stage.records[1]?.end, "complete");
        proxy.assertNothingOwed();
      }
    });

    test("is told apart however its first bytes are cut", () => {
      const { proxy } = begin(mode, {});
      const bytes = Buffer.from(`\uFEFF\r\nevent: x\n${event(`Ask ${email}. `)}`);
      for (const byte of bytes) proxy.responseBody(Buffer.from([byte]), false);
      proxy.responseBody("");
      const { body } = proxy.response;
      assert.equal(body.toString(), bytes.toString().replace(email, "[EMAIL]"));
      const other = begin(mode, {});
      for (const byte of Buffer.from("dates are fruits")) {
        other.proxy.responseBody(Buffer.from([byte]), false);
      }
      other.proxy.responseBody("");
      assert.equal(other.proxy.response.body.toString(), "dates are fruits");
    });

    test("is whole where it is over before it could be told", () => {
      for (const body of ["", "\n", "data", "ev"]) {
        const { proxy, stage } = begin(mode, {});
        proxy.responseBody(body);
        assert.equal(proxy.response.body.toString(), body);
        assert.equal(stage.records[1]?.end, "complete");
      }
    });

    test("is cut at a secret once it runs", () => {
      const { proxy, stage } = begin(mode, {});
      proxy.responseBody(event("Take the token "), false);
      proxy.responseBody(`${event(secret)}${event(" there. ")}`, false);
      assert.match(proxy.response.body.toString(), /secret_detected/);
      assert.equal(proxy.response.isEnded, mode === "FULL_DUPLEX_STREAMED");
      assert.ok(!proxy.response.body.includes("ghp_"));
      assert.equal(stage.records[1]?.end, "cut");
    });
  });
}

test("a secret in an answer that is whole still changes its status", () => {
  const { proxy } = begin("FULL_DUPLEX_STREAMED", {});
  proxy.responseBody(json(secret));
  assert.equal(proxy.immediate?.status, 403);
});

test("trailers behind a few first bytes are judged with them, or refused where they cannot be", () => {
  const duplex = begin("FULL_DUPLEX_STREAMED", {});
  duplex.proxy.responseBody("dat", false).event({ kind: "response_trailers" });
  assert.equal(duplex.proxy.response.body.toString(), "dat");
  duplex.proxy.assertNothingOwed();
  const streamed = begin("STREAMED", {});
  streamed.proxy.responseBody("dat", false).event({ kind: "response_trailers" });
  assert.equal(streamed.proxy.error?.message, "trailers_after_hold");
  assert.deepEqual(streamed.stage.faults, ["trailers_after_hold"]);
});

const asStream = { "content-type": "text/event-stream" };

for (const mode of modes) {
  test(`JSON that says it is an event stream is judged as JSON under ${mode}`, () => {
    const tokens = { content: [{ token: "jane.roe@" }, { token: "example.org" }] };
    const choice = { index: 0, message: { content: `Ask ${email}.` }, logprobs: tokens };
    const { proxy, stage } = begin(mode, asStream);
    const body = JSON.stringify({ choices: [choice], usage: { prompt_tokens: 7 } });
    proxy.responseBody(body.slice(0, 50), false).responseBody(body.slice(50));
    const answer = JSON.parse(proxy.response.body.toString());
    assert.equal(answer.choices[0].message.content, "Ask [EMAIL].");
    assert.ok(!proxy.response.body.includes("jane"));
    assert.equal(stage.records[1]?.end, "complete");
    assert.ok(stage.records[1]?.["usage"]);
    proxy.assertNothingOwed();
  });

  test(`and ends in an error event under ${mode} where it names a secret`, () => {
    const { proxy, stage } = begin(mode, asStream);
    proxy.responseBody(json(secret));
    assert.match(proxy.response.body.toString(), /^data: \{"error".*secret_detected/);
    assert.ok(!proxy.response.body.includes("ghp_"));
    assert.equal(stage.records[1]?.end, "cut");
  });
}

test("what of an event has come counts as held, until it leaves", () => {
  const { proxy, stage } = begin("FULL_DUPLEX_STREAMED", asStream);
  proxy.responseBody(event("Hello ").slice(0, 30), false);
  assert.equal(stage.deps.heldBytes.total, 30);
  proxy.responseBody(event("Hello ").slice(30));
  assert.equal(stage.deps.heldBytes.total, 0);
});

test("the events of one piece leave in one answer", () => {
  const { proxy } = begin("FULL_DUPLEX_STREAMED", { "content-type": "text/event-stream" });
  const before = proxy.commands.length;
  proxy.responseBody(["One ", "two ", "three ", "four "].map(event).join(""), false);
  assert.equal(proxy.commands.length, before + 1);
  proxy.responseBody(event("five "));
  assert.equal(proxy.commands.length, before + 2);
});
