import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** SHA-256 of bytes, or of a text as UTF-8, in 64 lower-case hex digits. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** `sha256:` and the hex SHA-256 of a text as UTF-8. */
export function digestOfText(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

/** `sha256:` and the hex SHA-256 of the RFC 8785 form of a JSON value. */
export function digestOf(value: unknown): string {
  return digestOfText(canonicalJson(value));
}
