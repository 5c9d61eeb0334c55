/**
 * Finds or fetches an Envoy, writes its bootstrap from the shipped `envoy/bootstrap.yaml`, starts and
 * stops it: for `chancery up`, the demo and the tests. Operators run their own Envoy; nothing on the
 * serving path imports this folder. Start with `findEnvoy` and `startEnvoy`.
 */
export { type HostPort, parseHostPort } from "./address.ts";
export { type BootstrapOptions, renderBootstrap } from "./bootstrap.ts";
export { EnvoyNotFound, type FoundEnvoy, findEnvoy } from "./find-envoy.ts";
export { EnvoyNotStarted, type EnvoyProcess, startEnvoy } from "./start-envoy.ts";
export { parseUpstreams, type Upstream } from "./upstream.ts";
