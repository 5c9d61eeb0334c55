import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** The gRPC status codes this server gives (gRPC core, "Status codes and their use"). */
export const grpcStatusCodes = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

export type GrpcStatusName = keyof typeof grpcStatusCodes;

/** How a stream ends. `OK` tells the proxy that everything may pass, so it is never the default. */
export interface GrpcStatus {
  readonly name: GrpcStatusName;
  readonly message: string;
}

const responseHeaders = { ":status": 200, "content-type": "application/grpc" } as const;

const okTrailers = { "grpc-status": "0" } as const;

// A date is optional where there is no cache (RFC 9110, 6.6.1), and it costs.
const respondOptions = { waitForTrailers: true, sendDate: false } as const;

/** Sends the response headers of a call, once; its status goes out on `wantTrailers`. */
export function respond(stream: ServerHttp2Stream): void {
  if (!stream.headersSent) stream.respond(responseHeaders, respondOptions);
}

/** The trailers that carry a status. */
export function toTrailers(status: GrpcStatus): Record<string, string> {
  if (status.name === "OK") return okTrailers;
  return {
    "grpc-status": String(grpcStatusCodes[status.name]),
    "grpc-message": percentEncode(status.message),
  };
}

/** Ends a call that has not been answered at all with a status: headers and trailers in one. */
export function refuseCall(stream: ServerHttp2Stream, status: GrpcStatus): void {
  stream.respond({ ...responseHeaders, ...toTrailers(status) }, { endStream: true });
}

/** Why these request headers are not those of a gRPC call, or undefined if they are. */
export function callProblem(headers: IncomingHttpHeaders): HttpProblem | undefined {
  if (headers[":method"] !== "POST") return { httpStatus: 405, message: "expected POST" };
  if (!isGrpcContentType(headers["content-type"])) {
    return { httpStatus: 415, message: "expected content-type application/grpc" };
  }
  // Without it something on the way may drop trailers, and with them every status (PROTOCOL-HTTP2).
  if (headers["te"] !== "trailers") return { httpStatus: 400, message: "expected te: trailers" };
  return undefined;
}

/** A call that no gRPC client makes, answered in plain HTTP. */
export interface HttpProblem {
  readonly httpStatus: number;
  readonly message: string;
}

/** A subtype names the codec: `proto` is the only one here. */
function isGrpcContentType(contentType: string | undefined): boolean {
  if (contentType === "application/grpc" || contentType === "application/grpc+proto") return true;
  return contentType !== undefined && /^application\/grpc(?:\+proto)? *;/.test(contentType);
}

/** `grpc-message`: UTF-8, with all but printable ASCII, and `%` itself, as %XX (PROTOCOL-HTTP2). */
export function percentEncode(message: string): string {
  let encoded = "";
  for (const byte of Buffer.from(message, "utf8")) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}
