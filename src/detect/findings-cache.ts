/** Four numbers for each finding: its kind, its confidence in percent, its start and its end. */
export type PackedFindings = readonly number[];

/**
 * Keeps what was found in texts, without the texts. What one tenant asked never answers another: a
 * lookup that is quick would tell that somebody else sent the same text.
 */
export interface FindingsCache {
  /** What was kept under this key for this tenant, if it is still there. */
  get(tenant: string, key: string): PackedFindings | undefined;
  /** Keeps it for as long as there is room. */
  keep(tenant: string, key: string, findings: PackedFindings): void;
}
