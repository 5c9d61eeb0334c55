/** Makers of one value of each type of the catalogue. Start with `makers`. */
import { financialMakers } from "./financial.ts";
import { governmentMakers } from "./government.ts";
import { healthMakers } from "./health.ts";
import type { Maker } from "./made.ts";
import { personalMakers } from "./personal.ts";
import { secretMakers } from "./secret.ts";

/** By type; each gives a value that passes the checks of its type. */
export const makers: Readonly<Record<string, Maker>> = {
  ...personalMakers,
  ...governmentMakers,
  ...healthMakers,
  ...financialMakers,
  ...secretMakers,
};
