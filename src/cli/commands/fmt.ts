import { rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { layOut, type PolicyFile } from "../../policy/index.ts";
import { readPolicyDirectory } from "../../sources/index.ts";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { createPaint } from "../paint.ts";
import { plural } from "../problem-report.ts";
import { UsageError } from "../usage-error.ts";

/** Puts the files of policies into their canonical layout. */
export const fmt = defineCommand({
  name: "fmt",
  summary: "Put policies into their canonical layout",
  details: [
    "Indentation, quotes and line breaks change; comments, blank lines, values and their order stay.\nA second run changes nothing.",
  ],
  positionals: {
    directory: { placeholder: "DIR", summary: "Policies, one folder for each namespace" },
  },
  options: {
    check: { type: "boolean", summary: "Change nothing; name the files that would change" },
  },
  exitCodes: [
    [exitCodes.done, "every file is in its layout; without --check it is now"],
    [exitCodes.failed, "--check: a file would change"],
    [exitCodes.notCompiled, "a file is not valid YAML; nothing is written"],
    [exitCodes.usage, "the command line was not understood, or something could not be read"],
  ],
  examples: ["chancery fmt policies", "chancery fmt policies --check"],
  async run({ directory, check }, io) {
    const folder = resolve(io.cwd, directory);
    const { files, problems } = await readPolicyDirectory(folder);
    const unreadable = problems.find(({ severity }) => severity === "error");
    if (unreadable !== undefined) {
      const file = unreadable.file === "." ? directory : unreadable.file;
      throw new UsageError(`Cannot read ${file}: ${unreadable.message}.`, unreadable.hint);
    }
    const changes = findChanges(files, io);
    if (changes === undefined) {
      io.stderr.write(`\nNothing was written. Run \`chancery check ${directory}\` to see why.\n`);
      return exitCodes.notCompiled;
    }
    for (const { path, text } of check ? [] : changes) await replaceFile(join(folder, path), text);
    return report(changes, { files: files.length, check, directory }, io);
  },
});

interface Change {
  readonly path: string;
  readonly text: string;
}

const notYaml = { tone: "bad", text: "is not valid YAML" } as const;
const noLayout = { tone: "warning", text: "left as it is: no layout keeps all of it" } as const;

/** What would change; undefined, and told, where a file cannot be understood. */
function findChanges(files: readonly PolicyFile[], io: Io): readonly Change[] | undefined {
  const paint = createPaint(io);
  const changes: Change[] = [];
  let isBroken = false;
  for (const { path, text } of files) {
    const layout = layOut(path, text);
    if (layout.text === undefined) {
      const why = layout.kept === "broken" ? notYaml : noLayout;
      io.stderr.write(`${path}  ${paint(why.tone, why.text)}\n`);
      isBroken ||= layout.kept === "broken";
    } else if (layout.text !== text) {
      changes.push({ path, text: layout.text });
    }
  }
  return isBroken ? undefined : changes;
}

/** A server that watches sees the file before or after, and nothing between. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.chancery-fmt`);
  await writeFile(draft, text);
  await rename(draft, path);
}

interface Formatted {
  readonly files: number;
  readonly check: boolean;
  readonly directory: string;
}

function report(
  changes: readonly Change[],
  { files, check, directory }: Formatted,
  io: Io,
): number {
  const paint = createPaint(io);
  for (const { path } of changes) io.stdout.write(`${path}\n`);
  const count = `${changes.length} of ${plural(files, "file")}`;
  if (changes.length === 0) {
    io.stdout.write(`${plural(files, "file")}: ${paint("good", "nothing to change")}\n`);
    return exitCodes.done;
  }
  if (!check) {
    io.stdout.write(`${paint("good", `${count} changed`)}\n`);
    return exitCodes.done;
  }
  io.stdout.write(
    `${paint("bad", `${count} would change`)}\n  Run \`chancery fmt ${directory}\`.\n`,
  );
  return exitCodes.failed;
}
