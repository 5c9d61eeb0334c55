import type { SeenRequest } from "../test/support/upstream.ts";
import type { Outcome, Scene } from "./scene.ts";
import { receivedText, type Seen, type ShownRecord, type Stage } from "./stage.ts";

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
      const running = stage.chat(asked, resolve);
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

interface Asked {
  readonly sent: string;
  readonly model: string;
  readonly stream?: boolean;
}

async function show(stage: Stage, asked: Asked): Promise<Outcome> {
  const before = { cloud: stage.cloud.requests.length, local: stage.local.requests.length };
  const seen = await stage.chat(bodyOf(asked));
  const decision = seen.headers.get("x-chancery-decision") ?? "";
  const records = await stage.records(decision);
  const named = (server: "cloud" | "local") => (request: SeenRequest) => ({
    server,
    text: receivedText(request),
  });
  return {
    sent: asked.sent,
    received: [
      ...stage.cloud.requests.slice(before.cloud).map(named("cloud")),
      ...stage.local.requests.slice(before.local).map(named("local")),
    ],
    got: contentOf(seen),
    status: seen.status,
    verdict: strictest(records),
    rule: rulesOf(records),
    decision,
  };
}

function bodyOf({ model, sent, stream }: Asked): object {
  const messages = [{ role: "user", content: sent }];
  return { model, messages, ...(stream === true ? { stream } : {}) };
}

/** What a client would show its user: the text, or the error. */
function contentOf({ text }: Seen): string {
  if (!text.startsWith("data:")) {
    const body = JSON.parse(text) as AnswerBody;
    return body.error === undefined ? textOf(body) : `${body.error.type}: ${body.error.message}`;
  }
  const events = text
    .split("\n\n")
    .map((event) => event.replace(/^data: /, ""))
    .filter((data) => data !== "" && data !== "[DONE]")
    .map((data) => JSON.parse(data) as AnswerBody);
  const error = events.find((event) => event.error !== undefined)?.error;
  const words = events.map(textOf).join("");
  const pieces = events.filter((event) => textOf(event) !== "").length;
  return error === undefined
    ? `${words} (${pieces} events)`
    : `${words} ... error: ${error.message}`;
}

interface AnswerBody {
  readonly choices?: readonly {
    readonly message?: { readonly content: string };
    readonly delta?: { readonly content?: string };
  }[];
  readonly error?: { readonly type: string; readonly message: string };
}

function textOf({ choices }: AnswerBody): string {
  return choices?.[0]?.message?.content ?? choices?.[0]?.delta?.content ?? "";
}

function strictest(records: readonly ShownRecord[]): string {
  const order = ["deny", "redact", "warn", "allow"];
  return order.find((verdict) => records.some((record) => record.verdict === verdict)) ?? "none";
}

function rulesOf(records: readonly ShownRecord[]): string {
  const rules = new Set<string>();
  for (const record of records) {
    for (const { by } of Object.values(record.obligations?.redact ?? {})) rules.add(by);
  }
  const decisive = records.findLast(({ verdict }) => verdict === "deny") ?? records[0];
  if (decisive?.decidedBy !== undefined) rules.add(decisive.decidedBy);
  return rules.size > 0 ? [...rules].join(", ") : `none (${decisive?.reason ?? "no record"})`;
}
