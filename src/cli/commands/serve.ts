import { type RunningServer, ServerNotStarted, startServer } from "../../server/index.ts";
import { createOperatorLog, createTelemetry } from "../../telemetry/index.ts";
import { defineCommand } from "../command.ts";
import { readConfig } from "../config-file.ts";
import { endOnBug } from "../end-on-bug.ts";
import { exitCodes } from "../exit-codes.ts";
import { createPaint } from "../paint.ts";
import { renderProblems } from "../problem-report.ts";
import { onHangup, untilEnded } from "../signals.ts";
import { packageVersion } from "../version.ts";

/** The server alone, beside an Envoy the operator runs. */
export const serve = defineCommand({
  name: "serve",
  summary: "Run the server for an Envoy you run yourself",
  details: [
    "Prints one `ready` line with its addresses when it listens. SIGTERM drains: health says no, running\nexchanges finish, the rest ends in an error that Envoy refuses on; a second signal ends at once.",
    "Policies are loaded again when their files change, and at once on SIGHUP. What has errors does not\nserve: the last good version does, also after a restart. Without one the server is not ready and\nrefuses every exchange.",
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
    let server: RunningServer;
    try {
      server = await startServer({
        config,
        version,
        telemetry: createTelemetry({
          version,
          classifiers: Object.keys(config.classifiers),
          anchors: config.audit.anchors.map(({ name }) => name),
          sinks: config.sinks.map(({ name }) => name),
          drift: config.drift,
        }),
        log: createOperatorLog({ level: config.log.level, destination: process.stderr }),
      });
    } catch (error) {
      if (!(error instanceof ServerNotStarted)) throw error;
      io.stderr.write(`chancery: ${error.message}\n`);
      return exitCodes.failed;
    }
    io.stderr.write(renderProblems(server.policies.problems, createPaint(io), io.isTerminal));
    endOnBug(io);
    onHangup(() => void server.reload());
    io.stdout.write(
      `ready  ${server.addresses.join("  ")}  (admin http://${server.adminAddress})\n`,
    );
    await ended.first;
    await server.stop(ended.second);
    return exitCodes.done;
  },
});
