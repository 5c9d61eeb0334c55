import metadata from "libphonenumber-js/min/metadata";

/** What is used of a country's numbering plan. */
interface Plan {
  /** What is dialled before a number within the country; empty if nothing is. */
  readonly trunk: string;
  /** Possible numbers of digits behind it, as a mask of bits. */
  readonly lengths: number;
  readonly number: RegExp;
}

/** Regions whose numbers are recognised as people dial them at home with the trunk prefix in front. */
const dialledRegions: readonly string[] = [
  ..."GB DE FR NL BE AT CH SE FI IE AU NZ JP KR TW TR IL SA AE EG ZA IN TH VN ID MY PH UA RO".split(
    " ",
  ),
  ..."BG HR RS SI SK BR AR CN RU IT".split(" "),
];

/** Regions whose numbers are often or always written without a trunk prefix. */
const plainRegions: readonly string[] =
  "ES PT IT PL CZ DK NO GR BR MX CO CL PE AR IN CN HK SG RU TR JP VN SA LU EE LV".split(" ");

const digitsMin = 7;
const digitsMax = 15;

const plansOf = new Map<string, Plan>();

/**
 * How long the numbers behind a calling code of ITU-T E.164 may be, as a mask of bits, or undefined
 * if no country has the code.
 */
export function lengthsOfCallingCode(code: number): number | undefined {
  return lengthsByCode.get(code);
}

const lengthsByCode = buildLengths();

/** Whether digits are a telephone number as people write it at home, in one of the known regions. */
export function isHomeNumber(digits: string): boolean {
  if (digits.length < digitsMin || digits.length > digitsMax) return false;
  const isDialled = digits.startsWith("0") || digits.startsWith("8");
  if (isDialled && dialledRegions.some((region) => isDialledIn(region, digits))) return true;
  return plainRegions.some((region) => fits(planOf(region), digits));
}

function isDialledIn(region: string, digits: string): boolean {
  const plan = planOf(region);
  if (plan.trunk === "" || !digits.startsWith(plan.trunk)) return false;
  return fits(plan, digits.slice(plan.trunk.length));
}

function fits(plan: Plan, digits: string): boolean {
  return (plan.lengths & (1 << digits.length)) !== 0 && plan.number.test(digits);
}

function planOf(region: string): Plan {
  let plan = plansOf.get(region);
  if (plan === undefined) {
    plan = readPlan(entriesOf(metadata.countries, region));
    plansOf.set(region, plan);
  }
  return plan;
}

// The metadata of a country is a list: calling code, international prefix, pattern of its numbers,
// their lengths, formats, national prefix.
function readPlan(entries: readonly unknown[]): Plan {
  const trunk = entries[5];
  return {
    trunk: typeof trunk === "string" ? trunk : "",
    lengths: maskOf(entries[3]),
    number: new RegExp(`^(?:${String(entries[2])})$`),
  };
}

function buildLengths(): ReadonlyMap<number, number> {
  const map = new Map<number, number>();
  for (const [code, regions] of Object.entries(metadata.country_calling_codes)) {
    let mask = 0;
    for (const region of regions) mask |= maskOf(entriesOf(metadata.countries, region)[3]);
    map.set(Number(code), mask);
  }
  for (const code of Object.keys(metadata.nonGeographic)) {
    map.set(Number(code), maskOf(entriesOf(metadata.nonGeographic, code)[3]));
  }
  return map;
}

function entriesOf(plans: object, key: string): readonly unknown[] {
  const entries: unknown = Object.hasOwn(plans, key) ? Reflect.get(plans, key) : undefined;
  return Array.isArray(entries) ? entries : [];
}

function maskOf(lengths: unknown): number {
  if (!Array.isArray(lengths)) return 0;
  return lengths.reduce<number>((mask, length) => mask | (1 << Number(length)), 0);
}
