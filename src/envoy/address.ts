import { isIP } from "node:net";
import { invariant } from "../base/index.ts";

/** Where something listens; port 0 lets the system choose. */
export interface HostPort {
  /** An address or a name; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Splits `HOST:PORT`, with an IPv6 address in brackets; undefined for anything else. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** Envoy's `Address` of a host and port. */
export function socketAddress({ host, port }: HostPort): object {
  return { socket_address: { address: host, port_value: port } };
}

/** One endpoint of a cluster. */
export interface Endpoint {
  /** Envoy's `Address`. */
  readonly address: object;
  /** True where a name stands that has to be looked up. */
  readonly isNamed: boolean;
}

/** The endpoint of `unix:/path` or `HOST:PORT`. */
export function toEndpoint(text: string): Endpoint {
  if (text.startsWith("unix:")) {
    return { address: { pipe: { path: text.slice("unix:".length) } }, isNamed: false };
  }
  const hostPort = parseHostPort(text);
  invariant(hostPort !== undefined, `expected unix:/path or HOST:PORT, found ${text}`);
  return { address: socketAddress(hostPort), isNamed: isIP(hostPort.host) === 0 };
}
