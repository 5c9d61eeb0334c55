import {
  loadPolicies,
  type RunningServer,
  ServerNotStarted,
  startServer,
} from "../../server/index.ts";
import { createOperatorLog, createTelemetry } from "../../telemetry/index.ts";
import { defineCommand } from "../command.ts";
import { readConfig } from "../config-file.ts";
import { exitCodes } from "../exit-codes.ts";
import { createPaint } from "../paint.ts";
import { renderProblems } from "../problem-report.ts";
import { untilEnded } from "../signals.ts";
import { packageVersion } from "../version.ts";

/** The server alone, beside an Envoy the operator runs. */
export const serve = defineCommand({
  name: "serve",
  summary: "Run the server for an Envoy you run yourself",
  details: [
    "Prints one `ready` line with its addresses when it listens. SIGTERM drains: health says no, running\nexchanges finish, the rest ends in an error that Envoy refuses on; a second signal ends at once.",
    "Without policies that compile it runs, is not ready, and refuses every exchange.",
  ],
  positionals: {},
  options: {
    config: {
      type: "string",
      required: true,
      placeholder: "FILE",
      summary: "The configuration file",
    },
    listen: { type: "string", placeholder: "ADDRESS", summary: "Replaces the listeners' address" },
    policies: { type: "string", placeholder: "DIR", summary: "Replaces policies.sources" },
    identity: {
      type: "string",
      placeholder: "TENANT/APP",
      summary: "Replaces the listeners' identity",
    },
    state: { type: "string", placeholder: "DIR", summary: "Replaces stateDir" },
    unsigned: { type: "boolean", summary: "Accept policies without a signature" },
  },
  exitCodes: [
    [exitCodes.done, "drained and ended"],
    [exitCodes.failed, "could not start"],
    [exitCodes.usage, "the command line or the configuration was not understood"],
  ],
  examples: ["chancery serve --config chancery.yaml"],
  async run(input, io) {
    const { config: path, ...given } = input;
    const config = await readConfig(io, path, {
      ...given,
      unsigned: input.unsigned ? true : undefined,
    });
    const ended = untilEnded();
    const version = packageVersion();
    const directories = config.policies.sources.map(({ directory }) => directory);
    const { problems, snapshot } = await loadPolicies(directories, { engineVersion: version });
    io.stderr.write(renderProblems(problems, createPaint(io), io.isTerminal));
    let server: RunningServer;
    try {
      server = await startServer({
        config,
        version,
        snapshot,
        policyProblems: problems,
        telemetry: createTelemetry({ version }),
        log: createOperatorLog({ level: config.log.level, destination: process.stderr }),
      });
    } catch (error) {
      if (!(error instanceof ServerNotStarted)) throw error;
      io.stderr.write(`chancery: ${error.message}\n`);
      return exitCodes.failed;
    }
    io.stdout.write(
      `ready  ${server.addresses.join("  ")}  (admin http://${server.adminAddress})\n`,
    );
    await ended.first;
    await server.stop(ended.second);
    return exitCodes.done;
  },
});
