import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Problem } from "../base/index.ts";
import { createPaint } from "./paint.ts";
import { countProblems, renderProblems } from "./problem-report.ts";

const silent = { write: () => {} };

function paintIn(isTerminal: boolean, environment: Readonly<Record<string, string>> = {}) {
  return createPaint({
    stdout: silent,
    stderr: silent,
    readStdin: async () => "",
    openStdin: async function* () {},
    isTerminal,
    environment,
    cwd: "/",
  });
}

const colourStart = "\u001b[";

describe("colour", () => {
  test("a person's terminal gets it", () => {
    assert.ok(paintIn(true)("bad", "text").startsWith(colourStart));
  });

  test("a pipe, a dumb terminal and whoever sets NO_COLOR get plain text", () => {
    assert.equal(paintIn(false)("bad", "text"), "text");
    assert.equal(paintIn(true, { TERM: "dumb" })("bad", "text"), "text");
    assert.equal(paintIn(true, { NO_COLOR: "1" })("bad", "text"), "text");
  });

  test("an empty NO_COLOR does not count as set", () => {
    assert.ok(paintIn(true, { NO_COLOR: "" })("bad", "text").startsWith(colourStart));
  });
});

describe("problems for people", () => {
  const problem = (file: string, line: number, severity: Problem["severity"]): Problem => ({
    code: "E02",
    severity,
    file,
    line,
    column: 3,
    message: "a message",
    hint: "A hint.",
  });
  const problems = [problem("a.yaml", 0, "error"), problem("folder/b.yaml", 12, "warning")];
  const plain = paintIn(false);

  test("columns line up on a terminal alone", () => {
    assert.equal(
      renderProblems(problems, plain, true),
      "a.yaml              error E02  a message\n    A hint.\n" +
        "folder/b.yaml:12:3  warning E02  a message\n    A hint.\n",
    );
    assert.equal(
      renderProblems(problems, plain, false),
      "a.yaml  error E02  a message\n    A hint.\n" +
        "folder/b.yaml:12:3  warning E02  a message\n    A hint.\n",
    );
  });

  test("errors and warnings are counted apart", () => {
    assert.equal(countProblems(problems), "1 error, 1 warning");
    assert.equal(countProblems([...problems, ...problems].slice(1, 2)), "1 warning");
    assert.equal(countProblems([...problems, ...problems]), "2 errors, 2 warnings");
  });
});
