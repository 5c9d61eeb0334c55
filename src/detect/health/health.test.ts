import assert from "node:assert/strict";
import test from "node:test";
import { testAbsences, testDetections } from "../../../test/support/detection-cases.ts";
import { createRuleDetector } from "../index.ts";
import type { Candidate } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { layDown } from "../text/units.ts";
import { diagnosisCodes } from "./diagnosis-codes.ts";

const detector = createRuleDetector();

testDetections("numbers of patients, insured persons and prescribers", detector, {
  UK_NHS: [
    "‹999 001 0005›",
    "NHS ‹9434765919›",
    "nhs_number: ‹943-476-5919›",
    "NHS ‹943 476 5919›",
  ],
  US_NPI: ["NPI ‹1234567893›", '{"npi_number":"‹1234567893›"}'],
  US_DEA: ["‹AB1234563›", "DEA: ‹AB-1234563›"],
  US_MBI: ["‹1EG4-TE5-MK73›", "‹1EG4TE5MK73›", "MBI ‹1EG4 TE5 MK73›"],
  AU_MEDICARE: [
    "Medicare ‹2123 45670 1›",
    "Medicare card number ‹2123 45670 1›",
    "medicare: ‹2123456701›",
  ],
  MEDICAL_RECORD: [
    "MRN ‹00123456›",
    "MRN-‹00123456›",
    '{"mrn":"‹H123456›"}',
    "patient id: ‹12-34-56›",
  ],
  ICD10: ["Diagnosis: ‹E11.9›", '{"icd10":["‹E11.9›"]}'],
  HEALTH_PLAN_ID: ["member ID: ‹XYZ123456789›", "policy no ‹AB1234567›"],
});

testAbsences("look-alikes of health numbers", detector, {
  UK_NHS: [
    "NHS 943 476 5918",
    "9434765919",
    "943-476-5919",
    "943 476 5919",
    "202 555 0143",
    "999 001 0005 12",
  ],
  US_NPI: ["1234567893", "npi 1234567890", "NPI 3234567893"],
  US_DEA: ["AB1234564", "IB1234563", "ab1234563", "AB12345634"],
  US_MBI: ["1SG4-TE5-MK73", "0EG4-TE5-MK73", "1EG4-TE5-MK734"],
  AU_MEDICARE: ["2123 45670 1", "medicare 2123 45671 1", "medicare 7123 45670 1"],
  MEDICAL_RECORD: ["00123456", "ref-00123456", "MRN-A-00123456", "chart of the week", "MRN 000000"],
  HEALTH_PLAN_ID: ["XYZ123456789", "the health plan covers it"],
});

function codesIn(text: string, isStructural = true): readonly string[] {
  const found: Candidate[] = [];
  layDown(text);
  diagnosisCodes.find(
    { text, from: 0, to: text.length, topic: topics.diagnosis, isStructural, isQuoted: false },
    found,
  );
  return found.map(({ start, end, confidencePct }) => `${text.slice(start, end)} ${confidencePct}`);
}

test("codes of diagnoses are found behind their label, one or several", () => {
  assert.deepEqual(codesIn("E11.9"), ["E11.9 75"]);
  assert.deepEqual(codesIn("E11.9, I10; C4A.111", false), ["E11.9 65", "I10 65", "C4A.111 65"]);
});

test("words and other numbers behind the label are no codes of diagnoses", () => {
  for (const text of ["type 2 diabetes", "e11.9", "E1", "AE11.9", "E11.99999", "XE11", "E11b"]) {
    assert.deepEqual(codesIn(text), [], text);
  }
});
