import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { BundlePolls } from "./bundle-polls.ts";
import type { BundleSource } from "./bundle-source.ts";
import { readGitFacts } from "./git-facts.ts";
import { HttpArchive } from "./http-archive.ts";
import { callHttp, isCallable } from "./http-call.ts";
import { parseOciReference } from "./oci-reference.ts";
import { SourceError } from "./source-error.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(t: TestContext, handler: Handler): Promise<URL> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/bundle`);
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail("it did not reject"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, String(error));
  return error.message;
}

describe("an archive over HTTP", () => {
  test("is fetched once for each entity tag", async (t) => {
    let tag = '"one"';
    const asked: (string | undefined)[] = [];
    const url = await serve(t, (request, response) => {
      asked.push(request.headers["if-none-match"]);
      const isSame = request.headers["if-none-match"] === tag;
      response.writeHead(isSame ? 304 : 200, { etag: tag }).end(isSame ? undefined : tag);
    });
    const archive = new HttpArchive(url, 5000);
    assert.equal(Buffer.from((await archive.poll()) ?? []).toString(), '"one"');
    assert.equal(await archive.poll(), undefined);
    tag = '"two"';
    assert.equal(Buffer.from((await archive.poll()) ?? []).toString(), '"two"');
    assert.deepEqual(asked, [undefined, '"one"', '"one"']);
  });

  test("of another status, too large, too slow or not there is a reason", async (t) => {
    const missing = await serve(t, (_, response) => void response.writeHead(404).end());
    assert.match(await rejection(new HttpArchive(missing, 5000).poll()), /answers 404/);
    const unasked = await serve(t, (_, response) => void response.writeHead(304).end());
    assert.match(await rejection(new HttpArchive(unasked, 5000).poll()), /answers 304/);
    const endless = await serve(t, (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const call = { bytesMax: 1_000_000, deadlineMs: 10_000 };
    assert.match(await rejection(callHttp(endless, call)), /larger than 1000000 bytes/);
    const silent = await serve(t, () => undefined);
    assert.match(await rejection(new HttpArchive(silent, 50).poll()), /within 50 ms/);
    const gone = new URL("http://127.0.0.1:1/bundle");
    assert.match(await rejection(new HttpArchive(gone, 5000).poll()), /cannot be reached/);
  });

  test("is fetched in the clear from this machine only, redirects included", async (t) => {
    for (const [address, isFine] of [
      ["https://policies.example/a", true],
      ["http://127.0.0.1:8080/a", true],
      ["http://[::1]/a", true],
      ["http://localhost/a", true],
      ["http://policies.example/a", false],
      ["http://127.0.0.1.example/a", false],
      ["http://10.0.0.1/a", false],
      ["file:///etc/passwd", false],
    ] as const) {
      assert.equal(isCallable(new URL(address)), isFine, address);
    }
    const away = await serve(t, (_, response) => {
      response.writeHead(302, { location: "http://policies.example/a" }).end();
    });
    assert.match(await rejection(new HttpArchive(away, 5000).poll()), /plain http/);
    const circle = await serve(t, (_, response) => {
      response.writeHead(302, { location: "/bundle" }).end();
    });
    assert.match(await rejection(new HttpArchive(circle, 5000).poll()), /in a circle/);
  });

  test("keeps credentials with the server they are for", async (t) => {
    const seen: (string | undefined)[] = [];
    const other = await serve(t, (request, response) => {
      seen.push(request.headers.authorization);
      response.end("content");
    });
    const first = await serve(t, (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: other.href }).end();
    });
    const call = { headers: { authorization: "Basic YTpi" }, bytesMax: 100, deadlineMs: 5000 };
    assert.equal((await callHttp(first, call)).status, 200);
    assert.deepEqual(seen, ["Basic YTpi", undefined]);
  });

  test("is named without what may let its holder in", () => {
    const url = new URL("https://name:word@policies.example/acme?signature=abc");
    assert.equal(new HttpArchive(url, 1).place, "https://policies.example/acme");
  });
});

