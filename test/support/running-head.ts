import assert from "node:assert/strict";
import { envoyDifferences } from "./envoy-differences.ts";
import type { EnvoyStage } from "./envoy-stage.ts";
import { eventually } from "./governed-envoy.ts";
import type { OpenCall } from "./http-caller.ts";

/**
 * Resolves when the head of a running answer is through, of whose body nothing has come yet: the
 * client has it. Of an Envoy that keeps it, when that has our answer to it; nobody has it then. For
 * the first exchange of a stage, with a BUFFERED request.
 */
export async function headThrough(
  stage: Pick<EnvoyStage, "statistic">,
  call: OpenCall,
): Promise<void> {
  if (!(await envoyDifferences()).keepsRunningHeads) return await call.begun();
  await eventually(async () => {
    const taken = await stage.statistic("http.llm.ext_proc.stream_msgs_received");
    // To the headers and the body of the request, and to the headers of its response.
    return taken === 3 || undefined;
  });
  assert.equal(await stage.statistic("http.llm.downstream_rq_2xx"), 0);
}
