import { isAuMedicare } from "../checks/australia.ts";
import { digitAt } from "../checks/digits.ts";
import { isUkNhs } from "../checks/united-kingdom.ts";
import { isUsDea, isUsMbi, isUsNpi } from "../checks/united-states.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const rank = ranks.health;

/** Numbers of patients, insured persons and prescribers that carry a check or a strict shape. */
export const healthNumbers: readonly Shape[] = [
  {
    kind: catalogueEntry("phi", {
      type: "UK_NHS",
      rank,
      example: "999 001 0005",
      check: "weights 10 to 2 modulo 11",
      context: "bare",
      basePct: 30,
      countries: ["GB"],
    }),
    topic: topics.ukNhs,
    masks: ["dddddddddd"],
    alone: ["3 3 4"],
    labelled: ["10", "3-3-4", "3.3.4"],
    checkPct: checkPcts.tenth,
    passes: isUkNhs,
    mayStandAlone: isNoTelephone,
  },
  {
    kind: catalogueEntry("phi", {
      type: "US_NPI",
      rank,
      example: "1234567893",
      check: "1 or 2 first, Luhn after 80840",
      context: "yes",
      basePct: 20,
      countries: ["US"],
    }),
    topic: topics.usNpi,
    masks: ["dddddddddd"],
    alone: [],
    labelled: ["10", "4-3-3", "4 3 3"],
    checkPct: checkPcts.hundredth,
    passes: isUsNpi,
  },
  {
    kind: catalogueEntry("phi", {
      type: "US_DEA",
      rank,
      example: "AB1234563",
      check: "registrant letter, check digit modulo 10",
      context: "no",
      basePct: 80,
      countries: ["US"],
    }),
    topic: topics.usDea,
    masks: ["llddddddd"],
    alone: ["9"],
    labelled: ["2-7", "2 7"],
    checkPct: checkPcts.tenth,
    passes: isUsDea,
  },
  {
    kind: catalogueEntry("phi", {
      type: "US_MBI",
      rank,
      example: "1EG4-TE5-MK73",
      check: "kinds of characters by place, no S L O I B Z",
      context: "no",
      basePct: 85,
      countries: ["US"],
    }),
    topic: topics.usMbi,
    masks: ["dlxdlxdlldd"],
    alone: ["4-3-4", "11", "4 3 4"],
    labelled: [],
    checkPct: checkPcts.shape,
    passes: isUsMbi,
  },
  {
    kind: catalogueEntry("phi", {
      type: "AU_MEDICARE",
      rank,
      example: "2123 45670 1",
      check: "2 to 6 first, weights modulo 10",
      context: "yes",
      basePct: 30,
      countries: ["AU"],
    }),
    topic: topics.auMedicare,
    masks: ["dddddddddd", "ddddddddddd"],
    alone: [],
    labelled: ["10", "11", "4 5 1", "4-5-1", "4 5 1 1", "4 5 1-1", "4 5 1/1", "10/1", "10-1"],
    checkPct: checkPcts.thirtieth,
    passes: isAuMedicare,
  },
];

// An area and an exchange of North America, written in the same groups, never begin with 0 or 1.
function isNoTelephone(digits: string): boolean {
  return digitAt(digits, 0) < 2 || digitAt(digits, 3) < 2;
}
