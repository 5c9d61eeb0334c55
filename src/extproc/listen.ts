import { chmodSync, renameSync, statSync, unlinkSync } from "node:fs";
import type { Http2SecureServer, Http2Server } from "node:http2";
import { dirname } from "node:path";

/** Where to listen. */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

type Listener = Http2Server | Http2SecureServer;

/** The longest path a Unix socket address holds on Linux, without its final zero (unix(7)). */
const unixPathBytesMax = 107;

/** Reads `unix:/path` or `HOST:PORT`, IPv6 hosts in brackets. Throws with what was expected. */
export function parseListenAddress(address: string): ListenAddress {
  if (address.startsWith("unix:")) {
    const path = address.slice("unix:".length);
    if (path.startsWith("/")) return { kind: "unix", path };
  }
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:/[\]]+)):(?<port>\d{1,5})$/.exec(address);
  const host = match?.groups?.["v6"] ?? match?.groups?.["host"];
  const port = Number(match?.groups?.["port"]);
  if (host === undefined || port > 65_535) {
    throw new Error(`expected unix:/path or HOST:PORT to listen on, found ${address}`);
  }
  return { kind: "tcp", host, port };
}

/** Binds a server; gives the address as `parseListenAddress` reads it, with the port bound. */
export async function bind(
  server: Listener,
  address: ListenAddress,
  socketMode: number | undefined,
): Promise<string> {
  if (address.kind === "unix") {
    await bindUnix(server, address.path, socketMode);
    return `unix:${address.path}`;
  }
  await listening(server, { host: address.host, port: address.port });
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
  return address.host.includes(":") ? `[${address.host}]:${port}` : `${address.host}:${port}`;
}

/**
 * Binds a private name beside the public path and renames it over that path. So a stale socket is
 * no obstacle, a restart in place leaves no moment without a listener, nobody connects before the
 * mode is set, and closing this server removes a name that is gone, never the successor's path.
 */
async function bindUnix(
  server: Listener,
  path: string,
  socketMode: number | undefined,
): Promise<void> {
  const folder = dirname(path);
  if (!isFolder(folder)) throw new Error(`the folder ${folder} does not exist; create it first`);
  const privatePath = `${path}.${process.pid}-${nextBinding()}`;
  if (Buffer.byteLength(privatePath) > unixPathBytesMax) {
    throw new Error(`the path ${path} is too long for a socket; choose a shorter one`);
  }
  removeIfPresent(privatePath);
  await listening(server, { path: privatePath });
  if (socketMode !== undefined) chmodSync(privatePath, socketMode);
  renameSync(privatePath, path);
}

let bindings = 0;

function nextBinding(): number {
  bindings += 1;
  return bindings;
}

async function listening(
  server: Listener,
  where: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function removeIfPresent(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
}
