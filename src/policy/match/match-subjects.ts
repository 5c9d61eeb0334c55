import type { Principal } from "../../domain/index.ts";
import type { SubjectMatcher } from "../compile/rule.ts";

/** How exactly a rule speaks of who asks, for specificity (policy-model 5.2). */
export type SubjectScore = 0 | 1 | 2 | 3 | 4;

/** What a matcher has been made ready for: exact names looked up, beginnings compared. */
interface NameTest {
  readonly exact: readonly string[];
  readonly exactSet: ReadonlySet<string>;
  readonly beginnings: readonly string[];
}

type Prepared = Readonly<Record<keyof SubjectMatcher, NameTest | undefined>>;

/** Kept for as long as the rule is; the same matcher serves every app and action. */
const preparedOf = new WeakMap<SubjectMatcher, Prepared>();

const noValues: readonly string[] = Object.freeze([]);

/**
 * The specificity with which the matcher fits, or undefined where it does not. All given fields must
 * fit; within a field one item is enough. What the principal lacks fits nothing.
 */
export function matchSubjects(
  matcher: SubjectMatcher,
  principal: Principal,
): SubjectScore | undefined {
  const { principals, actors, groups, roles, kinds, issuers } = prepare(matcher);
  let best: SubjectScore = 0;
  const raise = (score: SubjectScore) => {
    if (score > best) best = score;
    return score > 0;
  };
  const fits =
    (principals === undefined || raise(scoreOne(principals, principal.id, 4))) &&
    (actors === undefined || raise(scoreOne(actors, principal.actor?.id, 4))) &&
    (groups === undefined || raise(scoreList(groups, principal.groups ?? noValues))) &&
    (roles === undefined || raise(scoreList(roles, principal.roles ?? noValues))) &&
    (kinds === undefined || raise(scoreOne(kinds, principal.kind, 2))) &&
    (issuers === undefined || raise(scoreOne(issuers, principal.issuer, 2)));
  return fits ? best : undefined;
}

function prepare(matcher: SubjectMatcher): Prepared {
  const known = preparedOf.get(matcher);
  if (known !== undefined) return known;
  const prepared = {
    principals: toTest(matcher.principals),
    actors: toTest(matcher.actors),
    groups: toTest(matcher.groups),
    roles: toTest(matcher.roles),
    kinds: toTest(matcher.kinds),
    issuers: toTest(matcher.issuers),
  };
  preparedOf.set(matcher, prepared);
  return prepared;
}

function toTest(patterns: readonly string[] | undefined): NameTest | undefined {
  if (patterns === undefined) return undefined;
  const exact = patterns.filter((pattern) => !pattern.endsWith("*"));
  return {
    exact,
    exactSet: new Set(exact),
    beginnings: patterns
      .filter((pattern) => pattern.endsWith("*"))
      .map((pattern) => pattern.slice(0, -1)),
  };
}

function scoreOne(
  test: NameTest,
  value: string | undefined,
  exactScore: SubjectScore,
): SubjectScore {
  if (value === undefined) return 0;
  if (test.exactSet.has(value)) return exactScore;
  return startsWithAny(value, test.beginnings) ? 1 : 0;
}

/** The principal's groups or roles, of which there may be many where a rule lists few. */
function scoreList(test: NameTest, values: readonly string[]): SubjectScore {
  if (values.length === 0) return 0;
  const names = namesOf(values);
  const hasExact =
    test.exact.length < values.length
      ? test.exact.some((name) => names.set.has(name))
      : values.some((value) => test.exactSet.has(value));
  if (hasExact) return 3;
  return test.beginnings.some((beginning) => hasBeginning(names.sorted, beginning)) ? 1 : 0;
}

interface Names {
  readonly set: ReadonlySet<string>;
  readonly sorted: readonly string[];
}

/** Made once for all the rules a caller's list is compared with. */
const namesOfList = new WeakMap<readonly string[], Names>();

function namesOf(values: readonly string[]): Names {
  const known = namesOfList.get(values);
  if (known !== undefined) return known;
  const names = { set: new Set(values), sorted: values.toSorted() };
  namesOfList.set(values, names);
  return names;
}

/** Whatever begins like this stands right where the beginning itself would. */
function hasBeginning(sorted: readonly string[], beginning: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < beginning) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(beginning) ?? false;
}

function startsWithAny(value: string, beginnings: readonly string[]): boolean {
  for (const beginning of beginnings) if (value.startsWith(beginning)) return true;
  return false;
}
