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

/** The error body of the OpenAI API; its client raises the class of the status. */
export function renderRefusal(refusal: Refusal): RenderedRefusal {
  return renderJson(errorBody(refusal));
}

/** A chunk that makes the client raise an APIError, then the usual end of a stream. */
export function renderStreamRefusal(refusal: Refusal): Buffer {
  return Buffer.from(`data: ${JSON.stringify(errorBody(refusal))}\n\ndata: [DONE]\n\n`);
}

function errorBody(refusal: Refusal): unknown {
  return {
    error: {
      message: refusalMessage(refusal),
      type: errorTypes.get(refusal.status) ?? "server_error",
      param: null,
      code: refusal.code,
    },
  };
}
