import { isBrCnpj, isBrCpf, isCaSin, isMxCurp } from "../checks/americas.ts";
import { digitAt } from "../checks/digits.ts";
import { isUsEin, isUsItin } from "../checks/united-states.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const rank = ranks.government;

/** Numbers that the states of the Americas give people and firms. */
export const americasIds: readonly Shape[] = [
  {
    kind: catalogueEntry("pii", {
      type: "US_ITIN",
      rank,
      example: "900-70-0001",
      check: "9 first, group 50-65, 70-88, 90-92 or 94-99",
      context: "bare",
      basePct: 80,
      countries: ["US"],
    }),
    topic: topics.usItin,
    masks: ["ddddddddd"],
    alone: ["3-2-4", "3 2 4"],
    labelled: ["9"],
    checkPct: checkPcts.tenth,
    passes: isUsItin,
  },
  {
    kind: catalogueEntry("pii", {
      type: "US_EIN",
      rank,
      example: "12-3456789",
      check: "prefix of an IRS campus",
      context: "yes",
      basePct: 30,
      countries: ["US"],
    }),
    topic: topics.usEin,
    masks: ["ddddddddd"],
    alone: [],
    labelled: ["2-7", "2 7", "9"],
    checkPct: checkPcts.none,
    passes: isUsEin,
  },
  {
    kind: catalogueEntry("pii", {
      type: "CA_SIN",
      rank,
      example: "046 454 286",
      check: "Luhn, 8 never first",
      context: "bare",
      basePct: 40,
      countries: ["CA"],
    }),
    topic: topics.caSin,
    masks: ["ddddddddd"],
    alone: ["3 3 3", "3-3-3"],
    labelled: ["9", "3.3.3"],
    checkPct: checkPcts.tenth,
    passes: isCaSin,
    mayStandAlone: (digits) => digitAt(digits, 0) !== 0,
  },
  {
    kind: catalogueEntry("pii", {
      type: "BR_CPF",
      rank,
      example: "111.444.777-35",
      check: "two digits modulo 11",
      context: "bare",
      basePct: 95,
      countries: ["BR"],
    }),
    topic: topics.brCpf,
    masks: ["ddddddddddd"],
    alone: ["3.3.3-2"],
    labelled: ["11", "9-2", "3 3 3 2", "3 3 3-2", "3-3-3-2", "3.3.3.2", "3.3.3/2"],
    checkPct: checkPcts.hundredth,
    passes: isBrCpf,
  },
  {
    kind: catalogueEntry("pii", {
      type: "BR_CNPJ",
      rank,
      example: "12.ABC.345/01DE-35",
      check: "two digits modulo 11, letters count from 17",
      context: "bare",
      basePct: 95,
      countries: ["BR"],
    }),
    topic: topics.brCnpj,
    masks: ["xxxxxxxxxxxxdd"],
    alone: ["2.3.3/4-2"],
    labelled: ["14", "12-2", "8/4-2", "2 3 3 4 2", "2.3.3-4-2"],
    checkPct: checkPcts.hundredth,
    passes: isBrCnpj,
  },
  {
    kind: catalogueEntry("pii", {
      type: "MX_CURP",
      rank,
      example: "HEGG560427MVZRRL04",
      check: "day of birth, sex, state, check digit",
      context: "no",
      basePct: 98,
      countries: ["MX"],
    }),
    topic: topics.mxCurp,
    masks: ["llllddddddllllllxd"],
    alone: ["18"],
    labelled: ["4 6 6 2", "4-6-6-2"],
    checkPct: checkPcts.rare,
    passes: isMxCurp,
  },
];
