/** Tokens that callers use as their API keys. */
export interface AcceptedTokens {
  /** The claim `iss` that they must have. */
  readonly issuer: string;
  /** At least one of them must be in the claim `aud`; absent: it is not looked at. */
  readonly audiences?: readonly string[];
  /** A JSON Web Key Set (RFC 7517) that their signatures are checked against; read once. */
  readonly jwksPath: string;
}

/**
 * Envoy's filter that lets nobody pass without a valid token, wherever a client of a model provider
 * puts its API key. The claims go into metadata; the token itself goes no further, so that no model
 * server gets to see it.
 */
export function tokenFilter({ issuer, audiences, jwksPath }: AcceptedTokens): object {
  return {
    name: "envoy.filters.http.jwt_authn",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
      providers: {
        callers: {
          issuer,
          ...(audiences === undefined ? {} : { audiences }),
          local_jwks: { filename: jwksPath },
          from_headers: [{ name: "authorization", value_prefix: "Bearer " }, { name: "x-api-key" }],
          payload_in_metadata: "chancery",
          forward: false,
        },
        nobody: { local_jwks: { filename: jwksPath }, from_headers: [{ name: noHeader }] },
      },
      rules: [
        ...ambiguous.map((headers) => ({
          match: { prefix: "/", headers },
          requires: { provider_name: "nobody" },
        })),
        { match: { prefix: "/" }, requires: { provider_name: "callers" } },
      ],
    },
  };
}

/** Removed from every request before this filter runs, so what asks for it is asked in vain. */
const noHeader = "x-chancery-none";

/**
 * Requests with two tokens: Envoy would verify both and pass on the claims of one. Two values of one
 * name are joined by a comma, which stands in no token. Of `x-api-key` lines that came apart Envoy
 * looks at the first alone and takes off all; no matcher can tell that there were several.
 */
const ambiguous = [
  [
    { name: "authorization", present_match: true },
    { name: "x-api-key", present_match: true },
  ],
  [{ name: "authorization", string_match: { contains: "," } }],
  [{ name: "x-api-key", string_match: { contains: "," } }],
];
