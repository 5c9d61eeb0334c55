import { isIP } from "node:net";

/** Where a server listens. */
export type Address =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Reads `unix:PATH` or `HOST:PORT` (IPv6 in brackets); undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const [, path] = /^unix:(.+)$/.exec(text) ?? [];
  if (path !== undefined) return { kind: "unix", path };
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return undefined;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined;
  return { kind: "tcp", host, port };
}

/** Whether a host can be reached from this machine only. Other names are not looked up. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return isIP(host) === 4
    ? host.startsWith("127.")
    : isIP(host) === 6 && /^(?:0*:)*:?0*1$/.test(host);
}
