import type { SeenRequest } from "../test/support/upstream.ts";
import type { Outcome } from "./scene.ts";
import { type Chat, receivedText, type Seen, type ShownRecord, type Stage } from "./stage.ts";

/** What a client asks. */
export interface Asked {
  readonly sent: string;
  readonly model: string;
  readonly stream?: boolean;
}

/** Sends a request and gathers what was seen of it everywhere. */
export async function show(stage: Stage, asked: Asked, chat: Chat = stage.chat): Promise<Outcome> {
  const before = { cloud: stage.cloud.requests.length, local: stage.local.requests.length };
  const seen = await chat(bodyOf(asked));
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

/** The request body of what is asked. */
export function bodyOf({ model, sent, stream }: Asked): object {
  const messages = [{ role: "user", content: sent }];
  return { model, messages, ...(stream === true ? { stream } : {}) };
}

/** What a client would show its user: the text, the tool calls or the error. */
export function contentOf({ text }: Seen): string {
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
    readonly message?: {
      readonly content: string | null;
      readonly tool_calls?: readonly { readonly function: ToolCall }[];
    };
    readonly delta?: { readonly content?: string };
  }[];
  readonly error?: { readonly type: string; readonly message: string };
}

interface ToolCall {
  readonly name: string;
  readonly arguments: string;
}

function textOf({ choices }: AnswerBody): string {
  const { message, delta } = choices?.[0] ?? {};
  const calls = message?.tool_calls ?? [];
  const said = message?.content ?? delta?.content ?? "";
  return [said, ...calls.map(({ function: call }) => `${call.name}(${call.arguments})`)].join(" ");
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
