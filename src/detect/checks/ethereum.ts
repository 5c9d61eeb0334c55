import { keccak256 } from "./keccak.ts";

/**
 * Whether 40 hexadecimal digits carry the checksum of EIP-55: each letter is a capital where the
 * digest of the address in small letters has its highest bit set.
 */
export function passesEthereumChecksum(hex: string): boolean {
  const digest = keccak256(hex.toLowerCase());
  for (let at = 0; at < hex.length; at += 1) {
    const unit = hex.charCodeAt(at);
    if (unit <= 0x39) continue;
    const nibble = ((digest[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 0xf;
    const isCapital = unit <= 0x46;
    if (isCapital !== nibble > 7) return false;
  }
  return true;
}
