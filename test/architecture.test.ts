import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import { faultCodes, problemCodes } from "../src/base/index.ts";
import {
  findCycles,
  type Import,
  importsOf,
  listFiles,
  listSources,
  readText,
  repository,
} from "./support/source-graph.ts";

/** Folders of src/ by floor, the ground floor first. Imports go down. */
const floors: readonly (readonly string[])[] = [
  ["base"],
  ["domain", "signing"],
  ["identity", "formats", "detect", "policy", "effects", "quota", "record"],
  ["bundle", "evidence", "exchange", "leaks", "replay"],
  [
    ...["extproc", "envoy", "probe", "classifiers", "sources", "kms", "log"],
    ...["sinks", "stores", "telemetry", "admin", "activation"],
  ],
  ["server", "cli"],
];

/** The one step sideways: a verb of the command line starts the server it wires nothing of. */
const sideways = new Set(["cli -> server"]);

/** Stages of src/policy/ in the order a policy takes them. Imports go back along them. */
const policyStages: readonly (readonly string[])[] = [
  ["documents"],
  ["compile"],
  ["expression", "match"],
  ["snapshot"],
  ["decide"],
  ["policy-tests", "check"],
  ["load", "analyse"],
];

/** Over all floors: only starts. */
const entryPoint = "src/main.ts";

const sources = listSources();
const imports = sources.flatMap((file) => importsOf(file));
const internal = imports.filter(({ to }) => to.startsWith("src/"));

function folderOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function floorOf(file: string): number {
  return floors.findIndex((folders) => folders.includes(folderOf(file)));
}

/** Imports that a rule forbids, as `file -> file`. */
function breaches(given: readonly Import[], isForbidden: (entry: Import) => boolean): string[] {
  return given.filter(isForbidden).map(({ from, to }) => `${from} -> ${to}`);
}

function crossesFolders({ from, to }: Import): boolean {
  return from !== entryPoint && folderOf(from) !== folderOf(to);
}

function goesUpOrSideways(entry: Import): boolean {
  if (!crossesFolders(entry)) return false;
  if (sideways.has(`${folderOf(entry.from)} -> ${folderOf(entry.to)}`)) return false;
  return floorOf(entry.to) >= floorOf(entry.from);
}

function passesTheDoor(entry: Import): boolean {
  return crossesFolders(entry) && entry.to !== `src/${folderOf(entry.to)}/index.ts`;
}

describe("the floors of src/", () => {
  test("every folder stands on a floor", () => {
    const unknown = sources.filter((file) => file !== entryPoint && floorOf(file) < 0);
    assert.deepEqual(unknown, []);
  });

  test("imports go down, never up and never sideways", () => {
    assert.deepEqual(breaches(internal, goesUpOrSideways), []);
  });

  test("a policy's stages import the stages before them", () => {
    const stageOf = (file: string): number => {
      const [, folder, stage] = file.split("/");
      return folder === "policy" ? policyStages.findIndex((of) => of.includes(stage ?? "")) : -1;
    };
    const staged = internal.filter(({ from, to }) => stageOf(from) >= 0 && stageOf(to) >= 0);
    const isSameStage = ({ from, to }: Import) => from.split("/")[2] === to.split("/")[2];
    assert.deepEqual(
      breaches(staged, (entry) => !isSameStage(entry) && stageOf(entry.to) >= stageOf(entry.from)),
      [],
    );
    const unknown = sources.filter(
      (file) => folderOf(file) === "policy" && file.split("/").length > 3 && stageOf(file) < 0,
    );
    assert.deepEqual(unknown, []);
  });

  test("from outside a folder only its index is imported", () => {
    assert.deepEqual(breaches(internal, passesTheDoor), []);
  });

  test("the entry point imports only the top floor, by the door", () => {
    const fromEntry = internal.filter(({ from }) => from === entryPoint);
    const doors = floors.at(-1)?.map((folder) => `src/${folder}/index.ts`) ?? [];
    assert.deepEqual(
      breaches(fromEntry, ({ to }) => !doors.includes(to)),
      [],
    );
  });

  test("nothing in src/ imports from outside src/", () => {
    const ours = imports.filter(
      ({ to }) => to.startsWith("..") || existsSync(join(repository, to)),
    );
    assert.deepEqual(
      breaches(ours, ({ to }) => !to.startsWith("src/")),
      [],
    );
  });

  test("no imports go round in a circle, those of types included", () => {
    assert.deepEqual(
      findCycles(internal).map((cycle) => cycle.join(" -> ")),
      [],
    );
  });

  test("every folder has a door that says what it is", () => {
    const folders = new Set(sources.filter((file) => file !== entryPoint).map(folderOf));
    const silent = [...folders].filter((folder) => {
      const door = `src/${folder}/index.ts`;
      return !sources.includes(door) || !readText(door).startsWith("/**");
    });
    assert.deepEqual(silent, []);
  });
});

