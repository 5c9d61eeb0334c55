import { BlockList, isIP } from "node:net";

/** Where the admin server listens. */
export type AdminAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** An address that is none, or one that others could reach. The message ends with what to do. */
export class AdminAddressError extends Error {
  override readonly name = "AdminAddressError";
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/**
 * Reads `unix:PATH` or `HOST:PORT`, IPv6 in brackets. Throws `AdminAddressError` for anything else
 * and for hosts beyond loopback: what is shown here is not for the network. Names are not looked
 * up, except that `localhost` is 127.0.0.1.
 */
export function parseAdminAddress(text: string): AdminAddress {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path !== "") return { kind: "unix", path };
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = plain === "localhost" ? "127.0.0.1" : (bracketed ?? plain);
  if (host === undefined || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new AdminAddressError(
      `expected unix:PATH or HOST:PORT for the admin server, found ${JSON.stringify(text)}; use 127.0.0.1:9003`,
    );
  }
  if (!isLoopback(host)) {
    throw new AdminAddressError(
      `the admin server listens on this machine only, and ${host} is not it; use 127.0.0.1:${port} or unix:PATH`,
    );
  }
  return { kind: "tcp", host, port };
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 4 ? "ipv4" : "ipv6");
}
