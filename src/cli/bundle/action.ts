import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

/** Everything that `chancery bundle` may be given, as the command line has it. */
export interface BundleInput {
  readonly action: string;
  readonly target: string;
  readonly out: string | undefined;
  readonly namespace: string | undefined;
  readonly sequence: string | undefined;
  readonly version: string | undefined;
  readonly days: string | undefined;
  readonly key: string | undefined;
  readonly keyId: string | undefined;
  readonly ring: string | undefined;
  readonly at: string | undefined;
  readonly to: string | undefined;
  readonly credential: string | undefined;
  readonly format: string;
}

/** One thing to do with bundles: gives the exit code, throws `UsageError` for exit code 3. */
export interface BundleAction {
  /** Options it takes; any other is refused rather than ignored. */
  readonly options: readonly (keyof BundleInput)[];
  run(input: BundleInput, io: Io): Promise<number>;
}

/** A value that an action cannot do without. */
export function required(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  throw new UsageError(
    `This needs ${flag}.`,
    "Run `chancery bundle --help` to see what each action takes.",
  );
}

/** A whole number above 0. */
export function wholeNumber(value: string, flag: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`${flag} takes a whole number above 0, found "${value}".`, "Correct it.");
}
