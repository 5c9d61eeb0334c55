import { isIP } from "node:net";
import { invariant } from "../base/index.ts";
import { socketAddress, toEndpoint } from "./address.ts";
import type { Upstream } from "./upstream.ts";

/** A cluster of the shipped bootstrap, as plain values. */
export type Cluster = Readonly<Record<string, unknown>>;

/** What varies about the connections to model servers. */
export interface UpstreamConnection {
  /** PEM file of the authorities that https upstreams are checked against; needed with such. */
  readonly trustedCaPath?: string;
  readonly http1Trailers?: boolean;
}

const protocolOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/**
 * The processor's cluster: the shipped one over other endpoints. Where there are several, each is
 * checked by gRPC health and set aside after failures, so that one of them can stop unnoticed
 * (audit-and-operations 12).
 */
export function processorCluster(shipped: Cluster, processor: readonly string[]): Cluster {
  invariant(processor.length > 0, "expected at least one processor address");
  const endpoints = processor.map(toEndpoint);
  return {
    ...shipped,
    ...lookup(endpoints.some(({ isNamed }) => isNamed) ? "STRICT_DNS" : "STATIC"),
    ...(endpoints.length > 1 ? severalEndpoints : {}),
    load_assignment: {
      cluster_name: "chancery",
      endpoints: [{ lb_endpoints: endpoints.map(({ address }) => ({ endpoint: { address } })) }],
    },
  };
}

const severalEndpoints = {
  health_checks: [
    {
      timeout: "1s",
      interval: "2s",
      no_traffic_interval: "2s",
      unhealthy_threshold: 2,
      healthy_threshold: 1,
      grpc_health_check: {},
    },
  ],
  outlier_detection: {
    consecutive_gateway_failure: 5,
    enforcing_consecutive_gateway_failure: 100,
    enforcing_consecutive_5xx: 0,
    enforcing_success_rate: 0,
    base_ejection_time: "5s",
    max_ejection_percent: 50,
  },
};

/** `model` for the only upstream, `model_PROVIDER` for one of several. */
export function upstreamClusterName({ provider }: Upstream): string {
  return provider === undefined ? "model" : `model_${provider}`;
}

/** A model server's cluster: the shipped one over another address, with TLS where the URL says so. */
export function upstreamCluster(
  shipped: Cluster,
  upstream: Upstream,
  connection: UpstreamConnection,
): Cluster {
  const name = upstreamClusterName(upstream);
  const isTls = upstream.url.protocol === "https:";
  const host = hostOf(upstream.url);
  const port = upstream.url.port === "" ? (isTls ? 443 : 80) : Number(upstream.url.port);
  const address = socketAddress({ host, port });
  return {
    ...shipped,
    name,
    ...lookup(isIP(host) === 0 ? "LOGICAL_DNS" : "STATIC"),
    ...(connection.http1Trailers ? withHttp1Trailers(shipped) : {}),
    ...(isTls ? { transport_socket: tlsTo(host, connection.trustedCaPath) } : {}),
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
}

function lookup(type: "STATIC" | "STRICT_DNS" | "LOGICAL_DNS"): object {
  return type === "STATIC" ? { type } : { type, dns_lookup_family: "V4_PREFERRED" };
}

/** A URL's host, an IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

function withHttp1Trailers(shipped: Cluster): object {
  const extensions = shipped["typed_extension_protocol_options"] as Readonly<
    Record<string, object>
  >;
  const explicit = { http_protocol_options: { enable_trailers: true } };
  const options = { ...extensions[protocolOptions], explicit_http_config: explicit };
  return { typed_extension_protocol_options: { [protocolOptions]: options } };
}

/**
 * TLS that accepts a certificate for this host only, from a trusted authority. By file, because Envoy
 * refuses `system_root_certs` together with a check of names.
 */
function tlsTo(host: string, trustedCaPath: string | undefined): object {
  invariant(trustedCaPath !== undefined, "an https upstream needs trustedCaPath");
  const isName = isIP(host) === 0;
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      // RFC 6066, section 3: a server name is never an address.
      ...(isName ? { sni: host } : {}),
      common_tls_context: {
        alpn_protocols: ["http/1.1"],
        validation_context: {
          trusted_ca: { filename: trustedCaPath },
          match_typed_subject_alt_names: [
            { san_type: isName ? "DNS" : "IP_ADDRESS", matcher: { exact: host } },
          ],
        },
      },
    },
  };
}
