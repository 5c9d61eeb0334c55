import { readFileSync } from "node:fs";
import { type Document, isSeq, parseDocument } from "yaml";
import { invariant } from "../base/index.ts";
import type { BodyMode } from "../exchange/index.ts";
import { type HostPort, socketAddress } from "./address.ts";
import {
  type Cluster,
  processorCluster,
  type UpstreamConnection,
  upstreamCluster,
  upstreamClusterName,
} from "./clusters.ts";
import { shippedBootstrap } from "./shipped.ts";
import { type AcceptedTokens, tokenFilter } from "./token-filter.ts";
import { findUnfit, type Upstream } from "./upstream.ts";

/** What is filled into the shipped bootstrap; what is absent stays as shipped. */
export interface BootstrapOptions extends UpstreamConnection {
  readonly listen: HostPort;
  readonly admin: HostPort;
  /** `unix:/path` or `HOST:PORT`, one for each server process. */
  readonly processor: readonly string[];
  /** One without a provider, or any number with different ones. */
  readonly upstreams: readonly Upstream[];
  /** Present: a request without such a token is answered 401 by Envoy, and no token goes on. */
  readonly tokens?: AcceptedTokens;
  /** JSON lines; absent: standard output. */
  readonly accessLogPath?: string;
  readonly requestBodyMode?: BodyMode;
  readonly responseBodyMode?: BodyMode;
  /** FULL_DUPLEX_STREAMED sends trailers whatever this says, since Envoy asks for it. */
  readonly requestTrailers?: boolean;
  readonly responseTrailers?: boolean;
  /** Answers are thrown away; body modes are then STREAMED unless given. */
  readonly observabilityMode?: boolean;
  readonly messageTimeoutMs?: number;
  readonly streamIdleTimeoutMs?: number;
  /** The runtime flag under which Envoy half-closes side streams instead of resetting them. */
  readonly gracefulClose?: boolean;
  /** Whether Envoy repeats a side stream that failed before its first answer. */
  readonly retry?: boolean;
  /** Fail open: for tests that show what must not pass even then. */
  readonly failureModeAllow?: boolean;
}

/** A path into the shipped bootstrap. */
type Place = readonly (string | number)[];

const listener: Place = ["static_resources", "listeners", 0];
const manager: Place = [...listener, "filter_chains", 0, "filters", 0, "typed_config"];
const virtualHost: Place = [...manager, "route_config", "virtual_hosts", 0];
const filters: Place = [...manager, "http_filters"];
const filter: Place = [...filters, 0, "typed_config"];
const processingMode: Place = [...filter, "processing_mode"];

/**
 * Gives the text of a bootstrap, in YAML: the shipped `envoy/bootstrap.yaml`, read from disk, with
 * the options filled in. Upstreams that do not fit together are a bug of the caller; `parseUpstreams`
 * finds them first.
 */
export function renderBootstrap(options: BootstrapOptions): string {
  const document = parseDocument(readFileSync(shippedBootstrap, "utf8"));
  fillAddresses(document, options);
  fillManager(document, options);
  fillRoutes(document, options);
  fillFilter(document, options);
  fillProcessingMode(document, options);
  fillClusters(document, options);
  // Last, since everything above finds the filter by its position.
  fillTokens(document, options);
  return document.toString({ lineWidth: 0 });
}

/** Replaces what stands at a place, which must be there: the file and this code move together. */
function replace(document: Document, place: Place, value: unknown): void {
  invariant(document.hasIn(place), `envoy/bootstrap.yaml has no ${place.join(".")}`);
  document.setIn(place, document.createNode(value));
}

function fillAddresses(document: Document, { listen, admin, gracefulClose }: BootstrapOptions) {
  replace(document, [...listener, "address"], socketAddress(listen));
  replace(document, ["admin", "address"], socketAddress(admin));
  if (gracefulClose !== undefined) {
    const flag = "envoy.reloadable_features.ext_proc_graceful_grpc_close";
    replace(document, ["layered_runtime", "layers", 0, "static_layer", flag], gracefulClose);
  }
}

function fillManager(document: Document, options: BootstrapOptions): void {
  const { accessLogPath, streamIdleTimeoutMs, http1Trailers } = options;
  if (accessLogPath !== undefined) {
    const sink: Place = [...manager, "access_log", 0];
    const type = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";
    replace(document, [...sink, "name"], "envoy.access_loggers.file");
    replace(document, [...sink, "typed_config", "@type"], type);
    document.setIn([...sink, "typed_config", "path"], accessLogPath);
  }
  if (streamIdleTimeoutMs !== undefined) {
    replace(document, [...manager, "stream_idle_timeout"], toDuration(streamIdleTimeoutMs));
  }
  if (http1Trailers) {
    const protocol = document.createNode({ enable_trailers: true });
    document.setIn([...manager, "http_protocol_options"], protocol);
  }
}

