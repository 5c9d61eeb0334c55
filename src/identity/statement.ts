import type { IdentitySource, MetadataFields } from "../domain/index.ts";

/** What one identity source says about a caller; a member that is absent was not said. */
export interface Statement {
  readonly source: IdentitySource;
  /** On whose behalf. */
  readonly principal?: string;
  readonly issuer?: string;
  /** The SPIFFE id of who calls. */
  readonly workload?: string;
  readonly tenant?: string;
  readonly app?: string;
  /** The OAuth client, for the selectors of apps. */
  readonly client?: string;
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
  readonly claims?: MetadataFields;
}

/** A statement, none, or one that contradicts itself or cannot be read, so nobody is believed. */
export type Testimony = Statement | "unreadable" | undefined;
