import type { Problem } from "../../base/index.ts";
import type { DecisionInput } from "../../domain/index.ts";
import { readDecisionInput } from "../decide/decision-input.ts";
import { platformNamespace } from "../documents/document.ts";
import { type Part, partProblem, shapeProblems, type TestDocument } from "./case-problems.ts";
import { dataFixtureSchema, expectSchema, givenSchema, isDataFixture } from "./case-schema.ts";
import { type Combination, type Fields, type GivenContext, toInputObject } from "./given.ts";
import { combinationsMax, type ModelsOf, multiply, nameOf } from "./matrix.ts";

/** One question a test asks, and what it expects of the answer. */
export interface PreparedCase {
  readonly test: TestDocument;
  readonly name: string;
  readonly input: DecisionInput;
  /** As written. */
  readonly expect: Fields;
}

/** The cases of one test, and the reasons why others of it cannot be asked. */
export interface PreparedTest {
  readonly cases: readonly PreparedCase[];
  readonly problems: readonly Problem[];
}

/** Reads the cases of a test and multiplies its matrix out, in the order written. */
export function prepareTest(document: TestDocument, models: ModelsOf): PreparedTest {
  const { spec } = document;
  if (spec.cases === undefined && spec.matrix === undefined) {
    return { cases: [], problems: [partProblem(specOf(document), noCases)] };
  }
  const preparation: Preparation = {
    document,
    models,
    context: {
      fixtures: (spec.fixtures ?? {}) as Readonly<Record<string, Fields>>,
      time: spec.time,
      tenant: tenantOf(document),
    },
  };
  const fixtureProblems = Object.keys(spec.fixtures ?? {}).flatMap((name) =>
    findFixtureProblems(preparation, name),
  );
  // What uses a broken fixture would be found broken as well, to no one's help.
  if (fixtureProblems.length > 0) return { cases: [], problems: fixtureProblems };
  const parts = [
    ...(spec.cases ?? []).map((written) => prepare(preparation, written, "given")),
    ...(spec.matrix === undefined ? [] : [prepare(preparation, spec.matrix, "matrix")]),
  ];
  return {
    cases: parts.flatMap(({ cases }) => cases),
    problems: [...findRepeatedNames(document), ...parts.flatMap(({ problems }) => problems)],
  };
}

interface Preparation {
  readonly document: TestDocument;
  readonly models: ModelsOf;
  readonly context: GivenContext;
}

interface WrittenCase {
  readonly name?: string;
  readonly given: Fields;
  readonly expect: Fields;
}

function prepare(
  preparation: Preparation,
  written: WrittenCase,
  kind: "given" | "matrix",
): PreparedTest {
  const { document } = preparation;
  const given: Part = { document, of: written, key: "given" };
  const expect: Part = { document, of: written, key: "expect" };
  const problems = [
    ...shapeProblems(given, givenSchema(written.given, kind)),
    ...shapeProblems(expect, expectSchema(written.expect)),
    ...(Object.keys(written.expect).length === 0 ? [partProblem(expect, expectsNothing)] : []),
    ...findForeignTenants(preparation, written.given),
    ...findUnknownFixtures(preparation, written.given),
    ...(kind === "given" ? findPatterns(preparation, written.given) : []),
  ];
  if (problems.length > 0) return { cases: [], problems };
  return kind === "given"
    ? ask(preparation, { written, name: written.name ?? "", combination: {} })
    : askAll(preparation, written);
}

function askAll(preparation: Preparation, written: WrittenCase): PreparedTest {
  const { document, models, context } = preparation;
  const whole = { ...toInputObject(written.given, context), ...written.given };
  const { combinations, empty, isTooMany } = multiply(whole, context.tenant, models);
  const at: Part = { document, of: written, key: "given" };
  if (isTooMany) return { cases: [], problems: [partProblem(at, tooManyCombinations)] };
  const parts = combinations.map((combination) =>
    ask(preparation, { written, name: nameOf(combination), combination }),
  );
  const broken = parts.find(({ problems }) => problems.length > 0);
  return {
    cases: parts.flatMap(({ cases }) => cases),
    problems: [
      ...empty.map(({ pattern, tenant }) => partProblem(at, fitsNoModel(pattern, tenant))),
      // What is wrong with one combination is mostly wrong with all of them.
      ...(broken?.problems ?? []),
    ],
  };
}

interface Question {
  readonly written: WrittenCase;
  readonly name: string;
  readonly combination: Combination;
}

function ask(preparation: Preparation, { written, name, combination }: Question): PreparedTest {
  const { document, context } = preparation;
  const at: Part = { document, of: written, key: "given" };
  const { input, problems } = readDecisionInput(toInputObject(written.given, context, combination));
  if (input === undefined) {
    return {
      cases: [],
      problems: problems.map(({ message, hint }) =>
        partProblem(at, { code: "E01", message, hint }),
      ),
    };
  }
  if (input.tenant === undefined) return { cases: [], problems: [partProblem(at, noTenant)] };
  return { cases: [{ test: document, name, input, expect: written.expect }], problems: [] };
}

