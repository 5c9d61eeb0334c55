/**
 * The bytes of a text in base64 (RFC 4648 section 4), or undefined where it is none. Only the one
 * form that the bytes have is taken, so that two texts never mean the same.
 */
export function decodeBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
