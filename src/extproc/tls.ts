import { constants } from "node:crypto";
import type { SecureServerOptions } from "node:http2";
import type { SecureContextOptions } from "node:tls";
import { http2ServerOptions } from "./http2-options.ts";
import type { PeerAllowList } from "./peer-names.ts";

/** What a listener shows its peers, and by whom it wants theirs to be vouched for; PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authorities that vouch for peers. */
  readonly clientCa: Buffer;
}

/** Mutual TLS on a listener. */
export interface ListenTls {
  readonly material: TlsMaterial;
  /** Whose connections are taken, among those that the authorities vouch for. */
  readonly allow: PeerAllowList;
}

/** How long a peer may take to prove who it is. */
const handshakeMsMax = 10_000;

/** Settings of a listener with mutual TLS (audit-and-operations 13): 1.3, h2, and a certificate. */
export function secureServerOptions({ material }: ListenTls): SecureServerOptions {
  return {
    ...http2ServerOptions,
    ...secureContextOptions(material),
    requestCert: true,
    rejectUnauthorized: true,
    allowHTTP1: false,
    ALPNProtocols: ["h2"],
    handshakeTimeout: handshakeMsMax,
  };
}

/** The part of it that changes with the material. Throws where the material does not fit together. */
export function secureContextOptions(material: TlsMaterial): SecureContextOptions {
  const { cert, clientCa, key } = material;
  return {
    cert,
    key,
    ca: clientCa,
    minVersion: "TLSv1.3",
    // A resumed session would not show a certificate again, so an authority that is no longer
    // trusted would go on being so.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
