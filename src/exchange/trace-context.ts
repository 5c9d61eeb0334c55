/** Where an exchange stands in a trace, in lower-case hex. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Whoever began the trace keeps it. */
  readonly isSampled: boolean;
}

/** Neither id is all zeroes, and no version is ff. */
const form =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
/** Of version 00; later ones may say more behind it. */
const lengthOfFirst = 55;
const sampledFlag = 1;

/** Reads a `traceparent` (W3C Trace Context section 3.2); anything else counts as no trace. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = header === undefined ? null : form.exec(header);
  const [, version, traceId, spanId, flags = ""] = match ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  if (version === "00" && header?.length !== lengthOfFirst) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & sampledFlag) !== 0 };
}
