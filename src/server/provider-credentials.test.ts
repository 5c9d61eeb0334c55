import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readProviderCredentials } from "./provider-credentials.ts";

const watchMs = 20;

async function makeFile(t: TestContext, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "chancery-credential-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "provider.key");
  await writeFile(path, text);
  return path;
}

/** A log that says when it was written to. */
function createLog() {
  const lines: string[] = [];
  const events = new EventEmitter();
  const note = (text: string) => {
    lines.push(text);
    events.emit("line");
  };
  return {
    lines,
    next: () => once(events, "line"),
    info: (message: string) => note(message),
    error: (message: string, error?: unknown) => note(`${message} ${String(error)}`),
  };
}

const provider = (credentialFile: string) => ({
  openai: { credentialFile, header: "authorization", prefix: "Bearer " },
});

test("a credential is the text of its file, without the line's end, behind its prefix", async (t) => {
  const path = await makeFile(t, "sk-one\n");
  const credentials = readProviderCredentials(provider(path), createLog());
  assert.deepEqual(credentials.of("openai"), { name: "authorization", value: "Bearer sk-one" });
  assert.equal(credentials.of("local"), undefined);
});

for (const [what, text] of [
  ["empty", "\n"],
  ["of two lines", "sk-one\nsk-two"],
  ["not ASCII", "sk-\u00e9"],
  ["longer than a header", "x".repeat(8193)],
] as const) {
  test(`a file that is ${what} is told by its name, never by its text`, async (t) => {
    const path = await makeFile(t, text);
    assert.throws(
      () => readProviderCredentials(provider(path), createLog()),
      (error) =>
        error instanceof Error &&
        error.message.includes(path) &&
        (text.trim() === "" || !error.message.includes(text.trim().slice(0, 6))),
    );
  });
}

test("a changed file is read again, and a bad one leaves the credential from before", async (t) => {
  const path = await makeFile(t, "sk-one");
  const log = createLog();
  const credentials = readProviderCredentials(provider(path), log, watchMs);
  credentials.watch();
  t.after(() => credentials.close());
  // Nothing else keeps the process alive while it waits.
  const alive = setInterval(() => undefined, 1000);
  t.after(() => clearInterval(alive));
  let told = log.next();
  await writeFile(path, "sk-two");
  await told;
  assert.equal(credentials.of("openai")?.value, "Bearer sk-two");
  told = log.next();
  await rm(path);
  await told;
  assert.equal(credentials.of("openai")?.value, "Bearer sk-two");
  assert.match(log.lines.at(-1) ?? "", /unreadable/);
  assert.doesNotMatch(log.lines.join(), /sk-/);
});