test("a reference to an artifact is read as the distribution specification writes it", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  for (const [text, version] of [
    ["127.0.0.1:5000/policies/acme:1.0.0", "1.0.0"],
    ["registry.example/acme", "latest"],
    [`registry.example/a/b/c@${digest}`, digest],
    [`registry.example/acme:stable@${digest}`, digest],
  ] as const) {
    assert.equal(parseOciReference(text)?.version, version, text);
  }
  for (const text of [
    "acme",
    "registry.example/",
    "r.example/A:1",
    "r.example/a/../b:1",
    "r/a:b c",
  ]) {
    assert.equal(parseOciReference(text), undefined, text);
  }
});

describe("what git says of a folder", () => {
  async function makeRepository(t: TestContext): Promise<(...argv: string[]) => string> {
    const folder = await mkdtemp(join(tmpdir(), "chancery-git-"));
    t.after(() => rm(folder, { recursive: true }));
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    const git = (...argv: string[]) =>
      execFileSync("git", [...who, "-C", folder, ...argv], { stdio: ["ignore", "pipe", "ignore"] })
        .toString()
        .trim();
    git("init", "-q");
    await writeFile(join(folder, "a.yaml"), "one");
    return git;
  }

  test("is its commit, its repository without credentials, and whether files differ", async (t) => {
    const git = await makeRepository(t);
    const folder = git("rev-parse", "--show-toplevel");
    assert.equal(await readGitFacts(folder), undefined);
    git("add", ".");
    git("commit", "-qm", "one");
    const commit = git("rev-parse", "HEAD");
    assert.deepEqual(await readGitFacts(folder), { repository: null, commit, dirty: false });
    git("remote", "add", "origin", "https://name:token@git.example/policies.git");
    await writeFile(join(folder, "b.yaml"), "two");
    assert.deepEqual(await readGitFacts(folder), {
      repository: "https://git.example/policies.git",
      commit,
      dirty: true,
    });
  });

  test("is nothing where there is no repository", async () => {
    assert.equal(await readGitFacts(join(tmpdir(), "chancery-not-there")), undefined);
  });

  test("runs no program that the repository names", async (t) => {
    const git = await makeRepository(t);
    const folder = git("rev-parse", "--show-toplevel");
    git("add", ".");
    git("commit", "-qm", "one");
    const trace = join(folder, "..", `${folder.split("/").at(-1)}-ran`);
    t.after(() => rm(trace, { force: true }));
    git("config", "core.fsmonitor", `touch ${trace} #`);
    assert.notEqual(await readGitFacts(folder), undefined);
    await assert.rejects(() => import("node:fs/promises").then(({ access }) => access(trace)));
  });
});

describe("polls", () => {
  /** A source that says what a test wants next. */
  function scripted(place: string, answers: (Uint8Array | undefined | Error)[]): BundleSource {
    return {
      place,
      poll: async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
  }

  test("keep what a source gave before when it fails, and say so", async (t) => {
    const archive = Buffer.from("archive");
    const failure = new SourceError("it is down", "Wait.");
    const sources = [
      scripted("good", [archive, failure, undefined]),
      scripted("bad", [failure, failure, archive]),
    ];
    const polls = await BundlePolls.open({ sources, pollSeconds: 3600, onPoll: () => undefined });
    t.after(() => polls.close());
    const failed = { code: "C04", message: "it is down", hint: "Wait." };
    assert.deepEqual(polls.offers, [
      { place: "good", archive },
      { place: "bad", failure: failed },
    ]);
    await polls.refresh();
    assert.deepEqual(polls.offers[0], { place: "good", archive });
    assert.equal(polls.states[0]?.failure?.message, "it is down");
    await polls.refresh();
    assert.equal(polls.states[0]?.failure, undefined);
    assert.deepEqual(polls.offers[1], { place: "bad", archive });
  });

  test("come again by themselves, and tell whether there is something new", async (t) => {
    const told: boolean[] = [];
    const first = Buffer.from("first");
    const answers = [first, undefined, Buffer.from("first"), Buffer.from("second")];
    await new Promise<void>((resolve) => {
      const hold = setInterval(() => undefined, 1000);
      void BundlePolls.open({
        sources: [scripted("one", answers)],
        pollSeconds: 0.01,
        onPoll: (isChanged) => {
          told.push(isChanged);
          if (told.length < 3) return;
          clearInterval(hold);
          resolve();
        },
      }).then((polls) => t.after(() => polls.close()));
    });
    assert.deepEqual(told.slice(0, 3), [false, false, true]);
  });
});
