import { places } from "../../domain/index.ts";
import { defineCommand } from "../command.ts";
import { detectLines } from "../detect/detect-lines.ts";
import { createDetect, type Detect, hasAny, toRows } from "../detect/detection.ts";
import { readText } from "../detect/read-text.ts";
import { showText } from "../detect/show-text.ts";
import { renderTypes, typesToJson } from "../detect/types-table.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatOption } from "../format-option.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

/** Shows what is found in a text. */
export const detect = defineCommand({
  name: "detect",
  summary: "Show what is found in a text, and where",
  details: [
    "Reads a text as the server reads a message, without policies: what becomes of a finding is theirs\nto say. Offsets are UTF-16 code units, as JavaScript and Java count them.",
    [
      'With --lines every line is a text of its own, {"id":"1","text":"…"}, and is answered by a line:',
      '  {"id":"1",',
      '   "findings":[{"class":"pii.email","type":"EMAIL","start":8,"end":28,"confidence":0.95}],',
      '   "threats":[{"class":"threat.prompt_injection","score":0.97,',
      '               "reasons":[{"reason":"override_instructions","start":0,"end":32}]}]}',
    ].join("\n"),
  ],
  positionals: {
    file: { placeholder: "FILE", summary: "The text; - is standard input", isOptional: true },
  },
  options: {
    in: {
      type: "string",
      placeholder: "PLACE",
      summary: "Where the text stands; threats weigh more in what a tool fetched",
      choices: places,
      default: "prompt",
    },
    lines: { type: "boolean", summary: "Read JSON Lines of texts, write JSON Lines of findings" },
    strict: { type: "boolean", summary: "End with exit code 1 where anything is found" },
    types: { type: "boolean", summary: "List all types that can be found, and read nothing" },
    format: formatOption,
  },
  exitCodes: [
    [exitCodes.done, "done, whatever was found"],
    [exitCodes.failed, "with --strict: something was found"],
    [exitCodes.usage, "the command line was not understood, or the text cannot be read"],
  ],
  examples: [
    "chancery detect mail.txt",
    "git diff --cached | chancery detect --strict -",
    "chancery detect --lines - < texts.jsonl > findings.jsonl",
    "chancery detect --types",
  ],
  async run({ file, format, in: place, lines, strict, types }, io) {
    if (types) {
      if (file !== undefined || lines || strict) {
        throw new UsageError(
          "--types reads no text.",
          "Give --types alone, or with --format json.",
        );
      }
      io.stdout.write(format === "json" ? typesToJson() : renderTypes());
      return exitCodes.done;
    }
    if (file === undefined) {
      throw new UsageError(
        "`chancery detect` needs FILE.",
        "Give a file, or - for standard input; `chancery detect --types` lists what is found.",
      );
    }
    const find = createDetect(places.find((each) => each === place) ?? "prompt");
    const found = lines
      ? await detectLines(find, io, file)
      : show(await readText(io, file), find, { io, format });
    return strict && found > 0 ? exitCodes.failed : exitCodes.done;
  },
});

interface Output {
  readonly io: Io;
  readonly format: string;
}

/** Prints what is found in one text, and gives whether that is anything: 1 or 0. */
function show(text: string, find: Detect, { format, io }: Output): number {
  const detection = find(text);
  if (format === "json") io.stdout.write(`${JSON.stringify(toRows(detection), undefined, 2)}\n`);
  else showText(text, detection, io);
  return hasAny(detection) ? 1 : 0;
}
