const idBytesMax = 2048;
const wellFormed = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/;

/** Whether a URI claims to be a SPIFFE id, well-formed or not. */
export function claimsSpiffe(uri: string): boolean {
  return /^spiffe:/i.test(uri);
}

/** Whether a text is a SPIFFE id (SPIFFE-ID, section 2): lower-case trust domain, plain path. */
export function isSpiffeId(text: string): boolean {
  return text.length <= idBytesMax && wellFormed.test(text);
}
