import type { HeaderField } from "../domain/index.ts";
import type { HeaderEdit } from "./commands.ts";

/** The headers that model providers take credentials in. */
const credentialHeaders = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/**
 * Puts a provider's credential in the place of whatever the caller sent. Each of the other headers
 * is removed whether the caller sent it or not: none of them is for this provider.
 */
export function withCredential(edit: HeaderEdit, credential: HeaderField): HeaderEdit {
  const others = credentialHeaders.filter((name) => name !== credential.name);
  return { set: [...edit.set, credential], remove: [...edit.remove, ...others] };
}
