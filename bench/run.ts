/** Builds what is measured and runs one benchmark by name, or lists them: `npm run bench exchange`. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../build/compile.ts";

const folder = import.meta.dirname;
const suffix = ".bench.ts";
const names = (await readdir(folder))
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();
const [wanted] = process.argv.slice(2);

if (wanted !== undefined && names.includes(wanted)) {
  await build();
  await import(join(folder, `${wanted}${suffix}`));
} else {
  if (wanted !== undefined) console.error(`There is no benchmark "${wanted}".`);
  console.error(`Benchmarks: ${names.join(", ")}. Run one with \`npm run bench NAME\`.`);
  process.exitCode = wanted === undefined ? 0 : 3;
}
