import { cp, mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

// Three levels up from src/cli/commands and from dist/cli/commands alike.
const starter = fileURLToPath(new URL("../../../policies/starter", import.meta.url));

/** Writes a small tree of policies to start from. */
export const init = defineCommand({
  name: "init",
  summary: "Write a small tree of policies to start from",
  details: [
    "A platform with its guard rails, one tenant with an app, and a test, all commented. The folder is\nmade if it does not exist; one that holds anything is left alone.",
  ],
  positionals: {
    directory: { placeholder: "DIR", summary: "The folder to write, new or empty" },
  },
  options: {},
  exitCodes: [
    [exitCodes.done, "the tree is written"],
    [exitCodes.usage, "the folder is not empty, or cannot be written"],
  ],
  examples: ["chancery init policies"],
  async run({ directory }, io) {
    const folder = resolve(io.cwd, directory);
    if ((await entriesOf(folder, directory)) > 0) {
      throw new UsageError(
        `${directory} is not empty.`,
        "Name a folder that does not exist yet, or is empty.",
      );
    }
    try {
      await mkdir(folder, { recursive: true });
      await cp(starter, folder, { recursive: true });
    } catch (error) {
      throw cannotWrite(directory, error);
    }
    io.stdout.write(
      [
        `${directory}  a platform, the tenant acme with its app chat, and a test`,
        "",
        "Next:",
        `  chancery check ${directory}`,
        `  chancery test ${directory}`,
        "",
      ].join("\n"),
    );
    return exitCodes.done;
  },
});

/** How much a folder holds; one that does not exist holds nothing. */
async function entriesOf(folder: string, directory: string): Promise<number> {
  try {
    return (await readdir(folder)).length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw cannotWrite(directory, error);
  }
}

function cannotWrite(directory: string, error: unknown): UsageError {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new UsageError(
    `Cannot write ${directory}: ${reason}.`,
    "Check the path, and that you may write there.",
  );
}
