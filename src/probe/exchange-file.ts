import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { LineCounter, parseDocument } from "yaml";
import { type Problem, sortProblems } from "../base/index.ts";
import {
  type ProbeExchange,
  type ProbeHeader,
  type ProbeMessage,
  probeBodyModes,
} from "./exchange.ts";

const headers = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Array(Type.String())]),
);
const body = Type.Union([Type.String(), Type.Object({}), Type.Array(Type.Unknown())]);
const strict = { additionalProperties: false };

const schema = Type.Object(
  {
    request: Type.Object(
      {
        method: Type.Optional(Type.String({ pattern: "^[A-Z]+$" })),
        path: Type.String({ pattern: "^/" }),
        authority: Type.Optional(Type.String()),
        headers: Type.Optional(headers),
        body: Type.Optional(body),
        chunks: Type.Optional(Type.Array(Type.String())),
        trailers: Type.Optional(headers),
      },
      strict,
    ),
    response: Type.Optional(
      Type.Object(
        {
          status: Type.Optional(Type.Integer({ minimum: 100, maximum: 999 })),
          headers: Type.Optional(headers),
          body: Type.Optional(body),
          chunks: Type.Optional(Type.Array(Type.String())),
          trailers: Type.Optional(headers),
        },
        strict,
      ),
    ),
    modes: Type.Optional(
      Type.Object(
        {
          request: Type.Optional(Type.Enum(probeBodyModes)),
          response: Type.Optional(Type.Enum(probeBodyModes)),
        },
        strict,
      ),
    ),
    attributes: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    ),
  },
  strict,
);

type FileValue = Static<typeof schema>;
type MessageValue = Pick<FileValue["request"], "headers" | "body" | "chunks" | "trailers">;

/** The exchange that a file describes, absent when there is any problem. */
export interface ParsedExchange {
  readonly exchange: ProbeExchange | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads an exchange in YAML or JSON: `request` (`path`, and `method`, `authority`, `headers`, `body`
 * or `chunks`, `trailers`), `response` (`status` and the same) and `modes`. A body that is not text
 * is sent as JSON. What a client adds by itself is added: content type and length, host.
 */
export function parseProbeExchange(file: {
  readonly path: string;
  readonly text: string;
}): ParsedExchange {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const problemAt = (offset: number | undefined, message: string): Problem => {
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return problem(file.path, message, { line, column: col });
  };
  const syntax = document.errors.map(({ message, pos }) => problemAt(pos[0], message));
  if (syntax.length > 0) return { exchange: undefined, problems: syntax };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Thrown for aliases alone: unknown ones, and more of them than the bound.
    return { exchange: undefined, problems: [problemAt(undefined, (error as Error).message)] };
  }
  if (!Value.Check(schema, value)) {
    const problems = Value.Errors(schema, value).flatMap((error) => {
      const message = describeError(error);
      const path = error.instancePath.split("/").slice(1);
      const node = document.getIn(path, true) as { readonly range?: readonly number[] } | undefined;
      return message === undefined ? [] : [problemAt(node?.range?.[0], message)];
    });
    return { exchange: undefined, problems: sortProblems(problems) };
  }
  if (hasTwoBodies(value.request) || hasTwoBodies(value.response ?? {})) {
    const found = "`body` and `chunks` both say what the body is; keep one";
    return { exchange: undefined, problems: [problem(file.path, found)] };
  }
  return { exchange: toExchange(value), problems: [] };
}

/** What is wrong at one place of the file; undefined for what another error says better. */
function describeError(error: {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
}): string | undefined {
  const place = error.instancePath.slice(1).replaceAll("/", ".");
  const name = place === "" ? "the file" : `\`${place}\``;
  switch (error.keyword) {
    case "boolean":
      return `unknown key ${name}`;
    case "additionalProperties":
    case "anyOf":
      return undefined;
    case "required": {
      const { requiredProperties } = error.params as { requiredProperties: readonly string[] };
      return `${name} lacks ${requiredProperties.map((key) => `\`${key}\``).join(", ")}`;
    }
    case "enum": {
      const { allowedValues } = error.params as { allowedValues: readonly string[] };
      return `${name} takes ${allowedValues.join(", ")}`;
    }
    default:
      return `${name} ${error.message}`;
  }
}

function problem(
  path: string,
  message: string,
  location: { line: number; column: number } = { line: 0, column: 0 },
): Problem {
  const hint = "Run `chancery probe --help` for the shape of the file.";
  return { code: "C01", severity: "error", file: path, ...location, message, hint };
}

function hasTwoBodies(message: MessageValue): boolean {
  return message.body !== undefined && message.chunks !== undefined;
}

function toExchange(value: FileValue): ProbeExchange {
  const { request, response, modes } = value;
  const chunks = toChunks(request);
  return {
    request: toMessage(request, chunks, [
      [":method", request.method ?? (chunks.length === 0 ? "GET" : "POST")],
      [":path", request.path],
      [":authority", request.authority ?? "localhost"],
      [":scheme", "http"],
    ]),
    ...(response === undefined
      ? {}
      : {
          response: toMessage(response, toChunks(response), [
            [":status", String(response.status ?? 200)],
          ]),
        }),
    // What the shipped Envoy configuration sets.
    modes: {
      request: modes?.request ?? "BUFFERED",
      response: modes?.response ?? "FULL_DUPLEX_STREAMED",
    },
    attributes: value.attributes ?? {},
  };
}

function toMessage(
  message: MessageValue,
  chunks: readonly Buffer[],
  pseudo: readonly ProbeHeader[],
): ProbeMessage {
  const given = toHeaders(message.headers ?? {});
  const has = (name: string): boolean => given.some(([key]) => key === name);
  const added: ProbeHeader[] = [];
  if (typeof message.body === "object" && !has("content-type")) {
    added.push(["content-type", "application/json"]);
  }
  // A body in pieces is one whose length was not known when its headers left.
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (message.body !== undefined && !has("content-length")) {
    added.push(["content-length", String(length)]);
  }
  return {
    headers: [...pseudo, ...given, ...added],
    chunks,
    ...(message.trailers === undefined ? {} : { trailers: toHeaders(message.trailers) }),
  };
}

function toHeaders(value: NonNullable<MessageValue["headers"]>): readonly ProbeHeader[] {
  return Object.entries(value).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map(
      (text) => [name.toLowerCase(), String(text)] as const,
    ),
  );
}

function toChunks(message: MessageValue): readonly Buffer[] {
  if (message.chunks !== undefined) return message.chunks.map((chunk) => Buffer.from(chunk));
  if (message.body === undefined || message.body === "") return [];
  const text = typeof message.body === "string" ? message.body : JSON.stringify(message.body);
  return [Buffer.from(text)];
}
