/**
 * Bounds of one server, in the units their names end with (audit-and-operations 8.3). Each has a
 * fault code and a counter.
 */
export interface Limits {
  /** One gRPC message, checked from its five-byte prefix before anything is buffered. */
  readonly messageBytesMax: number;
  /** The body held for one exchange and direction, encoded or decoded. */
  readonly bodyBytesMax: number;
  /** All bodies held by the process at one moment. */
  readonly heldBytesMax: number;
  readonly headersMax: number;
  readonly headerBytesMax: number;
  readonly jsonDepthMax: number;
  readonly jsonKeysMax: number;
  /** Decoded size over encoded size of a compressed body. */
  readonly decodeRatioMax: number;
}

export const defaultLimits: Limits = {
  messageBytesMax: 10 * 1024 * 1024,
  bodyBytesMax: 8 * 1024 * 1024,
  heldBytesMax: 256 * 1024 * 1024,
  headersMax: 256,
  headerBytesMax: 64 * 1024,
  jsonDepthMax: 64,
  jsonKeysMax: 100_000,
  decodeRatioMax: 100,
};

/** Findings, rules and tools listed in one record, and its bytes (audit-and-operations 2.1). */
export const recordListMax = 64;
export const recordBytesMax = 16 * 1024;