function tenantOf({ source }: TestDocument): string | undefined {
  return source.namespace === platformNamespace ? undefined : source.namespace;
}

function specOf(document: TestDocument): Part {
  // The spec itself has no container here; its time is always there.
  return { document, of: document.spec, key: "time" };
}

function findFixtureProblems(preparation: Preparation, name: string): readonly Problem[] {
  const { document, context } = preparation;
  const { fixtures = {} } = document.spec;
  const at: Part = { document, of: fixtures, key: name };
  const fixture = fixtures[name];
  if (typeof fixture !== "object" || fixture === null || Array.isArray(fixture)) {
    return [partProblem(at, noMapping(name))];
  }
  const fields = fixture as Fields;
  const schema = isDataFixture(fields) ? dataFixtureSchema : givenSchema(fields, "fixture");
  const { data } = fields;
  return [
    ...shapeProblems(at, schema),
    ...findForeignTenants({ document, context }, fields),
    ...(typeof data === "string" ? findUnknownFixtures({ document, context }, fields) : []),
  ];
}

type Checked = Pick<Preparation, "document" | "context">;

/** A tenant's tests may name no other tenant (policy-model 12). */
function findForeignTenants({ document, context }: Checked, given: Fields): readonly Problem[] {
  const own = context.tenant;
  const named = [given["tenant"] ?? []].flat();
  if (own === undefined || named.every((tenant) => tenant === own)) return [];
  return [partProblem({ document, of: given, key: "tenant" }, foreignTenant(own))];
}

function findUnknownFixtures({ document, context }: Checked, given: Fields): readonly Problem[] {
  return (["use", "data"] as const).flatMap((key) => {
    const name = given[key];
    if (typeof name !== "string") return [];
    const fixture = Object.hasOwn(context.fixtures, name) ? context.fixtures[name] : undefined;
    const isFitting =
      fixture !== undefined &&
      typeof fixture === "object" &&
      isDataFixture(fixture) === (key === "data");
    return isFitting ? [] : [partProblem({ document, of: given, key }, noFixture(name, key))];
  });
}

function findPatterns({ document }: Checked, given: Fields): readonly Problem[] {
  const { model } = given;
  return typeof model === "string" && model.endsWith("*")
    ? [partProblem({ document, of: given, key: "model" }, patternOutsideMatrix)]
    : [];
}

function findRepeatedNames(document: TestDocument): readonly Problem[] {
  const seen = new Set<string>();
  return (document.spec.cases ?? []).flatMap((written) => {
    const isRepeated = seen.has(written.name);
    seen.add(written.name);
    return isRepeated ? [partProblem({ document, of: written, key: "name" }, repeatedName)] : [];
  });
}

const noCases = {
  code: "E01",
  message: "the test has neither `cases` nor `matrix`",
  hint: "Add `cases` with `name`, `given` and `expect`, or delete the test.",
} as const;
const expectsNothing = {
  code: "E01",
  message: "`expect` says nothing, so every decision would do",
  hint: "Write at least `verdict`.",
} as const;
const noTenant = {
  code: "E01",
  message: "a test of the platform must say whose request it is about",
  hint: "Add `tenant` to `given` or to the fixture it uses.",
} as const;
const tooManyCombinations = {
  code: "E01",
  message: `the matrix has more than ${combinationsMax} combinations`,
  hint: "Split it into several tests.",
} as const;
const patternOutsideMatrix = {
  code: "E01",
  message: "a case asks for one model, not for a pattern",
  hint: "Name a model or an alias, or move the case into `matrix`.",
} as const;
const repeatedName = {
  code: "E07",
  message: "two cases of this test have the same name",
  hint: "Rename one of them, so that reports can tell them apart.",
} as const;

function noMapping(name: string) {
  return {
    code: "E01",
    message: `the fixture \`${name}\` must be a mapping`,
    hint: "Write fields of an input in it, or those of `data`.",
  } as const;
}

function foreignTenant(own: string) {
  return {
    code: "E06",
    message: `a test of \`${own}\` may name no other tenant`,
    hint: "Leave `tenant` out, or move the test to `platform/`.",
  } as const;
}

function noFixture(name: string, key: "use" | "data") {
  const what = key === "data" ? "for `data`" : "of an input";
  return {
    code: "E02",
    message: `no fixture ${what} has the name \`${name}\``,
    hint: "Declare it under `fixtures`, or correct the name.",
  } as const;
}

function fitsNoModel(pattern: string, tenant: string) {
  return {
    code: "E02",
    message: `\`${pattern}\` fits no model that \`${tenant}\` may name`,
    hint: "Correct the pattern, or list the models in a catalog.",
  } as const;
}
