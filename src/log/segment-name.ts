const digits = 12;

/** The file name of a segment whose first record has `seq`. */
export function segmentName(seq: number): string {
  return `${padSize(seq)}.jsonl`;
}

/** The file name of its seal. */
export function sealName(seq: number): string {
  return `${padSize(seq)}.seal.json`;
}

/** A count as it stands in file names: 12 digits, so that names sort as numbers do. */
export function padSize(size: number): string {
  return String(size).padStart(digits, "0");
}

/** The `seq` in a file name with this ending, undefined where it is another file. */
export function seqOfName(
  name: string,
  ending: ".jsonl" | ".seal.json" | ".checkpoint",
): number | undefined {
  if (name.length !== digits + ending.length || !name.endsWith(ending)) return undefined;
  const text = name.slice(0, digits);
  return /^[0-9]{12}$/.test(text) ? Number(text) : undefined;
}
