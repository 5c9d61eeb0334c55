/**
 * Writes what is published about the policy language, `schemas/` for editors and other tools and
 * `docs/policy/reference.md`, and what is found, `docs/detection-types.md`. `--check` writes nothing and
 * fails if the files there differ.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { exit } from "node:process";
import { detectionTypes } from "./detection-types.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { policyReference } from "./policy-reference.ts";

const root = join(import.meta.dirname, "../..");

const files: ReadonlyMap<string, string> = new Map([
  ...[...jsonSchemas()].map(([name, text]) => [`schemas/${name}`, text] as const),
  ["docs/policy/reference.md", policyReference()] as const,
  ["docs/detection-types.md", detectionTypes()] as const,
]);
const surplus = namesIn("schemas").filter((name) => !files.has(name));

if (process.argv.includes("--check")) {
  const stale = [...files].filter(([name, text]) => textOf(name) !== text).map(([name]) => name);
  for (const name of [...stale, ...surplus]) console.error(`${name} differs from the source`);
  if (stale.length + surplus.length > 0) {
    console.error("Run `npm run generate` and commit what it writes.");
    exit(1);
  }
} else {
  for (const [name, text] of files) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  for (const name of surplus) rmSync(join(root, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  } catch {
    // Before the first run there is no such folder, so nothing in it is too much.
    return [];
  }
}

function textOf(name: string): string | undefined {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    // A missing file is a difference like any other; the caller names it.
    return undefined;
  }
}
