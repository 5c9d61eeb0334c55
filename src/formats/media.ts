const base64Bytes = new Uint8Array(256);
// Both alphabets of RFC 4648 and the padding.
for (const byte of Buffer.from("+/-_=")) base64Bytes[byte] = 1;
base64Bytes.fill(1, 0x30, 0x3a);
base64Bytes.fill(1, 0x41, 0x5b);
base64Bytes.fill(1, 0x61, 0x7b);

/** A data URI says what it holds in a few words before its comma (RFC 2397). */
const dataUriHeadBytesMax = 256;

/**
 * True for base64 all through, or a base64 data URI of it. Anything else where media should stand
 * is looked at as text, so that text cannot hide there.
 */
export function isMedia(bytes: Buffer, start: number, end: number): boolean {
  return isBase64(bytes, dataStart(bytes, start, end), end);
}

function dataStart(bytes: Buffer, start: number, end: number): number {
  if (end - start < 5 || bytes.toString("latin1", start, start + 5) !== "data:") return start;
  const head = bytes.toString("latin1", start, Math.min(end, start + dataUriHeadBytesMax));
  const marker = head.indexOf(";base64,");
  return marker < 0 ? start : start + marker + ";base64,".length;
}

function isBase64(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position += 1) {
    if (base64Bytes[bytes[position] as number] === 1) continue;
    if (!isEscapedSeparator(bytes, position)) return false;
    position += 1;
  }
  return true;
}

/** A solidus or line break as JSON may write it; any other escape could stand for anything. */
function isEscapedSeparator(bytes: Buffer, position: number): boolean {
  const next = bytes[position + 1];
  return bytes[position] === 0x5c && (next === 0x2f || next === 0x6e || next === 0x72);
}
