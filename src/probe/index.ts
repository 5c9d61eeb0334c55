/**
 * Drives exchanges against a running server without Envoy, through grpc-js and proto-loader. Shares
 * no code with the server's own transport, so that it can judge it; it knows nothing of policies.
 * Start with `openProbe` for single messages and `driveExchange` for whole exchanges.
 */
export { openProbe } from "./client.ts";
export type { TranscriptEntry } from "./conversation.ts";
export { driveExchange, type ProbeOutcome } from "./drive.ts";
export type { ProbeExchange, ProbeHeader } from "./exchange.ts";
export { type ParsedExchange, parseProbeExchange } from "./exchange-file.ts";
export { loadProcessMethod } from "./service.ts";
