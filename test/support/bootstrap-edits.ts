/** Edits of a bootstrap that only tests need: more of Envoy's ways of asking than are shipped. */
import { parse, stringify } from "yaml";
import type { BodyMode } from "../../src/exchange/index.ts";

/** A change to the text of a bootstrap. */
export type BootstrapEdit = (bootstrap: string) => string;

// biome-ignore lint/suspicious/noExplicitAny: the shape is Envoy's, and Envoy checks it on load.
type Tree = any;

interface Parts {
  readonly bootstrap: Tree;
  readonly listener: Tree;
  readonly manager: Tree;
  readonly virtualHost: Tree;
  readonly filter: Tree;
}

function edit(change: (parts: Parts) => void): BootstrapEdit {
  return (text) => {
    const bootstrap = parse(text) as Tree;
    const [listener] = bootstrap.static_resources.listeners;
    const manager = listener.filter_chains[0].filters[0].typed_config;
    const [virtualHost] = manager.route_config.virtual_hosts;
    change({ bootstrap, listener, manager, virtualHost, filter: manager.http_filters[0] });
    return stringify(bootstrap, { lineWidth: 0 });
  };
}

/** One edit after the other. */
export function both(first: BootstrapEdit, second: BootstrapEdit): BootstrapEdit {
  return (text) => second(first(text));
}

/** How one exchange is to be sent to the processor. */
export interface Modes {
  readonly request: BodyMode;
  readonly response: BodyMode;
  /** Trailers are sent as well; FULL_DUPLEX_STREAMED sends them whatever this says. */
  readonly trailers: boolean;
}

export const allBodyModes: readonly BodyMode[] = [
  "NONE",
  "BUFFERED",
  "BUFFERED_PARTIAL",
  "STREAMED",
  "FULL_DUPLEX_STREAMED",
];

/** The header by which a client of `withModeRoutes` chooses the modes of its exchange. */
export function modesHeader(modes: Modes): Record<string, string> {
  return { "x-test-modes": nameOf(modes) };
}

function nameOf({ request, response, trailers }: Modes): string {
  return `${request}.${response}.${trailers ? "SEND" : "SKIP"}`;
}

/** Adds a route to the `cloud` upstream for every combination of modes there is. */
export const withModeRoutes: BootstrapEdit = edit(({ virtualHost }) => {
  const routes = allBodyModes.flatMap((request) =>
    allBodyModes.flatMap((response) =>
      [true, false].map((trailers) => modeRoute({ request, response, trailers })),
    ),
  );
  // Behind the routes that only a header of ours selects, before the one for everything else.
  virtualHost.routes.splice(-1, 0, ...routes);
});

function modeRoute(modes: Modes): Tree {
  const trailerMode = (mode: BodyMode) =>
    modes.trailers || mode === "FULL_DUPLEX_STREAMED" ? "SEND" : "SKIP";
  return {
    name: nameOf(modes),
    match: {
      prefix: "/",
      headers: [{ name: "x-test-modes", string_match: { exact: nameOf(modes) } }],
    },
    route: { cluster: "model_cloud", timeout: "0s" },
    typed_per_filter_config: {
      "envoy.filters.http.ext_proc": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute",
        overrides: {
          processing_mode: {
            request_header_mode: "SEND",
            response_header_mode: "SEND",
            request_body_mode: modes.request,
            response_body_mode: modes.response,
            request_trailer_mode: trailerMode(modes.request),
            response_trailer_mode: trailerMode(modes.response),
          },
        },
      },
    },
  };
}

/** Sends what no processor routed to the `cloud` upstream, as a gateway with a default would. */
export const withDefaultRoute: BootstrapEdit = edit(({ virtualHost }) => {
  const last = virtualHost.routes.length - 1;
  const match = { prefix: "/" };
  virtualHost.routes[last] = {
    name: "rest",
    match,
    route: { cluster: "model_cloud", timeout: "0s" },
  };
});

