/** Values that the stage's policies act on, and requests and answers that hold them. */
import assert from "node:assert/strict";
import type { ClientAnswer } from "./client-call.ts";

/** Personal data: masked wherever it stands. */
export const email = "jane.roe@example.org";
/** A secret: what holds it is refused. */
export const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;

/** The JSON text of an OpenAI chat request. */
export function chat(content: string, more: object = {}): string {
  return JSON.stringify({ model: "large", messages: [{ role: "user", content }], ...more });
}

/** What the user says in a chat request, as the upstream got it. */
export function promptOf(body: Buffer): string {
  return JSON.parse(body.toString("utf8")).messages[0].content;
}

/** What the model says in a JSON answer. */
export function contentOf(answer: ClientAnswer): string {
  return JSON.parse(answer.text).choices[0].message.content;
}

/** What the model says in a streamed answer, which must be whole. */
export function streamedContentOf(answer: ClientAnswer): string {
  assert.ok(answer.isComplete, "the stream was cut");
  assert.match(answer.text, /data: \[DONE\]\n\n$/);
  return answer.text
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice("data: ".length)).choices[0]?.delta.content ?? "")
    .join("");
}

/** The decision id that every governed answer carries. */
export function decisionOf(answer: ClientAnswer): string {
  const id = answer.headers["x-chancery-decision"];
  assert.ok(typeof id === "string", `no decision id in ${JSON.stringify(answer.headers)}`);
  return id;
}

/** The stable code in an OpenAI error body. */
export function codeOf(answer: ClientAnswer): string {
  return JSON.parse(answer.text).error.code;
}
