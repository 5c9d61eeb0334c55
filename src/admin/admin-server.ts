import { once } from "node:events";
import { chmod, unlink } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { type AdminAddress, parseAdminAddress } from "./admin-address.ts";
import { type AdminOptions, respond } from "./respond.ts";

/** The HTTP server of the admin port. One owner; closed once. */
export interface AdminServer {
  /**
   * Listens on `unix:PATH` or `HOST:PORT` and returns the address as bound, with the port the
   * system chose for port 0. Throws `AdminAddressError` beyond loopback.
   */
  listen(address: string): Promise<string>;
  /** Takes no more requests, ends every connection, and is done when all are closed. */
  close(): Promise<void>;
}

/** Few clients, small requests: whoever holds a connection longer or sends more is cut off. */
const bounds = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const headersMax = 64;
const connectionsMax = 64;
/** Group members may ask, as on the sockets of listeners. */
const socketMode = 0o660;

/** Makes the server of `/livez`, `/readyz`, `/status` and `/metrics`. */
export function createAdminServer(options: AdminOptions): AdminServer {
  const server = createServer(bounds, (request, response) => {
    void respond(options, request, response);
  });
  server.maxHeadersCount = headersMax;
  server.maxConnections = connectionsMax;
  return {
    listen: (address) => listen(server, parseAdminAddress(address)),
    close: () => close(server),
  };
}

async function listen(server: Server, address: AdminAddress): Promise<string> {
  if (address.kind === "unix") {
    await listenOnSocket(server, address.path);
    return `unix:${address.path}`;
  }
  const { host, port } = address;
  server.listen({ host, port });
  await once(server, "listening");
  const bound = server.address();
  const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
  return `${host.includes(":") ? `[${host}]` : host}:${boundPort}`;
}

async function listenOnSocket(server: Server, path: string): Promise<void> {
  try {
    server.listen({ path });
    await once(server, "listening");
  } catch (error) {
    // The socket of a process that died stays behind; one that answers is somebody's.
    if (!isInUse(error) || (await answers(path))) throw error;
    await unlink(path);
    server.listen({ path });
    await once(server, "listening");
  }
  await chmod(path, socketMode);
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
