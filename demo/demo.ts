/**
 * Plays the scenes of the README through a real Envoy and exits 1 if one differs from its claim.
 * Every figure shown is read from what really happened: what the stand-in model servers received,
 * what the client got, and the records on disk.
 */
import { renderScene, renderSummary } from "./render.ts";
import { scenes } from "./scenes.ts";
import { setUpStage } from "./stage.ts";

const stage = await setUpStage((line) => console.log(line));
let failed = 0;
try {
  for (const [index, scene] of scenes.entries()) {
    const outcome = await scene.play(stage);
    const differences = scene.differences(outcome);
    if (differences.length > 0) failed += 1;
    console.log(renderScene(index + 1, scene, outcome, differences));
  }
} finally {
  await stage.strike();
}
console.log(renderSummary(scenes.length, failed));
process.exitCode = failed === 0 ? 0 : 1;
