import { deaDigit, luhnDigit, medicareDigit, nhsDigit } from "../check-digits.ts";
import { capitals, type Random } from "../random.ts";
import type { Maker } from "./made.ts";

/** Makers of numbers of patients, prescribers and plans: rows 45 to 52 of the catalogue. */
export const healthMakers: Readonly<Record<string, Maker>> = {
  UK_NHS: (random) => ({ type: "UK_NHS", text: nhsNumber(random) }),
  US_NPI: (random) => {
    const nine = `${random.between(1, 2)}${random.digits(8)}`;
    return { type: "US_NPI", text: nine + luhnDigit(`80840${nine}`) };
  },
  US_DEA: (random) => {
    const six = random.digits(6);
    const letters = `${random.character("ABFGM")}${random.character(capitals)}`;
    return { type: "US_DEA", text: letters + six + deaDigit(six) };
  },
  US_MBI: (random) => ({ type: "US_MBI", text: beneficiary(random) }),
  AU_MEDICARE: (random) => {
    const eight = `${random.between(2, 6)}${random.digits(7)}`;
    const all = `${eight}${medicareDigit(eight)}${random.between(1, 4)}`;
    const spaced = `${all.slice(0, 4)} ${all.slice(4, 9)} ${all.slice(9)}`;
    return { type: "AU_MEDICARE", text: random.chance(0.6) ? spaced : all };
  },
  MEDICAL_RECORD: (random) => ({
    type: "MEDICAL_RECORD",
    text: random.shape(random.pick(["00######", "#######", "A#######", "MR-######", "##-##-##"])),
  }),
  HEALTH_PLAN_ID: (random) => ({
    type: "HEALTH_PLAN_ID",
    text: random.shape(random.pick(["AAA#########", "W#########", "##########-01", "H####-###"])),
  }),
  ICD10: (random) => ({
    type: "ICD10",
    text: random.pick(["E11.9", "I10", "J45.909", "F32.1", "M54.5", "C50.911", "N18.3", "K21.9"]),
  }),
};

function nhsNumber(random: Random): string {
  for (;;) {
    const nine = `${random.between(4, 7)}${random.digits(8)}`;
    const check = nhsDigit(nine);
    if (check === undefined) continue;
    const all = nine + check;
    return random.chance(0.7) ? `${all.slice(0, 3)} ${all.slice(3, 6)} ${all.slice(6)}` : all;
  }
}

/** Eleven places, letters without S L O I B Z (CMS, "Understanding the MBI format"). */
function beneficiary(random: Random): string {
  const letters = "ACDEFGHJKMNPQRTUVWXY";
  const either = `${letters}0123456789`;
  const letter = () => random.character(letters);
  const digit = () => random.digits(1);
  const first = `${random.between(1, 9)}${letter()}${random.character(either)}${digit()}`;
  const second = `${letter()}${random.character(either)}${digit()}`;
  const third = `${letter()}${letter()}${digit()}${digit()}`;
  return [first, second, third].join(random.pick(["-", "-", ""]));
}