function fillRoutes(document: Document, { upstreams }: BootstrapOptions): void {
  const unfit = findUnfit(upstreams);
  invariant(unfit === undefined, unfit ?? "");
  const routes = upstreams.map(toRoute);
  const isRouted = upstreams.every(({ provider }) => provider !== undefined);
  replace(document, [...virtualHost, "routes"], isRouted ? [...routes, unroutedRoute] : routes);
}

function toRoute(upstream: Upstream): object {
  const { provider, url } = upstream;
  const path = url.pathname.replace(/\/+$/, "");
  const cluster = upstreamClusterName(upstream);
  const header = { name: "x-chancery-provider", string_match: { exact: provider } };
  return {
    name: cluster,
    match: { prefix: "/", ...(provider === undefined ? {} : { headers: [header] }) },
    route: {
      cluster,
      timeout: "0s",
      host_rewrite_literal: url.host,
      ...(path === "" ? {} : { prefix_rewrite: `${path}/` }),
    },
  };
}

/**
 * Every request matches this route at first, since no client can send the header the others ask for.
 * The filter runs on it like on any other, and its answer selects again.
 */
const unroutedRoute = {
  name: "unrouted",
  match: { prefix: "/" },
  direct_response: {
    status: 503,
    body: {
      inline_string: JSON.stringify({
        error: { type: "unrouted", message: "No route claims this request." },
      }),
    },
  },
  response_headers_to_add: [
    {
      header: { key: "content-type", value: "application/json" },
      append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
    },
  ],
};

function fillFilter(document: Document, options: BootstrapOptions): void {
  const { failureModeAllow, messageTimeoutMs, retry } = options;
  if (failureModeAllow !== undefined) {
    replace(document, [...filter, "failure_mode_allow"], failureModeAllow);
  }
  if (messageTimeoutMs !== undefined) {
    replace(document, [...filter, "message_timeout"], toDuration(messageTimeoutMs));
  }
  if (retry === false) document.deleteIn([...filter, "grpc_service", "retry_policy"]);
}

function fillProcessingMode(document: Document, options: BootstrapOptions): void {
  const { observabilityMode, requestTrailers, responseTrailers } = options;
  const observed: BodyMode | undefined = observabilityMode ? "STREAMED" : undefined;
  const requestMode = options.requestBodyMode ?? observed;
  const responseMode = options.responseBodyMode ?? observed;
  if (observabilityMode) document.setIn([...filter, "observability_mode"], true);
  fillDirection(document, "request", requestMode, requestTrailers);
  fillDirection(document, "response", responseMode, responseTrailers);
}

function fillDirection(
  document: Document,
  direction: "request" | "response",
  bodyMode: BodyMode | undefined,
  trailers: boolean | undefined,
): void {
  const bodyPlace = [...processingMode, `${direction}_body_mode`];
  const trailerPlace = [...processingMode, `${direction}_trailer_mode`];
  if (bodyMode !== undefined) replace(document, bodyPlace, bodyMode);
  if (document.getIn(bodyPlace) === "FULL_DUPLEX_STREAMED") replace(document, trailerPlace, "SEND");
  else if (trailers !== undefined) replace(document, trailerPlace, trailers ? "SEND" : "SKIP");
}

function fillClusters(document: Document, options: BootstrapOptions): void {
  const clusters: Place = ["static_resources", "clusters"];
  const [processor, model] = shippedClusters(document, clusters);
  invariant(
    processor !== undefined && model !== undefined,
    "envoy/bootstrap.yaml has two clusters",
  );
  replace(document, clusters, [
    processorCluster(processor, options.processor),
    ...options.upstreams.map((upstream) => upstreamCluster(model, upstream, options)),
  ]);
}

/** Before the processor, which reads the claims. */
function fillTokens(document: Document, { tokens }: BootstrapOptions): void {
  if (tokens === undefined) return;
  const shipped = document.getIn(filters);
  invariant(isSeq(shipped), "envoy/bootstrap.yaml has a list of filters");
  shipped.items.unshift(document.createNode(tokenFilter(tokens)));
}

function shippedClusters(document: Document, place: Place): readonly Cluster[] {
  const node = document.getIn(place);
  return isSeq(node) ? node.toJS(document) : [];
}

function toDuration(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}
