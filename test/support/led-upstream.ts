/**
 * A model server whose every answer is led by the test, piece by piece; it can stay silent or stall
 * anywhere. `startUpstream` is the one that answers by itself.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cleanup } from "./chancery-process.ts";

/** A request that arrived whole and waits for its answer. */
export interface LedCall {
  readonly body: string;
  /** Sends the headers, with status 200. */
  begin(contentType: string): void;
  write(text: string): void;
  end(): void;
  /** Settles when its answer was sent whole, or the connection was cut before that. */
  readonly ended: Promise<"answered" | "cut">;
}

/** A running server. */
export interface LedUpstream {
  readonly url: URL;
  /** Everything of any request body that ever came, whole or not. */
  seen(): string;
  /** How many requests have begun to arrive. */
  readonly begun: number;
  /** The next request, as soon as its body has arrived. */
  next(): Promise<LedCall>;
}

/** Starts one on a free loopback port; the test's end cuts its connections. */
export async function startLedUpstream(t: Cleanup): Promise<LedUpstream> {
  const arrived: LedCall[] = [];
  const waiting: ((call: LedCall) => void)[] = [];
  let seen = "";
  let begun = 0;
  const server = createServer((incoming, outgoing) => {
    begun += 1;
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => {
      body += text;
      seen += text;
    });
    incoming.on("end", () => {
      const call = lead(outgoing, body);
      const taker = waiting.shift();
      if (taker === undefined) arrived.push(call);
      else taker(call);
    });
    incoming.on("error", () => undefined);
    outgoing.on("error", () => undefined);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    seen: () => seen,
    get begun() {
      return begun;
    },
    next: async () => {
      const call = arrived.shift();
      return call ?? new Promise<LedCall>((resolve) => waiting.push(resolve));
    },
  };
}

function lead(outgoing: ServerResponse, body: string): LedCall {
  return {
    body,
    begin: (contentType) => {
      outgoing.writeHead(200, { "content-type": contentType });
      outgoing.flushHeaders();
    },
    write: (text) => outgoing.write(text),
    end: () => outgoing.end(),
    ended: new Promise((resolve) => {
      outgoing.once("close", () => resolve(outgoing.writableFinished ? "answered" : "cut"));
    }),
  };
}
