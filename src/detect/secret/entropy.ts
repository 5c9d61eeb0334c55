const counts = new Uint16Array(256);

/** Shannon entropy of a text in bits per character. Meant for text that is ASCII as a whole. */
export function entropyBits(value: string): number {
  const { length } = value;
  for (let at = 0; at < length; at += 1) bump(value.charCodeAt(at) & 0xff);
  let bits = 0;
  for (let at = 0; at < length; at += 1) {
    const code = value.charCodeAt(at) & 0xff;
    const count = counts[code] ?? 0;
    if (count === 0) continue;
    bits -= (count / length) * Math.log2(count / length);
    counts[code] = 0;
  }
  return bits;
}

function bump(code: number): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
