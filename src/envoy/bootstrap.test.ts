import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { type BootstrapOptions, renderBootstrap } from "./bootstrap.ts";
import { shippedBootstrap } from "./shipped.ts";

const plain: BootstrapOptions = {
  listen: { host: "127.0.0.1", port: 10000 },
  admin: { host: "127.0.0.1", port: 9901 },
  processor: ["unix:/run/chancery/0.sock"],
  upstreams: [{ url: new URL("http://127.0.0.1:8080") }],
};

function render(options: Partial<BootstrapOptions> = {}) {
  const bootstrap = parse(renderBootstrap({ ...plain, ...options }));
  const [listener] = bootstrap.static_resources.listeners;
  const manager = listener.filter_chains[0].filters[0].typed_config;
  const [chancery, ...upstreams] = bootstrap.static_resources.clusters;
  return {
    bootstrap,
    listener,
    manager,
    filter: manager.http_filters[0].typed_config,
    routes: manager.route_config.virtual_hosts[0].routes,
    chancery,
    upstreams,
  };
}

function addressOf(cluster: { load_assignment: { endpoints: { lb_endpoints: object[] }[] } }) {
  return cluster.load_assignment.endpoints[0]?.lb_endpoints;
}

test("the shipped file's own values render back to the shipped file", () => {
  const shipped = parse(readFileSync(shippedBootstrap, "utf8"));
  const { bootstrap, routes } = render();
  // The only thing a file cannot say for every upstream.
  delete routes[0].route.host_rewrite_literal;
  assert.deepEqual(bootstrap, shipped);
});

test("the shipped filter is closed: no fail-open, no route without it, no header that steers the proxy", () => {
  const { filter, manager } = render();
  assert.equal(filter.failure_mode_allow, false);
  assert.deepEqual(filter.mutation_rules, { disallow_is_error: true });
  assert.equal(filter.allow_mode_override, undefined);
  assert.equal(manager.upgrade_configs, undefined);
  assert.doesNotMatch(renderBootstrap(plain), /disabled|failure_mode_allow: true/);
});

test("a token filter stands before the processor and keeps tokens from model servers", () => {
  const tokens = { issuer: "https://id.example", audiences: ["llm"], jwksPath: "/keys.json" };
  const { manager } = render({ tokens });
  const [first, second] = manager.http_filters;
  assert.equal(first.name, "envoy.filters.http.jwt_authn");
  assert.equal(second.name, "envoy.filters.http.ext_proc");
  const { callers } = first.typed_config.providers;
  assert.equal(callers.forward, false);
  assert.equal(callers.payload_in_metadata, "chancery");
  assert.deepEqual(callers.from_headers, [
    { name: "authorization", value_prefix: "Bearer " },
    { name: "x-api-key" },
  ]);
  const [namespace] = second.typed_config.metadata_options.forwarding_namespaces.untyped;
  assert.equal(namespace, first.name);
});

test("one plain upstream gets every request, with its own host", () => {
  const { routes, upstreams } = render();
  assert.deepEqual(routes, [
    {
      name: "model",
      match: { prefix: "/" },
      route: { cluster: "model", timeout: "0s", host_rewrite_literal: "127.0.0.1:8080" },
    },
  ]);
  assert.equal(upstreams.length, 1);
  assert.equal(upstreams[0].type, "STATIC");
});

test("each provider has a route on its header, and what none claims is answered 503", () => {
  const { routes, upstreams } = render({
    upstreams: [
      { provider: "openai", url: new URL("http://127.0.0.1:1") },
      { provider: "local", url: new URL("http://127.0.0.1:2") },
    ],
  });
  const wanted = routes.map((route: { match: { headers?: object[] } }) => route.match.headers?.[0]);
  assert.deepEqual(wanted, [
    { name: "x-chancery-provider", string_match: { exact: "openai" } },
    { name: "x-chancery-provider", string_match: { exact: "local" } },
    undefined,
  ]);
  assert.equal(routes[0].route.cluster, "model_openai");
  assert.equal(routes[2].direct_response.status, 503);
  assert.deepEqual(
    upstreams.map(({ name }: { name: string }) => name),
    ["model_openai", "model_local"],
  );
});

test("one upstream with a provider is still reached only when routed", () => {
  const { routes } = render({
    upstreams: [{ provider: "openai", url: new URL("http://127.0.0.1:1") }],
  });
  assert.deepEqual(
    routes.map(({ name }: { name: string }) => name),
    ["model_openai", "unrouted"],
  );
});

