/**
 * Trains the model of the threat detector on made data, the same to the last bit wherever it runs.
 *
 * `npm run threats`            writes src/detect/threat/weights.ts
 * `npm run threats -- --check` trains again and fails where the file says otherwise
 * `npm run threats -- --validate` says how well it does on templates that were held out
 */
import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { trained } from "../../src/detect/threat/weights.ts";
import { makeSamples, shipped } from "./data-maker.ts";
import { report, scoreHeldOut } from "./measure.ts";
import { trainShipped } from "./train-shipped.ts";

const target = fileURLToPath(new URL("../../src/detect/threat/weights.ts", import.meta.url));

if (argv.includes("--validate")) {
  const samples = makeSamples(shipped.seed, shipped.attacks, shipped.benign);
  for (const by of ["family", "template"] as const) {
    console.log(`held out by ${by}`);
    const scored = scoreHeldOut(samples, by, { shares: trained.shares, seed: shipped.seed });
    for (const line of report(scored)) console.log(line);
  }
} else if (!argv.includes("--check")) {
  writeFileSync(target, trainShipped());
} else if (readFileSync(target, "utf8") === trainShipped()) {
  console.log("src/detect/threat/weights.ts is what training gives");
} else {
  console.error("src/detect/threat/weights.ts is not what training gives: npm run threats");
  exit(1);
}
