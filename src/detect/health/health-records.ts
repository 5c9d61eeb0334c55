import { isRepeated } from "../checks/digits.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { anyMasks, bareLayouts, digitsIn } from "../shapes/free-shape.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";

const rank = ranks.health;
const digitsMin = 4;

/** Numbers that hospitals and insurers make up: only a label tells them. */
export const healthRecords: readonly Shape[] = [
  {
    kind: catalogueEntry("phi", {
      type: "MEDICAL_RECORD",
      rank,
      example: "00123456",
      check: "",
      context: "yes",
      basePct: 10,
      countries: [],
    }),
    topic: topics.medicalRecord,
    masks: anyMasks(5, 12),
    alone: [],
    labelled: [
      ...bareLayouts(5, 12),
      ...["2-2-2", "3-3-3", "3-2-2", "3-2-3", "1-6", "1-7", "2-6", "2-7", "3-4", "3-5", "3-6"],
      ...["3-7", "3-8", "4-6", "6-2", "2-8", "4-5", "4-4-4"],
    ],
    checkPct: checkPcts.shape,
    passes: isRecordNumber,
  },
  {
    kind: catalogueEntry("phi", {
      type: "HEALTH_PLAN_ID",
      rank,
      example: "",
      check: "",
      context: "yes",
      basePct: 10,
      countries: [],
    }),
    topic: topics.healthPlan,
    masks: anyMasks(6, 16),
    alone: [],
    labelled: [
      ...bareLayouts(6, 16),
      ...["3-6", "3-8", "3-9", "9-2", "9-1", "2-8", "2-9", "3-3-3", "3-4-4", "4-4-4", "4-5"],
      ...["3 9", "3 6", "4 5", "5 5", "4 4 4", "3 3 3", "1-8", "10-2"],
    ],
    checkPct: checkPcts.shape,
    passes: isRecordNumber,
  },
];

function isRecordNumber(code: string): boolean {
  return digitsIn(code) >= digitsMin && !isRepeated(code);
}