test("an https upstream is checked for its name, and its path is put in front", () => {
  const url = new URL("https://models.example/base/v2/");
  const { routes, upstreams } = render({ upstreams: [{ url }], trustedCaPath: "/ca.pem" });
  assert.equal(routes[0].route.prefix_rewrite, "/base/v2/");
  assert.equal(routes[0].route.host_rewrite_literal, "models.example");
  const [cluster] = upstreams;
  assert.equal(cluster.type, "LOGICAL_DNS");
  assert.equal(cluster.dns_lookup_family, "V4_PREFERRED");
  assert.deepEqual(addressOf(cluster), [
    { endpoint: { address: { socket_address: { address: "models.example", port_value: 443 } } } },
  ]);
  const tls = cluster.transport_socket.typed_config;
  assert.equal(tls.sni, "models.example");
  assert.deepEqual(tls.common_tls_context.validation_context, {
    trusted_ca: { filename: "/ca.pem" },
    match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: "models.example" } }],
  });
});

test("an https upstream given by address is checked for that address, without a server name", () => {
  const { upstreams } = render({
    upstreams: [{ url: new URL("https://[::1]:8443") }],
    trustedCaPath: "/ca.pem",
  });
  const tls = upstreams[0].transport_socket.typed_config;
  assert.equal(tls.sni, undefined);
  assert.deepEqual(tls.common_tls_context.validation_context.match_typed_subject_alt_names, [
    { san_type: "IP_ADDRESS", matcher: { exact: "::1" } },
  ]);
  assert.deepEqual(addressOf(upstreams[0]), [
    { endpoint: { address: { socket_address: { address: "::1", port_value: 8443 } } } },
  ]);
});

test("an https upstream is never rendered without authorities to check it against", () => {
  const upstreams = [{ url: new URL("https://models.example") }];
  assert.throws(() => renderBootstrap({ ...plain, upstreams }), /needs trustedCaPath/);
});

test("upstreams that do not fit together are never rendered", () => {
  const url = new URL("http://127.0.0.1:1");
  assert.throws(() => renderBootstrap({ ...plain, upstreams: [] }), /no upstream/);
  assert.throws(
    () => renderBootstrap({ ...plain, upstreams: [{ url }, { provider: "a", url }] }),
    /has no provider/,
  );
});

test("several processors are checked and set aside, one alone is not", () => {
  const one = render().chancery;
  assert.equal(one.health_checks, undefined);
  assert.equal(one.outlier_detection, undefined);
  const { chancery } = render({ processor: ["unix:/a.sock", "127.0.0.1:9002"] });
  assert.deepEqual(addressOf(chancery), [
    { endpoint: { address: { pipe: { path: "/a.sock" } } } },
    { endpoint: { address: { socket_address: { address: "127.0.0.1", port_value: 9002 } } } },
  ]);
  assert.equal(chancery.type, "STATIC");
  assert.deepEqual(chancery.health_checks[0].grpc_health_check, {});
  assert.equal(chancery.health_checks[0].interval, "2s");
  assert.equal(chancery.outlier_detection.consecutive_gateway_failure, 5);
});

test("a processor given by name is looked up", () => {
  assert.equal(render({ processor: ["chancery.internal:9002"] }).chancery.type, "STRICT_DNS");
  assert.throws(() => renderBootstrap({ ...plain, processor: ["/a.sock"] }), /expected unix:/);
});

test("full duplex asks for trailers in its direction, other modes only when told", () => {
  const duplex = render({ requestBodyMode: "FULL_DUPLEX_STREAMED", requestTrailers: false });
  assert.equal(duplex.filter.processing_mode.request_trailer_mode, "SEND");
  const buffered = render({ responseBodyMode: "BUFFERED", responseTrailers: false });
  assert.equal(buffered.filter.processing_mode.response_trailer_mode, "SKIP");
  assert.equal(
    render({ requestTrailers: true }).filter.processing_mode.request_trailer_mode,
    "SEND",
  );
});

test("observability mode sends bodies in the one mode it knows", () => {
  const { filter } = render({ observabilityMode: true });
  assert.equal(filter.observability_mode, true);
  assert.equal(filter.processing_mode.request_body_mode, "STREAMED");
  assert.equal(filter.processing_mode.response_body_mode, "STREAMED");
});

test("what else a test varies is set where Envoy reads it", () => {
  const { bootstrap, manager, filter, upstreams } = render({
    gracefulClose: false,
    retry: false,
    failureModeAllow: true,
    messageTimeoutMs: 250,
    streamIdleTimeoutMs: 1500,
    http1Trailers: true,
    accessLogPath: "/var/log/envoy/access.log",
  });
  assert.deepEqual(bootstrap.layered_runtime.layers[0].static_layer, {
    "envoy.reloadable_features.ext_proc_graceful_grpc_close": false,
  });
  assert.equal(filter.grpc_service.retry_policy, undefined);
  assert.equal(filter.failure_mode_allow, true);
  assert.equal(filter.message_timeout, "0.25s");
  assert.equal(manager.stream_idle_timeout, "1.5s");
  assert.equal(manager.http_protocol_options.enable_trailers, true);
  assert.match(JSON.stringify(upstreams[0]), /"http_protocol_options":{"enable_trailers":true}/);
  assert.match(JSON.stringify(upstreams[0]), /"idle_timeout":"4s"/);
  assert.equal(manager.access_log[0].typed_config.path, "/var/log/envoy/access.log");
});
