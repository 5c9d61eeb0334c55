import { isRepeated } from "../checks/digits.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { anyMasks, bareLayouts, digitsIn } from "../shapes/free-shape.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const rank = ranks.government;
const passportDigitsMin = 5;
const licenceDigitsMin = 4;

/** A passport number, by its label or in a machine-readable zone. */
export const passportKind = catalogueEntry("pii", {
  type: "PASSPORT",
  rank,
  example: "A12345678",
  check: "check digits of the machine-readable zone, where it is one",
  context: "yes",
  basePct: 10,
  countries: [],
});

/** Numbers of papers that states give out, each in its own way: only a label tells them. */
export const documents: readonly Shape[] = [
  {
    kind: passportKind,
    topic: topics.passport,
    masks: anyMasks(7, 10),
    alone: [],
    labelled: [
      ...bareLayouts(7, 10),
      "1 8",
      "1-8",
      "2 7",
      "2-7",
      "2 6",
      "2 2 6",
      "1 7",
      "1-7",
      "3 6",
    ],
    checkPct: checkPcts.shape,
    passes: (code) => digitsIn(code) >= passportDigitsMin && !isRepeated(code),
  },
  {
    kind: catalogueEntry("pii", {
      type: "DRIVER_LICENSE",
      rank,
      example: "D1234567",
      check: "",
      context: "yes",
      basePct: 10,
      countries: [],
    }),
    topic: topics.driverLicense,
    masks: anyMasks(6, 18),
    alone: [],
    labelled: [
      ...bareLayouts(6, 18),
      // States of the US, Ontario and Quebec, the United Kingdom.
      ...["4-3-2-3-1", "4-4-4", "4-4-4-2", "1-3-3-3-3", "1 3 3 3 3", "3 3 3", "3-3-3", "2-3-4"],
      ...["5-5-5", "1-4-6-2", "5-6-2", "5 6 5", "5-6-5", "2 2 6", "1-8", "1-7", "1 7", "3-2-4"],
      ...["2-6", "2-7", "2-2-4", "4 4 4", "1-2-3-3", "3-3-4"],
    ],
    checkPct: checkPcts.shape,
    passes: (code) => digitsIn(code) >= licenceDigitsMin && !isRepeated(code),
  },
];
