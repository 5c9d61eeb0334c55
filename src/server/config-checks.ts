import { resolve } from "node:path";
import { type Address, isLoopback, parseAddress } from "./address.ts";
import type { ConfigPath } from "./config-document.ts";
import type { ConfigObjection } from "./config-objection.ts";
import type { ConfigValue } from "./config-schema.ts";
import { checkSources } from "./config-sources.ts";

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
      ...checkAddress(listener.address, [...path, "address"], {
        baseDirectory,
        hasTls: listener.tls !== undefined,
        plainHint: `${loopbackHint} Elsewhere a listener needs \`tls\`.`,
      }),
      ...checkTls(listener, [...path, "tls"]),
      ...checkBodyModes(listener, [...path, "bodyModes"]),
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
  return checkAddress(admin.address, ["admin", "address"], {
    baseDirectory,
    hasTls: false,
    plainHint: loopbackHint,
  });
}

/** What is wrong with where policies come from. */
export function checkPolicies(policies: ConfigValue["policies"]): readonly ConfigObjection[] {
  const objections = [...checkSources(policies)];
  if (policies.stale === "deny" && policies.maxAgeSeconds === null) {
    objections.push(
      wrong(
        ["policies", "stale"],
        "no age is given at which policies are stale, so none would ever be denied",
        "Set `policies.maxAgeSeconds` as well.",
      ),
    );
  }
  return objections;
}

/** What is wrong with how windows of drift are compared. */
export function checkDrift(drift: ConfigValue["drift"]): readonly ConfigObjection[] {
  const { referenceSeconds, windowSeconds } = drift;
  if (referenceSeconds >= windowSeconds) return [];
  return [
    wrong(
      ["drift", "referenceSeconds"],
      `expected at least a window, which is ${windowSeconds}, found ${referenceSeconds}`,
      "Raise it, or lower `drift.windowSeconds`.",
    ),
  ];
}

/** What is wrong with where state is kept. */
export function checkStores(stores: ConfigValue["stores"]): readonly ConfigObjection[] {
  return [...checkQuotaStore(stores), ...checkFindingsStore(stores)];
}

function checkFindingsStore({ findings }: ConfigValue["stores"]): readonly ConfigObjection[] {
  const { bytesMax, tenantBytesMax } = findings;
  if (bytesMax === 0 || tenantBytesMax <= bytesMax) return [];
  return [
    wrong(
      ["stores", "findings", "tenantBytesMax"],
      `expected no more for one tenant than for all, which is ${bytesMax}, found ${tenantBytesMax}`,
      "Lower it, or raise `stores.findings.bytesMax`; 0 there keeps nothing.",
    ),
  ];
}

function checkQuotaStore({ quota }: ConfigValue["stores"]): readonly ConfigObjection[] {
  if ((quota.memory === undefined) !== (quota.redis === undefined)) return [];
  return [
    wrong(
      ["stores", "quota"],
      `expected \`memory\` or \`redis\`, found ${quota.redis === undefined ? "neither" : "both"}`,
      "Write `quota: { memory: {} }`, or `redis` with its url where several processes share budgets.",
    ),
  ];
}

interface Surroundings {
  readonly baseDirectory: string;
  /** Peers prove who they are. */
  readonly hasTls: boolean;
  /** What to do about plain TCP that others can reach. */
  readonly plainHint: string;
}

const loopbackHint = "Use a Unix socket, or 127.0.0.1 with the proxy on the same host.";

/** As model catalogs name them. */
const providerName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What is wrong with the names of providers. */
export function checkProviders(providers: ConfigValue["providers"]): readonly ConfigObjection[] {
  return Object.keys(providers)
    .filter((name) => !providerName.test(name))
    .map((name) =>
      wrong(
        ["providers", name],
        "no model catalog can have a provider of this name",
        "Write it in letters, digits, dots, hyphens and underscores, as model ids begin.",
      ),
    );
}

function checkAddress(
  text: string,
  path: ConfigPath,
  { baseDirectory, hasTls, plainHint }: Surroundings,
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
  if (address.kind === "tcp" && hasTls) return [];
  return address.kind === "tcp"
    ? checkTcp(address, path, plainHint)
    : checkSocket(address, path, baseDirectory);
}

function checkTcp(
  address: Address & { kind: "tcp" },
  path: ConfigPath,
  hint: string,
): readonly ConfigObjection[] {
  if (isLoopback(address.host)) return [];
  return [
    wrong(
      path,
      `plain TCP on "${address.host}" would let anyone who reaches it ask and answer`,
      hint,
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

function checkTls({ address, tls }: Listener, path: ConfigPath): readonly ConfigObjection[] {
  if (tls === undefined) return [];
  const objections: ConfigObjection[] = [];
  if (parseAddress(address)?.kind === "unix") {
    const hint = "Leave `tls` out: the socket's mode says who may connect.";
    objections.push(wrong(path, "a proxy does not speak TLS on a Unix socket", hint));
  }
  if (tls.allow.spiffe.length + tls.allow.san.length === 0) {
    const hint = "Name the proxies by `spiffe` or `san`.";
    objections.push(wrong([...path, "allow"], "nobody is on the list, so nobody is served", hint));
  }
  return objections;
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
  // NONE can: requests whose answers some rule would judge are then refused.
  response: {
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
      : "FULL_DUPLEX_STREAMED, BUFFERED, STREAMED or NONE";
  return [wrong(path, `${mode} cannot be enforced in ${direction}s: ${reason}`, `Use ${usable}.`)];
}

function wrong(path: ConfigPath, message: string, hint: string): ConfigObjection {
  return { path, severity: "error", message, hint };
}
