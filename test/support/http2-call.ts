import { once } from "node:events";
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";

/** What came back over HTTP/2. */
export interface Http2Answer {
  /** NaN where the stream ended before any. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** 0 where the stream ended by itself. */
  readonly resetCode: number;
}

/** Makes one call over HTTP/2 without TLS, where any request can end in trailers. */
export async function callHttp2(
  baseUrl: string,
  call: {
    readonly headers: OutgoingHttpHeaders;
    /** Absent: the request ends with its headers, unless it has trailers. */
    readonly body?: string;
    readonly trailers?: OutgoingHttpHeaders;
  },
): Promise<Http2Answer> {
  const session = connect(baseUrl);
  try {
    // Told by the stream's own end.
    session.on("error", () => undefined);
    const { body, trailers } = call;
    const stream = session.request(call.headers, {
      endStream: body === undefined && trailers === undefined,
      waitForTrailers: trailers !== undefined,
    });
    stream.on("error", () => undefined);
    stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
    let headers: IncomingHttpHeaders = {};
    let text = "";
    stream.on("response", (received) => {
      headers = received;
    });
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    if (body !== undefined || trailers !== undefined) stream.end(body);
    await once(stream, "close");
    return { status: Number(headers[":status"]), headers, text, resetCode: stream.rstCode };
  } finally {
    session.destroy();
  }
}
