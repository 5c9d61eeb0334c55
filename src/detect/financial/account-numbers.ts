import { isRepeated } from "../checks/digits.ts";
import { isCusip, isIsin } from "../checks/securities.ts";
import { isUsRouting } from "../checks/united-states.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { bareLayouts, digitMasks, digitsIn } from "../shapes/free-shape.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const rank = ranks.financial;
const cusipDigitsMin = 4;

/** Numbers of accounts, banks and securities other than IBAN. */
export const accountNumbers: readonly Shape[] = [
  {
    kind: catalogueEntry("financial", {
      type: "US_ROUTING",
      rank,
      example: "021000021",
      check: "prefix of a Federal Reserve bank, weights 3 7 1 modulo 10",
      context: "yes",
      basePct: 10,
      countries: ["US"],
    }),
    topic: topics.usRouting,
    masks: ["ddddddddd"],
    alone: [],
    labelled: ["9", "4-4-1", "4 4 1", "3 3 3"],
    checkPct: checkPcts.thirtieth,
    passes: isUsRouting,
  },
  {
    kind: catalogueEntry("financial", {
      type: "BANK_ACCOUNT",
      rank,
      example: "account 00012345678",
      check: "",
      context: "yes",
      basePct: 5,
      countries: [],
    }),
    topic: topics.bankAccount,
    masks: digitMasks(6, 17),
    alone: [],
    labelled: [
      ...bareLayouts(6, 17),
      ...["4 4", "4 4 4", "4-4-4", "4 4 2", "4 4 4 4", "3 3 3", "3-3-3", "2 3 3", "4-6"],
      ...["3-6", "2-7", "3-7", "4 6", "3 3 4", "6-2", "2-6", "5-5", "4-4-2", "3-4-3", "2-4-7"],
    ],
    checkPct: checkPcts.shape,
    passes: (digits) => !isRepeated(digits),
  },
  {
    kind: catalogueEntry("financial", {
      type: "UK_SORT_CODE",
      rank,
      example: "20-00-00",
      check: "",
      context: "yes",
      basePct: 10,
      countries: ["GB"],
    }),
    topic: topics.ukSortCode,
    masks: ["dddddd"],
    alone: [],
    labelled: ["2-2-2", "2 2 2", "6", "2.2.2"],
    checkPct: checkPcts.shape,
    passes: (digits) => !isRepeated(digits),
  },
  {
    kind: catalogueEntry("financial", {
      type: "ISIN",
      rank,
      example: "US0378331005",
      check: "country, Luhn over letters as numbers",
      context: "yes",
      basePct: 20,
      countries: [],
    }),
    topic: topics.security,
    masks: ["llxxxxxxxxxd"],
    alone: [],
    labelled: ["12", "2 9 1", "2-9-1"],
    checkPct: checkPcts.hundredth,
    passes: isIsin,
  },
  {
    kind: catalogueEntry("financial", {
      type: "CUSIP",
      rank,
      example: "037833100",
      check: "doubled values modulo 10",
      context: "yes",
      basePct: 20,
      countries: ["US", "CA"],
    }),
    topic: topics.security,
    masks: ["xxxxxxxxd"],
    alone: [],
    labelled: ["9", "6-2-1", "6 2 1", "8-1"],
    checkPct: checkPcts.tenth,
    passes: (code) => digitsIn(code) >= cusipDigitsMin && isCusip(code),
  },
];
