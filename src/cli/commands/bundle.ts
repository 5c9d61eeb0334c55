import { nearestName } from "../../base/index.ts";
import { BundleError } from "../../bundle/index.ts";
import { SourceError } from "../../sources/index.ts";
import type { BundleAction, BundleInput } from "../bundle/action.ts";
import { build } from "../bundle/build.ts";
import { keygen, sign } from "../bundle/sign.ts";
import { status } from "../bundle/status.ts";
import { pull, push } from "../bundle/transport.ts";
import { verify } from "../bundle/verify.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import { UsageError } from "../usage-error.ts";

const actions = { keygen, build, sign, verify, push, pull, status };

/** Makes, signs, verifies and publishes bundles of one authority's documents. */
export const bundle = defineCommand({
  name: "bundle",
  summary: "Build, sign, verify, push and pull signed policies",
  details: [
    "A bundle holds the documents of one authority: the platform, or a tenant. Servers take it by\nthe keys that signed it, so a tenant's owner can publish alone.",
    [
      "keygen FILE  makes a key: the private half into FILE, the public one for a key ring",
      "build DIR    puts the documents of --namespace into --out; --sequence has to grow",
      "sign FILE    adds the signature of --key",
      "verify FILE  verifies as a server does, by the keys of --ring; FILE may be a folder of the\n             store of versions, `<stateDir>/snapshots/sha256/<digest>`",
      "push FILE    puts it into a registry, --to HOST/REPOSITORY:TAG",
      "pull FROM    fetches it from a registry or an address into --out",
      "status DIR   shows what is active and what was refused, from a server's state directory",
    ].join("\n"),
  ],
  positionals: {
    action: { placeholder: "ACTION", summary: Object.keys(actions).join(", ") },
    target: { placeholder: "TARGET", summary: "What it is done with, as said above" },
  },
  options: {
    namespace: { type: "string", placeholder: "NAME", summary: "`platform`, or a tenant" },
    version: { type: "string", placeholder: "VERSION", summary: "Semantic version of the bundle" },
    sequence: {
      type: "string",
      placeholder: "NUMBER",
      summary: "Higher than that of any bundle before; without it the time in seconds",
    },
    days: {
      type: "string",
      placeholder: "NUMBER",
      summary: "How long it may serve; without it 90",
    },
    out: { type: "string", placeholder: "FILE", summary: "Where to write" },
    key: { type: "string", placeholder: "FILE", summary: "Private key, Ed25519 in PEM, mode 0600" },
    keyId: {
      type: "string",
      placeholder: "ID",
      summary: "Its id in the key ring; without it the name of the file",
    },
    ring: { type: "string", placeholder: "FILE", summary: "Key ring: `keys` and `threshold`" },
    at: {
      type: "string",
      placeholder: "TIME",
      summary: "As of when `verify` judges, such as 2026-11-21T08:00:00Z; without it now",
    },
    to: { type: "string", placeholder: "REFERENCE", summary: "HOST/REPOSITORY:TAG" },
    credential: {
      type: "string",
      placeholder: "FILE",
      summary: "NAME:PASSWORD for the registry, mode 0600",
    },
    format: { ...formatOption, summary: "How `status` prints" },
  },
  exitCodes: [
    [exitCodes.done, "done"],
    [exitCodes.failed, "the bundle does not hold, or its policy tests fail"],
    [exitCodes.notCompiled, "the documents do not compile; nothing is written"],
    [exitCodes.usage, "the command line was not understood, or something could not be reached"],
  ],
  examples: [
    "chancery bundle keygen acme-2026.pem",
    "chancery bundle build policies --namespace acme --version 1.9.1 --out acme.bundle",
    "chancery bundle sign acme.bundle --key acme-2026.pem",
    "chancery bundle verify acme.bundle --namespace acme --ring acme-ring.yaml",
    "chancery bundle verify state/snapshots/sha256/9c1f… --namespace acme --ring acme-ring.yaml --at 2026-11-21",
    "chancery bundle push acme.bundle --to registry.example/policies/acme:stable",
  ],
  async run(input, io) {
    const action = findAction(input);
    try {
      return await action.run(input, io);
    } catch (error) {
      if (error instanceof SourceError) throw new UsageError(`${error.message}.`, error.hint);
      if (!(error instanceof BundleError)) throw error;
      io.stderr.write(`${input.target}: ${error.code} ${error.message}\n  ${error.hint}\n`);
      return exitCodes.failed;
    }
  },
});

function findAction(input: BundleInput): BundleAction {
  const { action: name } = input;
  const action = Object.entries(actions).find(([known]) => known === name)?.[1];
  if (action === undefined) {
    const nearest = nearestName(name, Object.keys(actions));
    throw new UsageError(
      `Unknown action "${name}" of \`chancery bundle\`.`,
      `${nearest === undefined ? "" : `Did you mean \`${nearest}\`? `}Run \`chancery bundle --help\`.`,
    );
  }
  const known = new Set<string>(["action", "target", "format", ...action.options]);
  const surplus = Object.entries(input).find(
    ([key, value]) => value !== undefined && !known.has(key),
  );
  if (surplus === undefined) return action;
  throw new UsageError(
    `\`chancery bundle ${name}\` takes no --${surplus[0]}.`,
    "Run `chancery bundle --help` to see what each action takes.",
  );
}
