import { createExpressionEngine } from "../expression/index.ts";
import type { AnalysedPolicies } from "./analysed-policies.ts";
import type { ContainmentWorld } from "./containment.ts";
import { createPathTable, type PathTable } from "./path-table.ts";
import { RuleSites } from "./rule-sites.ts";

/** What the findings about one set of policies share. */
export interface Analysis {
  readonly policies: AnalysedPolicies;
  readonly table: PathTable;
  readonly sites: RuleSites;
  readonly world: ContainmentWorld;
}

export function createAnalysis(policies: AnalysedPolicies): Analysis {
  const engine = createExpressionEngine();
  const reading = new Map<string, boolean>();
  return {
    policies,
    table: createPathTable(policies),
    sites: new RuleSites(policies.documents),
    world: {
      tools: new Map(policies.form.tools.map((tool) => [tool.name, tool])),
      readsData(source) {
        const known = reading.get(source);
        if (known !== undefined) return known;
        const { expression } = engine.compile(source, "allowRule");
        // What does not compile for an allow rule reads the answer, which is data as well.
        const reads = expression?.reads.has("data") ?? true;
        reading.set(source, reads);
        return reads;
      },
    },
  };
}
