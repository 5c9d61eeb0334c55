import type { Refusal } from "../domain/index.ts";
import type { RenderedRefusal } from "./format.ts";

/** The sentence a caller reads, with the id under which the decision is on record. */
export function refusalMessage(refusal: Refusal): string {
  return `${refusal.message} (decision ${refusal.decisionId})`;
}

/** A JSON body with its content type. */
export function renderJson(value: unknown): RenderedRefusal {
  return {
    headers: [{ name: "content-type", value: "application/json" }],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** A refusal for traffic whose wire format is not known. */
export function renderPlainRefusal(refusal: Refusal): RenderedRefusal {
  return renderJson({ error: { code: refusal.code, message: refusalMessage(refusal) } });
}
