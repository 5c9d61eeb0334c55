/** An HTTP server on the loopback that can go away and come back at the same port. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import type { Cleanup } from "./chancery-process.ts";

export interface LoopbackServer {
  /** Without a path and a slash at its end. */
  readonly url: string;
  start(): Promise<void>;
  /** Cuts off whoever is connected. */
  stop(): Promise<void>;
}

/** Starts one on a free port, with TLS where there are options for it; the test's end stops it. */
export async function startLoopbackServer(
  t: Cleanup,
  listener: RequestListener,
  tls?: ServerOptions,
): Promise<LoopbackServer> {
  let port = 0;
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const start = async () => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  await start();
  t.after(stop);
  const scheme = tls === undefined ? "http" : "https";
  return { url: `${scheme}://127.0.0.1:${port}`, start, stop };
}
