const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators: readonly number[] = [
  ...[0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3],
];
const bech32Constant = 1;
const bech32mConstant = 0x2bc830a3;

/**
 * Whether a text in small letters is an address of segregated witness: the prefix, `1`, a version and
 * a checksum, bech32 for version 0 (BIP 173) and bech32m for the others (BIP 350).
 */
export function passesBech32(text: string, prefix: string): boolean {
  if (!text.startsWith(`${prefix}1`)) return false;
  let check = 1;
  for (let at = 0; at < prefix.length; at += 1) check = step(check, prefix.charCodeAt(at) >> 5);
  check = step(check, 0);
  for (let at = 0; at < prefix.length; at += 1) check = step(check, prefix.charCodeAt(at) & 31);
  for (let at = prefix.length + 1; at < text.length; at += 1) {
    const value = alphabet.indexOf(text.charAt(at));
    if (value < 0) return false;
    check = step(check, value);
  }
  const isFirstVersion = text.charAt(prefix.length + 1) === alphabet.charAt(0);
  return check === (isFirstVersion ? bech32Constant : bech32mConstant);
}

function step(check: number, value: number): number {
  const top = check >>> 25;
  let next = ((check & 0x1ffffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit += 1) {
    if (((top >> bit) & 1) !== 0) next ^= generators[bit] ?? 0;
  }
  return next;
}
