import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { takeFingerprint } from "./fingerprint.ts";
import { PathWatch, type WatchTimes } from "./path-watch.ts";

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "chancery-watch-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Looks so seldom that only the kernel's notice can tell, or the other way round. */
const byNotice: WatchTimes = { quietMs: 5, quietMsMax: 50, lookMs: 3_600_000 };
const byLook: WatchTimes = { quietMs: 3_600_000, quietMsMax: 3_600_000, lookMs: 5 };

/** A watch, and what it tells next. */
async function watchTold(t: TestContext, paths: readonly string[], times: WatchTimes) {
  const told: string[] = [];
  let wake: (() => void) | undefined;
  const tell = (what: string) => () => {
    told.push(what);
    wake?.();
  };
  const listener = { changed: tell("changed"), unchanged: tell("unchanged") };
  const watch = await PathWatch.open(paths, listener, times);
  t.after(() => watch.close());
  return {
    watch,
    /** Resolves when it has told this once more. */
    next: async (what: string) => {
      const count = told.filter((one) => one === what).length;
      while (told.filter((one) => one === what).length === count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          // The watch alone does not keep the process alive, and should not.
          setTimeout(resolve, 20);
        });
      }
    },
  };
}

for (const [how, times] of Object.entries({ "the kernel's notice": byNotice, "a look": byLook })) {
  test(`a file that is written, replaced or added is told by ${how}`, async (t) => {
    const folder = await makeFolder(t);
    await mkdir(join(folder, "acme"));
    const file = join(folder, "acme", "a.yaml");
    await writeFile(file, "one");
    const { next } = await watchTold(t, [folder], times);
    for (const change of [
      () => writeFile(file, "other"),
      async () => {
        await writeFile(join(folder, "acme", ".draft"), "third");
        await rename(join(folder, "acme", ".draft"), file);
      },
      () => writeFile(join(folder, "acme", "b.yaml"), ""),
      () => mkdir(join(folder, "globex")),
      () => writeFile(join(folder, "globex", "c.yaml"), ""),
      () => rm(join(folder, "acme"), { recursive: true }),
    ]) {
      const told = next("changed");
      await change();
      await told;
    }
  });
}

test("a single file behind links is told when a link is swapped", async (t) => {
  const folder = await makeFolder(t);
  for (const name of ["one", "two"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "tls.crt"), name);
  }
  await symlink("one", join(folder, "data"));
  const { next } = await watchTold(t, [join(folder, "data", "tls.crt")], byLook);
  const told = next("changed");
  await symlink("two", join(folder, "data.new"));
  await rename(join(folder, "data.new"), join(folder, "data"));
  await told;
});

test("a path that comes into being later is told", async (t) => {
  const folder = await makeFolder(t);
  const later = join(folder, "later");
  const { next } = await watchTold(t, [later], byLook);
  const told = next("changed");
  await mkdir(later);
  await told;
  await next("unchanged");
});

test("a fingerprint is the same until something is, whatever cannot be looked at", async (t) => {
  const folder = await makeFolder(t);
  const paths = [folder, join(folder, "absent"), join(folder, "a.yaml")];
  const empty = await takeFingerprint(paths);
  assert.deepEqual(await takeFingerprint(paths), empty);
  await writeFile(join(folder, ".hidden"), "");
  assert.equal((await takeFingerprint(paths)).text, empty.text);
  await writeFile(join(folder, "a.yaml"), "");
  assert.notEqual((await takeFingerprint(paths)).text, empty.text);
});