/** What only floor 4 and above may do, by how it is written. */
const outsideWorld = [
  /\bprocess\.(?!versions\b)\w+/,
  /\bconsole\./,
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bperformance\.now\b/,
  /\bset(?:Timeout|Interval|Immediate)\(/,
  /\bMath\.random\b/,
  /\bfetch\(/,
];

/** Parts of Node that compute and touch nothing outside. */
const harmlessModules = new Set([
  ...["node:buffer", "node:crypto", "node:path/posix", "node:string_decoder", "node:util"],
  "node:zlib",
]);

describe("floors 0 to 3 touch nothing outside", () => {
  const lower = sources.filter((file) => floorOf(file) >= 0 && floorOf(file) <= 3);

  test("they neither ask the time nor log, wait, or read the environment", () => {
    const found = lower.filter((file) => {
      const code = withoutComments(readText(file));
      return outsideWorld.some((form) => form.test(code));
    });
    assert.deepEqual(found, []);
  });

  test("of Node they import only what computes", () => {
    const found = imports.filter(({ from, to }) => lower.includes(from) && to.startsWith("node:"));
    assert.deepEqual(
      breaches(found, ({ to }) => !harmlessModules.has(to)),
      [],
    );
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

describe("codes of faults and problems", () => {
  const catalogues = new Set(["src/base/fault.ts", "src/base/problem.ts"]);
  const code = sources
    .filter((file) => !catalogues.has(file))
    .map(readText)
    .join("\n");

  for (const [name, catalogue] of [
    ["fault", faultCodes],
    ["problem", problemCodes],
  ] as const) {
    test(`every ${name} code says what happened, in a sentence`, () => {
      const silent = Object.entries(catalogue).filter(([, text]) => !/^[A-Z].{20,}\.$/.test(text));
      assert.deepEqual(silent, []);
    });

    test(`every ${name} code is used`, () => {
      const unused = Object.keys(catalogue).filter((key) => !code.includes(`"${key}"`));
      assert.deepEqual(unused, []);
    });
  }
});

describe("documents", () => {
  const documents = listFiles().filter((file) => file.endsWith(".md"));

  test("links lead somewhere, headings included", () => {
    assert.deepEqual(documents.flatMap(brokenLinks), []);
  });
});

/** Links of a document that lead to no file or no heading, as `file -> target`. */
function brokenLinks(document: string): string[] {
  const prose = readText(document).replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
  const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(
    ([, target = ""]) => target,
  );
  return targets
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .filter((target) => {
      const [path = "", heading] = target.split("#");
      const file = path === "" ? document : normalize(join(dirname(document), path));
      if (!existsSync(join(repository, file))) return true;
      return heading !== undefined && file.endsWith(".md") && !headingsOf(file).has(heading);
    })
    .map((target) => `${document} -> ${target}`);
}

/** Headings as the names under which they are linked to. */
function headingsOf(document: string): ReadonlySet<string> {
  const headings = readText(document).matchAll(/^#{1,6} +(.+?) *#*$/gm);
  return new Set(
    [...headings].map(([, text = ""]) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("what is published", () => {
  const texts = listFiles().filter((file) => !/\.(?:png|jpg|gif|ico|woff2?|gz|br|zst)$/.test(file));

  /** The files in which a pattern is found. */
  const holding = (pattern: RegExp): readonly string[] =>
    texts.filter((file) => pattern.test(readText(file)));

  test("no file names a folder of the machine it was written on", () => {
    const homes = ["work", "root", "home", "Users"].join("|");
    assert.deepEqual(holding(new RegExp(`(?<![\\w.$}*-])/(?:${homes})/[\\w.]`)), []);
  });

  test("no file names a package registry: that is the installing machine's business", () => {
    const hosts = [
      ["registry", "npmjs", "org"],
      ["registry", "yarnpkg", "com"],
      ["files", "pythonhosted", "org"],
      ["pypi", "org"],
      ["proxy", "golang", "org"],
    ].map((parts) => parts.join("\\."));
    const settings = [
      "^registry\\s*=",
      ["index", "url"].join("-"),
      `"${["resol", "ved"].join("")}":`,
    ];
    assert.deepEqual(holding(new RegExp([...hosts, ...settings].join("|"), "m")), []);
  });
});

describe("these checks themselves", () => {
  const seen = (text: string): readonly string[] =>
    importsOf("src/policy/rule.ts", text).map(({ to }) => to);

  test("every form of import is seen", () => {
    assert.deepEqual(seen('import { a } from "./a.ts";'), ["src/policy/a.ts"]);
    assert.deepEqual(seen('import type {\n  A,\n} from "../base/index.ts";'), [
      "src/base/index.ts",
    ]);
    assert.deepEqual(seen('export * from "../domain/index.ts";'), ["src/domain/index.ts"]);
    assert.deepEqual(seen('import "./side-effect.ts";'), ["src/policy/side-effect.ts"]);
    assert.deepEqual(seen('type A = import("./a.ts").A;'), ["src/policy/a.ts"]);
    assert.deepEqual(seen('const a = await import("../log/index.ts");'), ["src/log/index.ts"]);
    assert.deepEqual(seen('import { join } from "node:path";'), ["node:path"]);
  });

  test("up, sideways, past the door and round in a circle are told from down", () => {
    const of = (from: string, to: string): Import => ({ from: `src/${from}`, to: `src/${to}` });
    assert.ok(goesUpOrSideways(of("policy/a.ts", "exchange/index.ts")));
    assert.ok(goesUpOrSideways(of("policy/a.ts", "effects/index.ts")));
    assert.ok(goesUpOrSideways(of("server/a.ts", "cli/index.ts")));
    assert.ok(!goesUpOrSideways(of("cli/a.ts", "server/index.ts")));
    assert.ok(!goesUpOrSideways(of("policy/a.ts", "policy/b.ts")));
    assert.ok(!goesUpOrSideways(of("exchange/a.ts", "policy/index.ts")));
    assert.ok(passesTheDoor(of("exchange/a.ts", "policy/rule.ts")));
    assert.ok(!passesTheDoor(of("exchange/a.ts", "policy/index.ts")));
    const circle = [of("base/a.ts", "base/b.ts"), of("base/b.ts", "base/a.ts")];
    assert.deepEqual(findCycles(circle), [["src/base/a.ts", "src/base/b.ts", "src/base/a.ts"]]);
    assert.deepEqual(findCycles(circle.slice(1)), []);
  });
});
