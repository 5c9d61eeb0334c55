import { BrokenLogError } from "../../evidence/index.ts";
import { UsageError } from "../usage-error.ts";
import { orUnreadable } from "./find-logs.ts";

/** Reads holds. Throws `UsageError` where there may be some that cannot be read. */
export function orBrokenHolds<T>(read: () => T): T {
  try {
    return orUnreadable("the admin log", read);
  } catch (error) {
    if (!(error instanceof BrokenLogError)) throw error;
    throw new UsageError(
      `The legal holds cannot be read: ${error.message}.`,
      "`chancery log verify` says what of the admin log holds; until then nothing may go.",
    );
  }
}
