/**
 * Health, readiness, metrics and status over HTTP, for probes and people on this machine
 * (audit-and-operations 11). Read-only and without authentication, so it listens on loopback or a
 * Unix socket and nowhere else. It knows none of what it shows. Start with `createAdminServer`.
 */
export { AdminAddressError, parseAdminAddress } from "./admin-address.ts";
export { type AdminServer, createAdminServer } from "./admin-server.ts";
export type { AdminOptions } from "./respond.ts";
