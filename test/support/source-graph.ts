import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The top of the repository. */
export const repository = resolve(import.meta.dirname, "../..");

/** Folders that are not ours to check: fetched, built, or version control's own. */
const foreign = new Set(["node_modules", "dist", "coverage", ".git", ".tools"]);

/** All files of the repository below a folder, from its top, with forward slashes, sorted. */
export function listFiles(folder = ""): readonly string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(repository, folder), { withFileTypes: true })) {
    if (foreign.has(entry.name)) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...listFiles(path));
    else if (entry.isFile()) files.push(path);
  }
  return files.toSorted();
}

/** A file's text by its path from the top of the repository. */
export function readText(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}

/** Source files of the product: TypeScript and generated code, without tests and declarations. */
export function listSources(): readonly string[] {
  return listFiles("src").filter(
    (path) => /\.[jt]s$/.test(path) && !/\.(?:test|d)\.ts$/.test(path),
  );
}

/** One file naming another of ours, or a package, in any kind of import. */
export interface Import {
  readonly from: string;
  /** A path from the top of the repository for a file of ours, else the package. */
  readonly to: string;
}

const importForms = [
  // import x from "y", import type { x } from "y", export * from "y"
  /^\s*(?:import|export)\b[^;"']*?\bfrom\s*"([^"]+)"/gm,
  // import "y"
  /^\s*import\s*"([^"]+)"/gm,
  // import("y"), of values and of types
  /\bimport\(\s*"([^"]+)"/g,
];

/** Every import of a file: static, dynamic and of types alike. */
export function importsOf(from: string, text = readText(from)): readonly Import[] {
  return importForms.flatMap((form) =>
    [...text.matchAll(form)].map(([, specifier = ""]) => ({
      from,
      to: specifier.startsWith(".")
        ? relative(repository, resolve(repository, dirname(from), specifier)).replaceAll("\\", "/")
        : specifier,
    })),
  );
}

/** Cycles among files, each as the files on it in order; one for each way back that is found. */
export function findCycles(imports: readonly Import[]): readonly (readonly string[])[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    trail.push(file);
    for (const { to } of targets.get(file) ?? []) visit(to);
    trail.pop();
    done.add(file);
  };
  for (const file of targets.keys()) visit(file);
  return cycles;
}
