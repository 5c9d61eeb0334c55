/**
 * Envoy's external-processing protocol on `node:http2`: calls in, exchange events out, and back.
 * The only folder on the serving path that knows Envoy's messages; it decides nothing about what
 * passes, except that what it cannot carry out ends closed. Start with `createExtProcServer`.
 */
export type {
  MessageEvent,
  SessionClose,
  StreamEnd,
  TransportLimit,
  TransportObserver,
  WireError,
} from "./observer.ts";
export type {
  AcceptedBodyModes,
  ExtProcServer,
  ExtProcServerOptions,
  ListenOptions,
} from "./options.ts";
export type { PeerAllowList } from "./peer-names.ts";
export { createExtProcServer } from "./server.ts";
export { type ListenTls, secureContextOptions, type TlsMaterial } from "./tls.ts";
