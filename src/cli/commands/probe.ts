import type { ParsedExchange, ProbeExchange, TranscriptEntry } from "../../probe/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { exchangeToJson, renderEntry, renderOutcome } from "../probe-report.ts";
import { renderProblems } from "../problem-report.ts";
import { readInput } from "../read-input.ts";
import { UsageError } from "../usage-error.ts";

/** Drives one exchange against a running server and shows every message both ways. */
export const probe = defineCommand({
  name: "probe",
  summary: "Drive one exchange against a running server, without Envoy",
  details: [
    "FILE is YAML or JSON. Only `request.path` is required; this one is complete:",
    [
      "  request:",
      "    method: POST",
      "    path: /v1/chat/completions",
      "    authority: llm.example",
      "    headers: { content-type: application/json }",
      '    body: { model: m, messages: [{ role: user, content: "Hello" }] }',
      "  response:                  # what the upstream would answer",
      "    status: 200",
      "    headers: { content-type: text/event-stream }",
      '    chunks: ["data: {}\\n\\n", "data: [DONE]\\n\\n"]   # or body',
      "  modes: { request: BUFFERED, response: FULL_DUPLEX_STREAMED }",
      "  attributes: { xds.route_name: chat }",
    ].join("\n"),
    "The events are those of Envoy in the body modes given, and the answers are held to its rules.",
  ],
  positionals: {},
  options: {
    address: {
      type: "string",
      required: true,
      placeholder: "ADDRESS",
      summary: "HOST:PORT or unix:PATH of the server",
    },
    request: {
      type: "string",
      required: true,
      placeholder: "FILE",
      summary: "The exchange to drive",
    },
    deadlineMs: {
      type: "string",
      placeholder: "MS",
      summary: "How long to wait for each answer",
      default: "5000",
    },
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "the exchange was processed, or refused in good order"],
    [exitCodes.failed, "the server broke the protocol, ended with an error, or was not there"],
    [exitCodes.usage, "the command line was not understood, or FILE could not be read"],
  ],
  examples: [
    "chancery probe --address unix:/run/chancery/0.sock --request hello.yaml",
    "chancery probe --address 127.0.0.1:9002 --request hello.yaml --format json",
  ],
  async run(input, io) {
    const deadlineMs = readDeadline(input.deadlineMs);
    const text = await readInput(io, input.request, "--request");
    // Only now, so that a server started by another verb does not carry a gRPC client about.
    const { driveExchange, openProbe, parseProbeExchange } = await import("../../probe/index.ts");
    const exchange = usableExchange(parseProbeExchange({ path: input.request, text }), input, io);
    const connection = openProbe({ address: input.address });
    const paint = createPaint(io);
    const entries: TranscriptEntry[] = [];
    const observe = (entry: TranscriptEntry): void => {
      entries.push(entry);
      if (input.format === "text") io.stdout.write(renderEntry(entry, paint));
    };
    const stream = connection.open();
    const outcome = await driveExchange(exchange, { stream, deadlineMs, observe }).finally(() =>
      connection.close(),
    );
    io.stdout.write(
      input.format === "text" ? renderOutcome(outcome, paint) : exchangeToJson(entries, outcome),
    );
    const isInOrder = outcome.kind === "processed" || outcome.kind === "refused";
    return isInOrder ? exitCodes.done : exitCodes.failed;
  },
});

function readDeadline(text: string): number {
  const deadlineMs = Number(text);
  if (Number.isInteger(deadlineMs) && deadlineMs >= 1 && deadlineMs <= 3_600_000) return deadlineMs;
  throw new UsageError(
    `--deadline-ms takes a whole number of milliseconds, found "${text}".`,
    "Give one from 1 to 3600000.",
  );
}

function usableExchange(
  { exchange, problems }: ParsedExchange,
  { request }: { readonly request: string },
  io: Io,
): ProbeExchange {
  if (exchange !== undefined) return exchange;
  io.stderr.write(renderProblems(problems, (_tone, plain) => plain, false));
  throw new UsageError(
    `${request} does not describe an exchange.`,
    "Run `chancery probe --help` for a complete one.",
  );
}
