import type { CatalogueEntry } from "../scan/family.ts";
import { entropyBits } from "./entropy.ts";
import { isPlaceholder } from "./placeholders.ts";

/** A kind of token that its first characters tell. All shapes are looked for together. */
export interface TokenShape {
  readonly kind: CatalogueEntry;
  /** What it begins with: one of these, each two ASCII characters or longer. */
  readonly prefixes: readonly string[];
  /** Characters it may have besides ASCII letters, digits, `_` and `-`. */
  readonly marks?: string;
  /** It has neither `_` nor `-`, so that either may stand beside it. */
  readonly isWord?: boolean;
  /** Longest token looked at, if another than usual. */
  readonly unitsMax?: number;
  /**
   * Confidence in percent of a run of such characters that begins with `prefix` and stands at `start` of
   * the text that is laid down; 0 for none.
   */
  judge(token: string, prefix: string, start: number): number;
  /** Whether it may begin at `start`; if left out, behind whatever it may not have in itself. */
  mayBegin?(start: number): boolean;
}

/** What a token must be behind its prefix. */
export interface TokenBody {
  readonly kind: CatalogueEntry;
  readonly prefixes: readonly string[];
  readonly body: RegExp;
  /** Least entropy of the body, in bits per character. */
  readonly bitsMin?: number;
  /** Confidence in percent, if another than the usual one of its kind. */
  readonly pct?: number;
  readonly marks?: string;
  readonly unitsMax?: number;
}

const bitsMinUsual = 3;

/** A shape that is told by prefix, alphabet and length alone. */
export function tokenShape({ body, bitsMin, pct, ...shape }: TokenBody): TokenShape {
  const bits = bitsMin ?? bitsMinUsual;
  const confidencePct = pct ?? shape.kind.basePct;
  return {
    ...shape,
    judge(token, prefix, start) {
      const rest = token.slice(prefix.length);
      if (!body.test(rest) || !isRandom(rest, start + prefix.length, bits)) return 0;
      return confidencePct;
    },
  };
}

/** Whether a value that begins at `start` of the text laid down is as mixed as chance makes it, and no filling. */
export function isRandom(value: string, start: number, bitsMin: number): boolean {
  return entropyBits(start, start + value.length) >= bitsMin && !isPlaceholder(value, start);
}
