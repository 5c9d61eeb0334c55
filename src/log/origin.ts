/** Bytes an origin may have, so that the longest still leaves a record most of its 16 KiB. */
const originBytesMax = 512;

/**
 * Whether a text can be the first part of log names: letters, digits and `. _ -` between slashes
 * (audit-and-operations 4.1).
 */
export function isLogOrigin(text: string): boolean {
  return text.length <= originBytesMax && /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(text);
}
