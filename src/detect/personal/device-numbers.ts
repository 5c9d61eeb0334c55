import { isImei, isVin } from "../checks/devices.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const vin = catalogueEntry("pii", {
  type: "VIN",
  rank: ranks.contact,
  example: "1M8GDM9AXKP042788",
  check: "ISO 3779 weights, modulo 11",
  context: "no",
  basePct: 65,
  countries: [],
});

const vinUnits = "x".repeat(17);
/** No I, O or Q, and a serial number that ends in digits. */
const vinWriting = /^[A-HJ-NPR-Z0-9]{13}\d{4}$/;
/** Numbers of parcels have a letter or two. */
const letters = /[A-Z].*[A-Z].*[A-Z]/;

/** Numbers of mobile devices and vehicles. */
export const deviceNumbers: readonly Shape[] = [
  {
    kind: catalogueEntry("pii", {
      type: "IMEI",
      rank: ranks.contact,
      example: "490154203237518",
      check: "Luhn",
      context: "yes",
      basePct: 30,
      countries: [],
    }),
    topic: topics.imei,
    masks: ["d".repeat(15)],
    alone: [],
    labelled: ["15", "2-6-6-1", "2 6 6 1", "6-2-6-1", "8-6-1", "6-8-1"],
    checkPct: checkPcts.tenth,
    passes: isImei,
  },
  {
    kind: vin,
    topic: topics.vin,
    masks: [vinUnits],
    alone: ["17"],
    labelled: [],
    checkPct: checkPcts.thirtieth,
    passes: (code) => vinWriting.test(code) && isVin(code) && letters.test(code),
  },
  {
    // European ones have no check digit: a word for them must do.
    kind: vin,
    topic: topics.vin,
    masks: [vinUnits],
    alone: [],
    labelled: ["17"],
    checkPct: 0,
    passes: (code) => vinWriting.test(code) && /[A-Z]/.test(code),
  },
];
