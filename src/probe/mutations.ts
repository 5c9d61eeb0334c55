import { ProtocolBreach } from "./conversation.ts";
import type { ProbeHeader } from "./exchange.ts";
import type { WireBodyMutation, WireHeaderMutation } from "./wire.ts";

/**
 * Headers after a mutation, as Envoy applies it: removals first, then sets in order, each replacing
 * all of its name unless it appends. Throws `ProtocolBreach` for a value that Envoy would not read.
 */
export function mutateHeaders(
  headers: readonly ProbeHeader[],
  mutation: WireHeaderMutation | undefined,
): readonly ProbeHeader[] {
  const removed = new Set(mutation?.remove_headers?.map((name) => name.toLowerCase()));
  let result = headers.filter(([name]) => !removed.has(name));
  for (const { header, append } of mutation?.set_headers ?? []) {
    const name = (header?.key ?? "").toLowerCase();
    if (header?.value && !header.raw_value?.length) {
      throw new ProtocolBreach(`${name} is set by \`value\`, so Envoy writes an empty header`);
    }
    if (append?.value !== true) result = result.filter(([other]) => other !== name);
    result = [...result, [name, header?.raw_value?.toString("utf8") ?? ""]];
  }
  return result;
}

/** The body after a mutation outside FULL_DUPLEX_STREAMED; `streamed_response` has no place there. */
export function mutateBody(body: Buffer, mutation: WireBodyMutation | undefined): Buffer {
  if (mutation?.streamed_response !== undefined) {
    throw new ProtocolBreach("streamed_response outside FULL_DUPLEX_STREAMED: the original passes");
  }
  if (mutation?.clear_body) return Buffer.alloc(0);
  return mutation?.body ?? body;
}

/** Throws `ProtocolBreach` when a rewritten body and its announced length disagree. */
export function checkContentLength(headers: readonly ProbeHeader[], body: Buffer): void {
  const announced = headers.find(([name]) => name === "content-length")?.[1];
  if (announced !== undefined && Number(announced) !== body.length) {
    throw new ProtocolBreach(`content-length ${announced} on a body of ${body.length} bytes`);
  }
}
