import type { Problem } from "../base/index.ts";
import type { PolicyVersions } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { Telemetry } from "../telemetry/index.ts";

/** Counts what came of loading policies, layer by layer. */
export function observePolicies(
  { policy }: Telemetry,
  loaded: { readonly snapshot: Snapshot | undefined; readonly problems: readonly Problem[] },
  tenants: readonly string[],
): void {
  const { problems, snapshot } = loaded;
  if (snapshot !== undefined) {
    const layers = layersOf(snapshot, tenants);
    policy.activated(layers);
    for (const { id } of layers) policy.loaded(id, "active");
    return;
  }
  const errors = problems.filter(({ severity }) => severity === "error");
  const namespaces = new Set(errors.map(({ namespace = "platform" }) => namespace));
  for (const name of namespaces) {
    const own = errors.filter(({ namespace = "platform" }) => namespace === name);
    const isShape = own.some(({ code }) => code === "E01" || code === "C04");
    policy.loaded(name, isShape ? "bad_schema" : "bad_compile");
  }
}

/** The platform's layer and those of the tenants served here, each once. */
function layersOf(snapshot: Snapshot, tenants: readonly string[]): PolicyVersions["layers"] {
  const all = [undefined, ...tenants].flatMap((tenant) => snapshot.versionsFor(tenant).layers);
  return [...new Map(all.map((layer) => [layer.id, layer])).values()];
}
