import { randomBytes } from "node:crypto";
import { digestOfValue } from "../../detect/index.ts";
import { defineCommand } from "../command.ts";
import { readLines } from "../detect/read-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

const keyBytes = 32;
const digestsPerRow = 20;
const keyForm = /^[A-Za-z0-9_-]{22,86}$/;

/** Makes the digests of a list of values, for a `Classifier` that looks for them. */
export const digest = defineCommand({
  name: "digest",
  summary: "Make digests of a list of values to look for",
  details: [
    "Reads values, one to a line, and writes the `values` of a Classifier document: digests with a key,\nfrom which nobody reads the values. Nothing else is kept of them.",
    "Values are compared by their letters and digits, whatever their case, accents and separators. One\nof fewer than 5 of these, or more than 64, is named by its line and left out.",
  ],
  positionals: { file: { placeholder: "FILE|-", summary: "The list; - is standard input" } },
  options: {
    class: {
      type: "string",
      placeholder: "CLASS",
      summary: "What a value is",
      default: "pii.customer",
    },
    key: {
      type: "string",
      placeholder: "KEY",
      summary: "The key of a list that is to be made again; a new one if absent",
    },
  },
  exitCodes: [
    [exitCodes.done, "all values are in the digests"],
    [exitCodes.failed, "some lines hold no value that could be told"],
    [exitCodes.usage, "the command line was not understood, or something could not be read"],
  ],
  examples: ["chancery digest customers.txt --class pii.customer"],
  async run({ class: dataClass, file, key: given }, io) {
    if (given !== undefined && !keyForm.test(given)) {
      throw new UsageError("--key is no key.", "Give 16 to 64 bytes in base64url.");
    }
    const text = given ?? randomBytes(keyBytes).toString("base64url");
    const key = Buffer.from(text, "base64url");
    const digests = new Set<string>();
    const untold: number[] = [];
    let number = 0;
    for await (const line of readLines(io, file)) {
      number += 1;
      if (line.trim() === "") continue;
      const one = digestOfValue(line, key);
      if (one === undefined) untold.push(number);
      else digests.add(one);
    }
    const rows = rowsOf([...digests].sort());
    io.stdout.write(`values:\n  class: ${dataClass}\n  key: ${text}\n  digests: |\n${rows}`);
    if (untold.length === 0) return exitCodes.done;
    const first = untold.slice(0, 10).join(", ");
    io.stderr.write(`Left out: ${untold.length} of no value that could be told, lines ${first}\n`);
    return exitCodes.failed;
  },
});

/** As a block of YAML; a list as long as may be still fits into one file. */
function rowsOf(digests: readonly string[]): string {
  let rows = "";
  for (let at = 0; at < digests.length; at += digestsPerRow) {
    rows += `    ${digests.slice(at, at + digestsPerRow).join("")}\n`;
  }
  return rows;
}
