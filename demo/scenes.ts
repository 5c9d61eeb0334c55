import { forgedHeaders, liveEdit, toolArguments, twoTenants } from "./governing-scenes.ts";
import type { Scene } from "./scene.ts";
import { bodyOf, contentOf, show } from "./show.ts";
import { receivedText } from "./stage.ts";

const email = "jane.roe@example.org";
const card = "4111 1111 1111 1111";
/** Right in shape, and given to nobody. */
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;

/** The scenes in the order they are played; the last one ends the server. */
export const scenes: readonly Scene[] = [
  {
    title: "A masked request",
    claim: "The model server gets masks instead of the e-mail address and the card number.",
    async play(stage) {
      stage.cloud.answerWith({ text: "I have written it down." });
      const sent = `Write to ${email}, card ${card}.`;
      return show(stage, { sent, model: "cloud/large" });
    },
    differences: ({ received, status, verdict }) => [
      ...(status === 200 ? [] : ["expected status 200"]),
      ...(verdict === "redact" ? [] : ["expected verdict redact"]),
      ...(received.length === 1 ? [] : ["expected one request upstream"]),
      ...(received.some(({ text }) => text.includes(email) || text.includes("4111"))
        ? ["a value reached the model server"]
        : []),
      ...(received.some(({ text }) => text.includes("[EMAIL]") && text.includes("[CREDIT_CARD]"))
        ? []
        : ["expected both masks upstream"]),
    ],
  },
  {
    title: "A masked stream",
    claim:
      "The model answers in events of four characters; the address never reaches the client, " +
      "though no single event holds it.",
    async play(stage) {
      stage.cloud.answerWith({ text: `You can reach her at ${email} any time.`, deltaChars: 4 });
      return show(stage, { sent: "How do I reach Jane?", model: "cloud/large", stream: true });
    },
    differences: ({ got, status, verdict }) => [
      ...(status === 200 ? [] : ["expected status 200"]),
      ...(verdict === "redact" ? [] : ["expected verdict redact"]),
      ...(got.startsWith("You can reach her at [EMAIL] any time.")
        ? []
        : ["expected the masked answer"]),
    ],
  },
  {
    title: "A refused secret",
    claim:
      "A request with a credential is refused in the caller's own error shape; no model sees it.",
    async play(stage) {
      return show(stage, { sent: `Why does ${token} not work?`, model: "cloud/large" });
    },
    differences: ({ got, received, status, verdict }) => [
      ...(status === 403 ? [] : ["expected status 403"]),
      ...(verdict === "deny" ? [] : ["expected verdict deny"]),
      ...(received.length === 0 ? [] : ["the request reached a model server"]),
      ...(got.includes("permission_error") ? [] : ["expected OpenAI's error shape"]),
    ],
  },
  {
    title: "A secret in a running answer",
    claim: "The stream ends with an error event before the credential; the upstream is stopped.",
    async play(stage) {
      const text = `Sure. The deploy token is ${token}, ${"and so on ".repeat(200)}`;
      stage.cloud.answerWith({ text, deltaChars: 6, paceMs: 2 });
      const asked = { sent: "What was the token again?", model: "cloud/large", stream: true };
      const outcome = await show(stage, asked);
      const upstream = await stage.cloud.requests.at(-1)?.ended;
      return { ...outcome, got: `${outcome.got} (upstream ${upstream})` };
    },
    differences: ({ got, status, verdict }) => [
      ...(got.endsWith("(upstream cut)") ? [] : ["expected the upstream to be stopped"]),
      ...(status === 200 ? [] : ["expected status 200, the stream was running"]),
      ...(verdict === "deny" ? [] : ["expected verdict deny"]),
      ...(got.includes("ghp_") ? ["a part of the credential reached the client"] : []),
      ...(got.includes("error:") ? [] : ["expected an error event"]),
    ],
  },
  {
    title: "An alias, routed",
    claim: "The caller asks for `fast`; the catalog sends it to the other model server.",
    async play(stage) {
      stage.local.answerWith({ text: "Hello from next door." });
      return show(stage, { sent: "Hello.", model: "fast" });
    },
    differences: ({ received, status, verdict }) => [
      ...(status === 200 ? [] : ["expected status 200"]),
      ...(verdict === "allow" ? [] : ["expected verdict allow"]),
      ...(received.length === 1 && received[0]?.server === "local"
        ? []
        : ["expected the local server"]),
      ...(received[0]?.text.includes("(model small)") === true
        ? []
        : ["expected the model's own name"]),
    ],
  },
  {
    title: "A model nobody approved",
    claim: "The catalog knows the model, no rule permits it: nothing is the default but no.",
    async play(stage) {
      return show(stage, { sent: "Hello.", model: "cloud/preview" });
    },
    differences: ({ received, status, verdict }) => [
      ...(status === 403 ? [] : ["expected status 403"]),
      ...(verdict === "deny" ? [] : ["expected verdict deny"]),
      ...(received.length === 0 ? [] : ["the request reached a model server"]),
    ],
  },
  toolArguments,
  twoTenants,
  liveEdit,
  forgedHeaders,
  {
    title: "The server dies in mid-flight",
    claim:
      "Chancery is killed while an answer streams. The running answer breaks off without the " +
      "address, and the next request gets an error and reaches no model server.",
    async play(stage) {
      const text = `One moment, please, while I look that up. It is ${email}.`;
      const { promise: isRunning, resolve } = Promise.withResolvers<void>();
      const { promise: goOn, resolve: release } = Promise.withResolvers<void>();
      const beforePiece = (index: number) => (index < 8 ? undefined : goOn);
      stage.cloud.answerWith({ text, deltaChars: 4, beforePiece });
      const asked = bodyOf({ sent: "Where is Jane?", model: "cloud/large", stream: true });
      const running = stage.chat(asked, { onFirstBytes: resolve });
      await isRunning;
      await stage.killServer();
      release();
      const first = await running;
      const before = stage.cloud.requests.length + stage.local.requests.length;
      const second = await stage.chat(bodyOf({ sent: `And now? ${email}`, model: "cloud/large" }));
      const passed = [...stage.cloud.requests, ...stage.local.requests].slice(before);
      return {
        sent: `Where is Jane? (running), then: And now? ${email}`,
        received: passed.map((request) => ({ server: "cloud", text: receivedText(request) })),
        got: `first: ${contentOf(first)} ${first.status === 0 ? "(broken off)" : ""}; then: ${second.status}`,
        status: second.status,
        verdict: "none: fail closed",
        rule: "no server, no pass",
        decision: "none for the second request",
      };
    },
    differences: ({ got, received, status }) => [
      ...(status >= 500 ? [] : ["expected an error of the proxy"]),
      ...(got.includes("(broken off)") ? [] : ["expected the running answer to break off"]),
      ...(received.length === 0 ? [] : ["a request passed without a server"]),
      ...(got.includes(email) ? ["the address reached the client"] : []),
    ],
  },
];
