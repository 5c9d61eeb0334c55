/** One `given` or fixture as written. */
export type Fields = Readonly<Record<string, unknown>>;

/** A combination of the fields that multiply, by their names. */
export type Combination = Readonly<Record<string, string>>;

/** What a case is read against. */
export interface GivenContext {
  readonly fixtures: Readonly<Record<string, Fields>>;
  /** The test's time. */
  readonly time: string;
  /** The tenant of the test's namespace; undefined for tests of the platform. */
  readonly tenant: string | undefined;
}

/**
 * The input that a `given` stands for (policy-model 12): the fields of the fixture it uses, each
 * replaced by its own, then the chosen combination, and `data` written out. Not validated.
 */
export function toInputObject(
  given: Fields,
  { fixtures, time, tenant }: GivenContext,
  combination: Combination = {},
): Fields {
  const { use, ...own } = given;
  const base = typeof use === "string" ? fixtureOf(fixtures, use) : {};
  const merged: Fields = {
    time,
    ...(tenant === undefined ? {} : { tenant }),
    ...base,
    ...own,
    ...combination,
  };
  const { data } = merged;
  if (data === undefined) return merged;
  return { ...merged, data: toData(typeof data === "string" ? fixtureOf(fixtures, data) : data) };
}

function fixtureOf(fixtures: Readonly<Record<string, Fields>>, name: string): Fields {
  return Object.hasOwn(fixtures, name) ? (fixtures[name] ?? {}) : {};
}

/** `classes` stands for findings of these classes, by default one each, certain, in the prompt. */
function toData(data: unknown): unknown {
  if (typeof data !== "object" || data === null || !("classes" in data)) return data;
  const { classes, findings, ...others } = data as Fields;
  const found = Object.entries((classes ?? {}) as Readonly<Record<string, Fields>>).map(
    ([dataClass, details]) => ({
      class: dataClass,
      in: details["in"] ?? "prompt",
      count: details["count"] ?? 1,
      confidence: details["confidence"] ?? 1,
    }),
  );
  return { ...others, findings: [...(Array.isArray(findings) ? findings : []), ...found] };
}
