import type { HeaderField } from "../domain/index.ts";
import type { ExchangeCommand, ExchangeMetadata, HeaderEdit } from "../exchange/index.ts";
import { envoy, type google } from "./gen/messages.js";

type ProcessingResponse = envoy.service.ext_proc.v3.ProcessingResponse.$Properties;
type CommonResponse = envoy.service.ext_proc.v3.CommonResponse.$Properties;
type ImmediateResponse = envoy.service.ext_proc.v3.ImmediateResponse.$Properties;
type HeaderMutation = envoy.service.ext_proc.v3.HeaderMutation.$Properties;
type HeaderValueOption = envoy.config.core.v3.HeaderValueOption.$Properties;
type BodyMutation = envoy.service.ext_proc.v3.BodyMutation.$Properties;
type Struct = google.protobuf.Struct.$Properties;

/** A command that is a message; `error` is none, it is how the stream ends. */
export type MessageCommand = Exclude<ExchangeCommand, { readonly kind: "error" }>;

/** Namespace of our values in the proxy's dynamic metadata (audit-and-operations 9). */
const metadataNamespace = "chancery";

/** The answer Envoy reads for a command. */
export function toResponse(command: MessageCommand): ProcessingResponse {
  switch (command.kind) {
    case "piece":
      return withMetadata(pieceAnswer(command), command.metadata);
    case "headers":
      return withMetadata(headersAnswer(command), command.metadata);
    case "body":
      return withMetadata(bodyAnswer(command), command.metadata);
    case "trailers":
      return withMetadata(trailersAnswer(command), command.metadata);
    case "immediate":
      return withMetadata(immediateAnswer(command), command.metadata);
  }
}

function pieceAnswer(command: MessageCommand & { readonly kind: "piece" }): ProcessingResponse {
  const { bytes, endOfStream } = command;
  const answer = { response: { bodyMutation: { streamedResponse: { body: bytes, endOfStream } } } };
  return command.direction === "request" ? { requestBody: answer } : { responseBody: answer };
}

function headersAnswer(command: MessageCommand & { readonly kind: "headers" }): ProcessingResponse {
  const response = commonResponse(command.edit, command.clearRouteCache, undefined);
  const answer = response === undefined ? {} : { response };
  return command.direction === "request" ? { requestHeaders: answer } : { responseHeaders: answer };
}

function bodyAnswer(command: MessageCommand & { readonly kind: "body" }): ProcessingResponse {
  const mutation = command.bytes === undefined ? undefined : wholeBody(command.bytes);
  const response = commonResponse(command.edit, command.clearRouteCache, mutation);
  const answer = response === undefined ? {} : { response };
  return command.direction === "request" ? { requestBody: answer } : { responseBody: answer };
}

function trailersAnswer({
  direction,
  edit,
}: MessageCommand & { readonly kind: "trailers" }): ProcessingResponse {
  const answer = edit === undefined ? {} : { headerMutation: toHeaderMutation(edit) };
  return direction === "request" ? { requestTrailers: answer } : { responseTrailers: answer };
}

/** An empty body has a form of its own: an empty `body` could be read as none given. */
function wholeBody(bytes: Buffer): BodyMutation {
  return bytes.length === 0 ? { clearBody: true } : { body: bytes };
}

/** Undefined when nothing changes: then the answer is empty. */
function commonResponse(
  edit: HeaderEdit | undefined,
  clearRouteCache: boolean | undefined,
  bodyMutation: BodyMutation | undefined,
): CommonResponse | undefined {
  if (edit === undefined && clearRouteCache !== true && bodyMutation === undefined)
    return undefined;
  const response: CommonResponse = {};
  if (edit !== undefined) response.headerMutation = toHeaderMutation(edit);
  if (bodyMutation !== undefined) response.bodyMutation = bodyMutation;
  if (clearRouteCache === true) response.clearRouteCache = true;
  return response;
}

function toHeaderMutation(edit: HeaderEdit): HeaderMutation {
  const mutation: HeaderMutation = { setHeaders: edit.set.map(overwrite) };
  if (edit.remove.length > 0) mutation.removeHeaders = [...edit.remove];
  return mutation;
}

/**
 * Envoy reads `raw_value` only and takes an absent `append` as overwrite; agentgateway reads
 * `append_action`. This pair means the same to both.
 */
function overwrite(field: HeaderField): HeaderValueOption {
  return {
    header: { key: field.name, rawValue: Buffer.from(field.value, "utf8") },
    appendAction: overwriteIfExistsOrAdd,
  };
}

const overwriteIfExistsOrAdd =
  envoy.config.core.v3.HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD;

function immediateAnswer(
  command: MessageCommand & { readonly kind: "immediate" },
): ProcessingResponse {
  const { status, headers, body, details } = command;
  const immediateResponse: ImmediateResponse = { status: { code: status }, body, details };
  if (headers.length > 0) immediateResponse.headers = { setHeaders: headers.map(overwrite) };
  return { immediateResponse };
}

function withMetadata(
  response: ProcessingResponse,
  metadata: ExchangeMetadata | undefined,
): ProcessingResponse {
  if (metadata === undefined) return response;
  const fields: NonNullable<Struct["fields"]> = {};
  for (const [name, value] of Object.entries(metadata)) {
    fields[name] = typeof value === "string" ? { stringValue: value } : { numberValue: value };
  }
  response.dynamicMetadata = { fields: { [metadataNamespace]: { structValue: { fields } } } };
  return response;
}
