import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseArguments } from "./arguments.ts";
import { defineCommand, type InputOf } from "./command.ts";
import { UsageError } from "./usage-error.ts";

const positionals = { directory: { placeholder: "DIR", summary: "a folder" } } as const;
const options = {
  state: { type: "string", summary: "a folder" },
  waitMs: { type: "string", placeholder: "MS", summary: "how long", default: "5" },
  model: { type: "string", multiple: true, placeholder: "NAME", summary: "a model" },
  upstream: { type: "string", required: true, placeholder: "URL", summary: "where to" },
  format: { type: "string", choices: ["text", "json"], summary: "how", default: "text" },
  strict: { type: "boolean", summary: "whether" },
} as const;

const command = defineCommand({
  name: "try",
  summary: "Try",
  positionals,
  options,
  exitCodes: [],
  examples: [],
  run: async (_input: InputOf<typeof positionals, typeof options>) => 0,
});

function parse(...argv: readonly string[]) {
  return parseArguments(command, argv);
}

function refusal(...argv: readonly string[]): UsageError {
  try {
    parse(...argv);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error;
  }
  assert.fail("was understood");
}

describe("parseArguments", () => {
  test("what is not given takes its default, or is plainly absent", () => {
    assert.deepEqual(parse("d", "--upstream", "u"), {
      kind: "input",
      input: {
        directory: "d",
        state: undefined,
        waitMs: "5",
        model: [],
        upstream: "u",
        format: "text",
        strict: false,
      },
    });
  });

  test("options stand anywhere, with their value beside them or attached", () => {
    const parsed = parse("--upstream=u", "--strict", "d", "--wait-ms", "7", "--format=json");
    assert.ok(parsed.kind === "input");
    assert.deepEqual(parsed.input, {
      directory: "d",
      state: undefined,
      waitMs: "7",
      model: [],
      upstream: "u",
      format: "json",
      strict: true,
    });
  });

  test("a repeatable option keeps all its values in order", () => {
    const parsed = parse("d", "--upstream", "u", "--model", "b", "--model", "a");
    assert.ok(parsed.kind === "input");
    assert.deepEqual(parsed.input["model"], ["b", "a"]);
  });

  test("after -- everything is an argument", () => {
    const parsed = parse("--upstream", "u", "--", "--strict");
    assert.ok(parsed.kind === "input");
    assert.equal(parsed.input["directory"], "--strict");
    assert.equal(parsed.input["strict"], false);
  });

  test("help wins over whatever else is wrong or missing", () => {
    assert.deepEqual(parse("--format", "json", "-h"), { kind: "help" });
    assert.deepEqual(parse("--help"), { kind: "help" });
  });

  for (const [claim, argv, message] of [
    ["a missing argument", ["--upstream", "u"], /needs DIR/],
    ["a missing option", ["d"], /needs --upstream URL/],
    ["a surplus argument", ["d", "e", "--upstream", "u"], /Unexpected argument "e"/],
    ["an unknown option", ["d", "--upstraem", "u"], /Unknown option --upstraem/],
    ["an unknown short option", ["d", "-u", "u"], /Unknown option -u/],
    ["a value for what takes none", ["d", "--strict=yes"], /--strict takes no value, found "yes"/],
    ["no value for what takes one", ["d", "--state"], /--state needs a value: --state VALUE/],
    ["an empty value", ["d", "--state="], /--state needs a value/],
    ["a value that is none of the choices", ["d", "--format", "xml"], /text or json, found "xml"/],
    ["one option twice", ["d", "--state", "a", "--state", "b"], /--state is given more than once/],
    ["the name of an inherited member", ["d", "--constructor"], /Unknown option --constructor/],
  ] as const) {
    test(`${claim} is told, with the next step`, () => {
      const { message: found, hint } = refusal(...argv);
      assert.match(found, message);
      assert.match(hint, /chancery try --help/);
    });
  }

  test("an unknown option is answered with the nearest one", () => {
    assert.match(refusal("d", "--strictt").hint, /^Did you mean --strict\?/);
    assert.match(refusal("d", "--waitms", "3").hint, /^Did you mean --wait-ms\?/);
  });
});
