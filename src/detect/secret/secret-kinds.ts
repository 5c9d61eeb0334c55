import { type CatalogueEntry, ranks } from "../scan/family.ts";

/** What a secret is listed as besides its name. */
export interface SecretEntry {
  readonly example?: string;
  readonly check: string;
  readonly basePct: number;
  readonly context?: "no" | "bare" | "yes";
  readonly rank?: number;
  /** Version of its detector; 1 if left out. */
  readonly version?: number;
}

/**
 * Rank of what only its label or its neighbours call a secret: an identifier with a check of its own
 * that stands there is that identifier, and words are not.
 */
export const labelledSecretRank = (ranks.financial + ranks.government) / 2;

/** Rank of what merely looks random beside a word for secrets: whatever else it is, it is that. */
export const looseSecretRank = ranks.network / 2;

/** A type of secret: its class and detector follow from its name. */
export function secretKind(type: string, entry: SecretEntry): CatalogueEntry {
  const name = type.toLowerCase();
  const { example = "", check, basePct, context = "no", rank = ranks.secret, version = 1 } = entry;
  return {
    type,
    dataClass: `secret.${name}`,
    detector: `${name}@${version}`,
    rank,
    example,
    check,
    context,
    basePct,
    countries: [],
  };
}
