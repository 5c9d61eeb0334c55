import type { Refusal } from "../../domain/index.ts";
import type { RenderedRefusal } from "../format.ts";
import { refusalMessage, renderJson } from "../refusal.ts";

const errorTypes: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [403, "permission_error"],
  [413, "invalid_request_error"],
  [429, "rate_limit_error"],
]);

/** The error body of the Anthropic API; its client raises the class of the status. */
export function renderRefusal(refusal: Refusal): RenderedRefusal {
  return renderJson(errorBody(refusal));
}

/** An `error` event, on which the client raises an APIError; the stream needs no other end. */
export function renderStreamRefusal(refusal: Refusal): Buffer {
  return Buffer.from(`event: error\ndata: ${JSON.stringify(errorBody(refusal))}\n\n`);
}

function errorBody(refusal: Refusal): unknown {
  const { code } = refusal;
  return {
    type: "error",
    error: {
      type: errorType(refusal),
      message: refusalMessage(refusal),
      code,
      // Where the client looks for a code finer than the type.
      details: { error_code: code },
    },
    request_id: refusal.decisionId,
  };
}

function errorType(refusal: Refusal): string {
  const type = errorTypes.get(refusal.status);
  return type ?? (refusal.code === "overloaded" ? "overloaded_error" : "api_error");
}
