/**
 * Root keys that never leave a key management service (audit-and-operations 4.3): HashiCorp Vault and
 * OpenBao through their engine Transit. It signs what it is given and verifies what comes back; what
 * is signed, and when, the log knows. Start with `openTransitRoot`.
 */
export { parseKeyReference } from "./key-reference.ts";
export { openTransitRoot, type TransitKey } from "./transit-root.ts";
export type { VaultAddress, VaultTls } from "./vault-call.ts";
