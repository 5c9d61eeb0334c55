import { resolve } from "node:path";
import { type Address, isLoopback, parseAddress } from "./address.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigValue } from "./config-schema.ts";

/** A value of the right shape that cannot work, or will not do what its author may expect. */
export interface ConfigObjection {
  readonly path: ConfigPath;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}

type Listener = ConfigValue["listeners"][number];

/**
 * Bytes of a socket path: the kernel takes 107, and the private name that a restart binds first is
 * somewhat longer than the public one.
 */
const socketPathBytesMax = 90;

/** What is wrong with the listeners. `baseDirectory` is where relative paths start. */
export function checkListeners(
  listeners: readonly Listener[],
  baseDirectory: string,
): readonly ConfigObjection[] {
  const seen = new Set<string>();
  return listeners.flatMap((listener, index) => {
    const path = ["listeners", index];
    const objections = [
      ...checkAddress(listener.address, [...path, "address"], baseDirectory),
      ...checkBodyModes(listener, [...path, "bodyModes"]),
      ...checkIdentity(listener, path),
    ];
    // Port 0 means any free one, so two of them do not meet.
    if (seen.has(listener.address) && !listener.address.endsWith(":0")) {
      objections.push(
        wrong([...path, "address"], "another listener has this address", "Give each its own."),
      );
    }
    seen.add(listener.address);
    return objections;
  });
}

/** What is wrong with the address of health, metrics and status. */
export function checkAdmin(
  admin: ConfigValue["admin"],
  baseDirectory: string,
): readonly ConfigObjection[] {
  return checkAddress(admin.address, ["admin", "address"], baseDirectory);
}

/** What is wrong with where policies come from. */
export function checkPolicies(policies: ConfigValue["policies"]): readonly ConfigObjection[] {
  if (policies.unsigned) return [];
  return [
    wrong(
      ["policies", "unsigned"],
      "a directory holds unsigned policies, which load only when that is said",
      "Set `policies.unsigned` to true; this version does not verify signed bundles yet.",
    ),
  ];
}

function checkAddress(
  text: string,
  path: ConfigPath,
  baseDirectory: string,
): readonly ConfigObjection[] {
  const address = parseAddress(text);
  if (address === undefined) {
    return [
      wrong(
        path,
        `expected unix:PATH or HOST:PORT, found "${text}"`,
        "Write unix:/run/chancery/0.sock or 127.0.0.1:9002, for example.",
      ),
    ];
  }
  return address.kind === "tcp"
    ? checkTcp(address, path)
    : checkSocket(address, path, baseDirectory);
}

function checkTcp(
  address: Address & { kind: "tcp" },
  path: ConfigPath,
): readonly ConfigObjection[] {
  if (isLoopback(address.host)) return [];
  return [
    wrong(
      path,
      `plain TCP on "${address.host}" would let anyone who reaches it ask and answer`,
      "Use a Unix socket, or 127.0.0.1 with the proxy on the same host.",
    ),
  ];
}

function checkSocket(
  address: Address & { kind: "unix" },
  path: ConfigPath,
  baseDirectory: string,
): readonly ConfigObjection[] {
  const length = Buffer.byteLength(resolve(baseDirectory, address.path));
  if (length <= socketPathBytesMax) return [];
  return [
    wrong(
      path,
      `the path of the socket has ${length} bytes, more than ${socketPathBytesMax}`,
      "Put the socket into a folder with a shorter path.",
    ),
  ];
}

function checkBodyModes(listener: Listener, path: ConfigPath): readonly ConfigObjection[] {
  const { request, response } = listener.bodyModes;
  return [
    ...request.flatMap((mode, index) => checkMode(mode, [...path, "request", index], "request")),
    ...response.flatMap((mode, index) => checkMode(mode, [...path, "response", index], "response")),
  ];
}

/** Why a mode leaves something unjudged; a mode that is not here can be enforced. */
const unenforceable = {
  request: {
    NONE: "the body would pass unseen",
    BUFFERED_PARTIAL: "all but the beginning of a body would pass unseen",
    STREAMED: "the request's headers would leave before its body is seen",
  },
  response: {
    NONE: "the body would pass unseen",
    BUFFERED_PARTIAL: "all but the beginning of a body would pass unseen",
  },
} as const;

function checkMode(
  mode: string,
  path: ConfigPath,
  direction: "request" | "response",
): readonly ConfigObjection[] {
  const reasons: Readonly<Record<string, string>> = unenforceable[direction];
  const reason = reasons[mode];
  if (reason === undefined) return [];
  const usable =
    direction === "request"
      ? "BUFFERED or FULL_DUPLEX_STREAMED"
      : "FULL_DUPLEX_STREAMED, BUFFERED or STREAMED";
  return [wrong(path, `${mode} cannot be enforced in ${direction}s: ${reason}`, `Use ${usable}.`)];
}

function checkIdentity(listener: Listener, path: ConfigPath): readonly ConfigObjection[] {
  if (listener.identity !== null) return [];
  return [
    {
      path,
      severity: "warning",
      message: "no identity source: every exchange on this listener will be refused",
      hint: "Set `identity` to TENANT/APP, the app that this listener serves.",
    },
  ];
}

function wrong(path: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