/** Lets upgrades and CONNECT through to the filter, which Envoy refuses by itself as shipped. */
export const withUpgrades: BootstrapEdit = edit(({ manager, virtualHost }) => {
  manager.upgrade_configs = [{ upgrade_type: "websocket" }, { upgrade_type: "CONNECT" }];
  virtualHost.routes.push({
    name: "tunnel",
    match: { connect_matcher: {} },
    route: {
      cluster: "model_cloud",
      upgrade_configs: [{ upgrade_type: "CONNECT", connect_config: {} }],
    },
  });
});

/** Ends observed side calls soon after their exchange, instead of 5 s later. */
export const withSoonDeferredClose: BootstrapEdit = edit(({ filter }) => {
  filter.typed_config.deferred_close_timeout = "0.2s";
});

/** Lets the processor change modes and timeouts. */
export const withOverridesAllowed: BootstrapEdit = edit(({ filter }) => {
  filter.typed_config.allow_mode_override = true;
});

/** Keeps the client's own `x-chancery-*` headers, as a gateway whose operator forgot them would. */
export const withoutEarlyStripping: BootstrapEdit = edit(({ manager }) => {
  delete manager.early_header_mutation_extensions;
});

/** Lets Envoy trace all it does, for a receiver that nobody runs: what it propagates is what matters. */
export const withTracing: BootstrapEdit = edit(({ bootstrap, manager }) => {
  const nowhere = { socket_address: { address: "127.0.0.1", port_value: 1 } };
  bootstrap.static_resources.clusters.push({
    name: "nobody",
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: {
      cluster_name: "nobody",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: nowhere } }] }],
    },
  });
  manager.tracing = {
    random_sampling: { value: 100 },
    provider: {
      name: "envoy.tracers.opentelemetry",
      typed_config: {
        "@type": "type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig",
        service_name: "envoy",
        grpc_service: { envoy_grpc: { cluster_name: "nobody" }, timeout: "1s" },
      },
    },
  };
});

/** Makes clients show a certificate of an authority, where `isRequired`, and reads it if they do. */
export function withClientCertificates(options: {
  readonly server: { readonly certificatePath: string; readonly keyPath: string };
  readonly authorityPath: string;
  readonly isRequired?: boolean;
  /** Takes any certificate, as a listener that leaves the check to others would. */
  readonly acceptsUntrusted?: boolean;
  /** What becomes of `x-forwarded-client-cert`; Envoy removes it by default. */
  readonly forward?: "FORWARD_ONLY" | "APPEND_FORWARD" | "ALWAYS_FORWARD_ONLY";
}): BootstrapEdit {
  const { acceptsUntrusted, authorityPath, forward, isRequired = false, server } = options;
  return edit(({ listener, manager }) => {
    const type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3";
    listener.filter_chains[0].transport_socket = {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        "@type": `${type}.DownstreamTlsContext`,
        require_client_certificate: isRequired,
        common_tls_context: {
          tls_certificates: [
            {
              certificate_chain: { filename: server.certificatePath },
              private_key: { filename: server.keyPath },
            },
          ],
          validation_context: {
            trusted_ca: { filename: authorityPath },
            ...(acceptsUntrusted ? { trust_chain_verification: "ACCEPT_UNTRUSTED" } : {}),
          },
        },
      },
    };
    if (forward !== undefined) manager.forward_client_cert_details = forward;
    if (forward === "APPEND_FORWARD") manager.set_current_client_cert_details = { uri: true };
  });
}

/**
 * Puts a second processor behind the first. Between two filters Envoy does not apply the buffer
 * limit of the virtual host, so the listener's is raised instead.
 */
export function withSecondProcessor(socket: string): BootstrapEdit {
  return edit(({ bootstrap, filter, listener, manager }) => {
    listener.per_connection_buffer_limit_bytes = 16 * 1024 * 1024;
    const { clusters } = bootstrap.static_resources;
    const cluster = structuredClone(clusters[0]);
    cluster.name = "second";
    cluster.load_assignment = {
      cluster_name: "second",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socket } } } }] }],
    };
    clusters.push(cluster);
    const second = structuredClone(filter);
    second.name = "second";
    second.typed_config.grpc_service.envoy_grpc.cluster_name = "second";
    second.typed_config.stat_prefix = "second";
    manager.http_filters.splice(1, 0, second);
  });
}
