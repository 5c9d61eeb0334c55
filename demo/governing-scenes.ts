import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Outcome, Scene } from "./scene.ts";
import { bodyOf, contentOf, show } from "./show.ts";
import type { Seen, Stage } from "./stage.ts";

const email = "jane.roe@example.org";
const reloadDeadlineMs = 10_000;

/** Values inside the JSON of a tool call. */
export const toolArguments: Scene = {
  title: "Arguments of a tool call",
  claim:
    "The model calls a tool with an address in it, spelled with an escape. The client gets JSON that " +
    "parses, without the address.",
  async play(stage) {
    const hidden = email.replace("@", "\\u0040");
    const args = `{"to": "${hidden}", "subject": "Hello"}`;
    stage.cloud.answerWith({ text: "On it.", toolCalls: [{ name: "send_mail", arguments: args }] });
    return await show(stage, { sent: "Say hello to Jane.", model: "cloud/large" });
  },
  differences: ({ got, status, verdict }) => [
    ...(status === 200 ? [] : ["expected status 200"]),
    ...(verdict === "redact" ? [] : ["expected verdict redact"]),
    ...(addresseeOf(got) === "[EMAIL]" ? [] : ["expected arguments that parse, with a mask"]),
  ],
};

function addresseeOf(got: string): unknown {
  const text = /send_mail\((.*)\)$/s.exec(got)?.[1] ?? "null";
  return (JSON.parse(text) as { to?: string } | null)?.to;
}

/** One request, two tenants. */
export const twoTenants: Scene = {
  title: "Two tenants, one request",
  claim:
    "Tenant acme has contact data masked, tenant globex forbids it: the same bytes pass for one and " +
    "are refused for the other.",
  async play(stage) {
    stage.cloud.answerWith({ text: "Noted." });
    const asked = { sent: `Her address is ${email}.`, model: "cloud/large" };
    const acme = await show(stage, asked);
    const globex = await show(stage, asked, stage.chatAsGlobex);
    return {
      ...globex,
      received: [...acme.received, ...globex.received],
      got: `acme: ${acme.status} ${acme.got} | globex: ${globex.status} ${globex.got}`,
      verdict: `acme: ${acme.verdict} | globex: ${globex.verdict}`,
    };
  },
  differences: ({ got, received, status, verdict }) => [
    ...(got.startsWith("acme: 200") ? [] : ["expected acme's request to pass"]),
    ...(status === 403 ? [] : ["expected globex's request to be refused"]),
    ...(verdict === "acme: redact | globex: deny" ? [] : ["expected redact and deny"]),
    ...(received.length === 1 ? [] : ["expected one request upstream"]),
  ],
};

const freeze = `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: freeze, namespace: acme }
spec:
  attach: { layer: tenant }
  rules:
    - id: no-vendor-models
      effect: deny
      models: { deployment: [vendor] }
      message: { text: "acme has paused models of outside vendors." }
`;

/** A policy file comes and goes while everything runs. */
export const liveEdit: Scene = {
  title: "A policy edited live",
  claim:
    "A file appears in acme's folder and pauses vendor models within seconds; it goes, and they are " +
    "back. Nothing is restarted.",
  async play(stage) {
    stage.cloud.answerWith({ text: "At your service." });
    const file = join(stage.policies, "acme", "freeze.yaml");
    const before = await stage.chat(bodyOf(hello));
    await writeFile(file, freeze);
    await untilStatus(stage, 403);
    const during = await show(stage, hello);
    await rm(file);
    const after = await untilStatus(stage, 200);
    const statuses = [before.status, during.status, after.status].join(", ");
    return { ...during, got: `${statuses}: ${during.got} ... ${contentOf(after)}` };
  },
  differences: ({ got, received, rule }) => [
    ...(got.startsWith("200, 403, 200") ? [] : ["expected 200, then 403, then 200"]),
    ...(rule.includes("acme/freeze/no-vendor-models") ? [] : ["expected the new rule"]),
    ...(received.length === 0 ? [] : ["the refused request reached a model server"]),
  ],
};

const hello = { sent: "Hello.", model: "cloud/large" };

async function untilStatus(stage: Stage, status: number): Promise<Seen> {
  const deadline = performance.now() + reloadDeadlineMs;
  for (;;) {
    const seen = await stage.chat(bodyOf(hello));
    if (seen.status === status || performance.now() > deadline) return seen;
    await delay(100);
  }
}

/** A client that says what only we may say. */
export const forgedHeaders: Scene = {
  title: "Forged headers",
  claim:
    "A client names provider, model and decision in headers of ours. It is routed as the catalog says, " +
    "and the model server sees none of what was forged.",
  async play(stage): Promise<Outcome> {
    stage.cloud.answerWith({ text: "Who sent you?" });
    const headers = {
      "x-chancery-provider": "local",
      "x-chancery-model": "local/small",
      "x-chancery-decision": "forged",
      "x-chancery-bypass": "forged",
    };
    const outcome = await show(stage, hello, (body) => stage.chat(body, { headers }));
    const seen = stage.cloud.requests.at(-1)?.headers ?? {};
    const ours = Object.entries(seen).filter(([name]) => name.startsWith("x-chancery-"));
    return { ...outcome, got: `${outcome.got} (upstream saw ${JSON.stringify(ours)})` };
  },
  differences: ({ decision, got, received, status }) => [
    ...(status === 200 ? [] : ["expected status 200"]),
    ...(received.length === 1 && received[0]?.server === "cloud"
      ? []
      : ["expected the cloud server"]),
    ...(got.includes("forged") || got.includes("local") ? ["a forged header went through"] : []),
    ...(decision.length === 36 ? [] : ["expected a decision id of ours"]),
  ],
};
