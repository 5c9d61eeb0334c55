import type { AppScope } from "../policy/index.ts";
import type { ExchangeCore } from "./core.ts";

/** The tools that the catalogs of an exchange's tenant list; undefined where nobody knows whose. */
export function visibleTools({ knowledge, snapshot }: ExchangeCore): AppScope["tools"] | undefined {
  const { identity } = knowledge;
  return identity && snapshot?.scopeOf(identity.tenant, identity.app)?.tools;
}

/** How clients of tool servers join the names of server and tool, as most wire formats take no slash. */
const joined = /^(?:mcp__)?([A-Za-z0-9][A-Za-z0-9._-]*?)__([^/]+)$/;

/**
 * The full name of a tool (`<server>/<tool>`, policy-model 3.1) from its name on the wire:
 * `crm/lookup` as it is, `crm__lookup` and `mcp__crm__lookup` taken apart, and else what a catalog
 * knows it as, alone or behind its server. Any other name stays a name alone.
 */
export function fullToolName(core: ExchangeCore, wireName: string): string {
  if (wireName.includes("/")) return wireName;
  const listed = visibleTools(core)?.byWireName(wireName);
  if (listed !== undefined) return listed;
  const parts = joined.exec(wireName);
  return parts === null ? wireName : `${parts[1]}/${parts[2]}`;
}
