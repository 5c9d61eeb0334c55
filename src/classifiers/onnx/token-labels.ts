/** What the labels of a model mean, in the order of its outputs. */
export interface TokenLabels {
  /** What it tells, without `B-` and `I-`, each once. */
  readonly types: readonly string[];
  /** By output, the index of its type; undefined: nothing. */
  readonly typeOf: readonly (number | undefined)[];
  /** By output: another of the type begins here. */
  readonly begins: readonly boolean[];
}

/** Which type a word is of, and how likely. */
export interface WordLabel {
  /** Index of a type; undefined: none. */
  readonly type: number | undefined;
  readonly begins: boolean;
  /** 0 to 1. */
  readonly confidence: number;
}

/** The types that BIO labels such as `O`, `B-PER`, `I-PER` tell, in the order of the labels. */
export function typesOfLabels(labels: readonly string[]): readonly string[] {
  return [...new Set(labels.flatMap((label) => typeOfLabel(label) ?? []))];
}

/** Reads BIO labels. What has no `B-` or `I-` before it is a type that never begins anew. */
export function readLabels(labels: readonly string[]): TokenLabels {
  const types = typesOfLabels(labels);
  return {
    types,
    typeOf: labels.map((label) => {
      const type = typeOfLabel(label);
      return type === undefined ? undefined : types.indexOf(type);
    }),
    begins: labels.map((label) => label.startsWith("B-")),
  };
}

/** The most likely type of one row of logits; what begins it and what goes on with it are one type. */
export function labelOf(
  { begins, typeOf, types }: TokenLabels,
  logits: ArrayLike<number>,
  row: number,
): WordLabel {
  let nothing = 0;
  const byType = new Array<number>(types.length).fill(0);
  const beginning = new Array<number>(types.length).fill(0);
  for (const [at, share] of sharesOf(logits, row, typeOf.length).entries()) {
    const type = typeOf[at];
    if (type === undefined) nothing += share;
    else {
      byType[type] = (byType[type] ?? 0) + share;
      if (begins[at]) beginning[type] = (beginning[type] ?? 0) + share;
    }
  }
  const all = byType.reduce((sum, share) => sum + share, nothing);
  // A model whose numbers are none has said nothing, which is not the same as that nothing is there.
  if (!Number.isFinite(all)) throw new Error("the model told no numbers");
  const type = byType.reduce((best, share, at) => (share > (byType[best] ?? 0) ? at : best), 0);
  const share = byType[type] ?? 0;
  if (!(share > nothing)) return { type: undefined, begins: false, confidence: nothing / all };
  return { type, begins: (beginning[type] ?? 0) * 2 > share, confidence: share / all };
}

/** The exponentials of a row, the largest of them 1 (softmax, but for the sum). */
function sharesOf(logits: ArrayLike<number>, row: number, width: number): readonly number[] {
  const own = Array.from({ length: width }, (_, at) => logits[row * width + at] ?? Number.NaN);
  const most = Math.max(...own);
  return own.map((logit) => Math.exp(logit - most));
}

function typeOfLabel(label: string): string | undefined {
  if (label === "O") return undefined;
  return /^[BI]-./.test(label) ? label.slice(2) : label;
}
