import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { type CliResult, runCli } from "../support/run-cli.ts";
import { parseTranscript, renderTranscript, type Transcript } from "../support/transcript.ts";

const directory = import.meta.dirname;
/** `npm run golden:update` sets it: expected results are rewritten, to be reviewed as code. */
const isUpdate = process.env["GOLDEN_UPDATE"] === "1";

for (const name of (await readdir(directory)).filter((file) => file.endsWith(".txt")).toSorted()) {
  test(`${name.replace(".txt", "").replaceAll("-", " ")}`, async () => {
    const path = join(directory, name);
    const text = await readFile(path, "utf8");
    const transcript = parseTranscript(text);
    const result = await play(transcript);
    if (isUpdate) await writeFile(path, renderTranscript(transcript, result));
    else assert.equal(renderTranscript(transcript, result), text);
  });
}

/** Runs the command in a folder of its own that holds the transcript's files. */
async function play(transcript: Transcript): Promise<CliResult> {
  const cwd = await mkdtemp(join(tmpdir(), "chancery-cli-"));
  try {
    for (const { path, text } of transcript.files) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
    return await runCli(transcript.argv, cwd, transcript.stdin);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
