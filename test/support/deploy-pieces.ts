/**
 * The pieces of `deploy/` as Envoy gets them: taken as they are where the file holds Envoy's own
 * configuration, translated as the gateway would where it holds the gateway's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import type { BootstrapEdit } from "./bootstrap-edits.ts";

// biome-ignore lint/suspicious/noExplicitAny: the shapes are those of the gateways.
type Tree = any;

/** Which file of `deploy/`. */
export type Gateway = "envoy" | "istio" | "envoy-gateway" | "kgateway";

/** Filter, and where the file has one, cluster. */
interface Pieces {
  readonly filter: Tree;
  readonly cluster?: Tree;
}

const folder = join(import.meta.dirname, "..", "..", "deploy");

/** The documents of a file of `deploy/`. */
export function readDeployFile(gateway: Gateway): readonly Tree[] {
  const text = readFileSync(join(folder, `${gateway}.yaml`), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** Per-route settings of `deploy/envoy.yaml` by name. */
export function readRouteSettings(name: "without_answers" | "ungoverned"): Tree {
  return readDeployFile("envoy")[0].routes[name];
}

/** Puts the pieces of a gateway in the place of the shipped ones; addresses stay those of the test. */
export function withDeployPieces(gateway: Gateway): BootstrapEdit {
  const { filter, cluster } = readers[gateway](readDeployFile(gateway));
  return (text) => {
    const bootstrap = parse(text) as Tree;
    const manager =
      bootstrap.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    manager.http_filters[0] = filter;
    const { clusters } = bootstrap.static_resources;
    if (cluster !== undefined) {
      const { load_assignment } = clusters[0];
      // Its certificates are files of the gateway's; connections under TLS have tests of their own.
      const { transport_socket: _, ...plain } = cluster;
      clusters[0] = { ...plain, type: "STATIC", load_assignment };
    }
    return stringify(bootstrap, { lineWidth: 0 });
  };
}

const readers: Readonly<Record<Gateway, (documents: readonly Tree[]) => Pieces>> = {
  envoy: ([file]) => ({ filter: file.http_filter, cluster: file.cluster }),
  istio: ([resource]) => {
    const patch = (kind: string) =>
      resource.spec.configPatches.find(({ applyTo }: Tree) => applyTo === kind).patch.value;
    return { filter: patch("HTTP_FILTER"), cluster: patch("CLUSTER") };
  },
  "envoy-gateway": (documents) => {
    const [extension] = documents[0].spec.extProc;
    const { request, response } = extension.processingMode;
    return {
      filter: filterOf({
        failure_mode_allow: extension.failOpen,
        message_timeout: extension.messageTimeout,
        processing_mode: {
          ...envoyGatewaySide("request", request),
          ...envoyGatewaySide("response", response),
        },
        request_attributes: request.attributes,
        metadata_options: {
          forwarding_namespaces: { untyped: extension.metadata.accessibleNamespaces },
          receiving_namespaces: { untyped: extension.metadata.writableNamespaces },
        },
      }),
    };
  },
  kgateway: (documents) => {
    const { extProc } = documents[0].spec;
    const mode = Object.entries(extProc.processingMode).map(([name, value]) => [
      toSnake(name),
      value,
    ]);
    return {
      filter: filterOf({
        failure_mode_allow: extProc.failOpen,
        message_timeout: extProc.messageTimeout,
        max_message_timeout: extProc.maxMessageTimeout,
        processing_mode: Object.fromEntries(mode),
        metadata_options: { forwarding_namespaces: extProc.metadataOptions.forwarding },
      }),
    };
  },
};

function filterOf(settings: Tree): Tree {
  return {
    name: "envoy.filters.http.ext_proc",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
      grpc_service: { envoy_grpc: { cluster_name: "chancery" } },
      ...settings,
    },
  };
}

/** A side that is absent is not sent; trailers are sent under FullDuplexStreamed only. */
function envoyGatewaySide(side: "request" | "response", settings: Tree): Tree {
  if (settings === undefined) return { [`${side}_header_mode`]: "SKIP" };
  const body = toSnake(settings.body ?? "None").toUpperCase();
  return {
    [`${side}_header_mode`]: "SEND",
    [`${side}_body_mode`]: body,
    [`${side}_trailer_mode`]: body === "FULL_DUPLEX_STREAMED" ? "SEND" : "SKIP",
  };
}

function toSnake(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
