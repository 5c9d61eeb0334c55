import { type TSchema, Type } from "typebox";

/** A label of a DNS name, as a pattern without anchors. */
export const dnsLabel = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

/** A mapping of these keys and no others. */
export function mapping<const P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** A mapping that may be left out, all of whose keys have defaults. */
export function settings<const P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false, default: {} });
}

/** A path; relative ones start at the file's own folder. */
export const file = Type.String({ minLength: 1 });

/** Never the value itself: files have owners and modes, and can be renewed. */
export const credential = mapping({ file });

/** The header that a credential goes into. */
export function credentialHeader(options: { readonly default?: string } = {}) {
  return Type.String({
    ...options,
    pattern: "^(?!(?:host|connection|transfer-encoding)$|content-)[a-z0-9][-a-z0-9]{0,63}$",
    description: "the name of a header that takes a credential, in lower case",
  });
}

/** What stands before a credential in its header. */
export const credentialPrefix = Type.String({
  pattern: "^(?:[\\x21-\\x7e]{1,64} ?)?$",
  description: 'a word with a blank behind it, such as "Bearer ", or nothing',
});

/** Who vouches for a receiver, and who we are where it asks. */
export const clientTls = mapping({
  caFile: Type.Optional(file),
  certFile: Type.Optional(file),
  keyFile: Type.Optional(file),
});
