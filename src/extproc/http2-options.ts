import type { ServerOptions } from "node:http2";

/**
 * Settings of every connection (audit-and-operations 8.2): never fewer streams than Envoy assumes,
 * windows a 1 MB body fits into, and bounds on what a peer can make the library hold.
 */
export const http2ServerOptions: ServerOptions = {
  settings: {
    maxConcurrentStreams: 2048,
    initialWindowSize: 1024 * 1024,
    maxHeaderListSize: 64 * 1024,
    enablePush: false,
  },
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  maxOutstandingPings: 10,
  maxSettings: 32,
  // Megabytes. Our own byte budget acts first.
  maxSessionMemory: 256,
  // Envoy resets each stream it is done with; at the defaults (1000, then 33 a second) the library
  // answers with GOAWAY, which fails every exchange on the connection.
  streamResetBurst: 1_000_000,
  streamResetRate: 1_000_000,
};
