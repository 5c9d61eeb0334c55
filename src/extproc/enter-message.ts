import type protobuf from "protobufjs/minimal.js";

/** Narrows the reader to the message that starts here; gives the length to set back after it. */
export function enter(reader: protobuf.Reader): number {
  const bytes = reader.size();
  const outer = reader.len;
  const end = reader.pos + bytes;
  if (end > outer) throw new RangeError("a message reaches beyond the one around it");
  reader.len = end;
  return outer;
}
