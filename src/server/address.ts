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

/**
 * Whether a host can be reached from this machine only; IPv6 as it is or, as a URL has it, in brackets.
 * Other names are not looked up.
 */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  const [, bare = host] = /^\[(.+)\]$/.exec(host) ?? [];
  return isIP(bare) === 4
    ? host.startsWith("127.")
    : isIP(bare) === 6 && /^(?:0*:)*:?0*1$/.test(bare);
}

/** Whether a URL has neither user nor password, query or fragment, not even an empty one. */
export function isBareUrl({ href, password, username }: URL): boolean {
  return username === "" && password === "" && !/[?#]/.test(href);
}
