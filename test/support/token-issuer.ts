import { generateKeyPairSync, sign } from "node:crypto";

/** Claims beside `iss` and `exp`. */
type Claims = Readonly<Record<string, unknown>>;

/** Someone who signs tokens. */
export interface TokenIssuer {
  /** A JSON Web Key Set with the public key. */
  readonly jwks: string;
  /** A token valid for a minute, unless the claims say something else. */
  issue(claims: Claims): string;
}

/** Makes an issuer with a key of its own (ES256, RFC 7518 section 3.4). */
export function createTokenIssuer(issuer: string): TokenIssuer {
  const { privateKey: key, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = publicKey.export({ format: "jwk" });
  return {
    jwks: JSON.stringify({ keys: [{ ...jwk, kid: "key", use: "sig", alg: "ES256" }] }),
    issue(claims) {
      const exp = Math.floor(Date.now() / 1000) + 60;
      const head = encode({ alg: "ES256", kid: "key", typ: "JWT" });
      const text = `${head}.${encode({ iss: issuer, exp, ...claims })}`;
      const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
      return `${text}.${signature.toString("base64url")}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
