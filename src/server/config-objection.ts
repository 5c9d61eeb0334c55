import type { ConfigPath } from "./config-document.ts";

/** A value of the right shape that cannot work, or will not do what its author may expect. */
export interface ConfigObjection {
  readonly path: ConfigPath;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string;
}
