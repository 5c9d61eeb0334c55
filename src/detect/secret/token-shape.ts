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
  /** Confidence in percent of a run of such characters that begins with `prefix`; 0 for none. */
  judge(token: string, prefix: string): number;
  /** Whether it may begin at `start`, by what stands right before it. */
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
  const { basePct } = shape.kind;
  return {
    ...shape,
    judge(token, prefix) {
      const rest = token.slice(prefix.length);
      return body.test(rest) && isRandom(rest, bitsMin ?? bitsMinUsual) ? (pct ?? basePct) : 0;
    },
  };
}

/** Whether a text is as mixed as chance makes it, and no filling. */
export function isRandom(text: string, bitsMin: number): boolean {
  return entropyBits(text) >= bitsMin && !isPlaceholder(text);
}
