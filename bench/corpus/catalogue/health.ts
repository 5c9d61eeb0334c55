import { entry, type TypeEntry } from "./entry.ts";

/** Numbers of patients, prescribers and plans: rows 45 to 52. */
export const healthEntries: readonly TypeEntry[] = [
  entry(
    "UK_NHS",
    [45, "health", 3],
    "NHS number|NHS No.|NHS",
    "nhs_number|nhsNumber",
    "The patient's NHS number is {}.",
    "NHS {} was referred on Monday.",
  ),
  entry(
    "US_NPI",
    [46, "health", 2],
    "NPI|Provider NPI|NPI number",
    "npi|provider_npi",
    "The referring provider has NPI {}.",
  ),
  entry(
    "US_DEA",
    [47, "health", 2],
    "DEA|DEA number|Prescriber DEA",
    "dea|dea_number",
    "Prescriber DEA {} signed it.",
    "The pharmacy checked {} first.",
  ),
  entry(
    "US_MBI",
    [48, "health", 2],
    "MBI|Medicare ID|Medicare beneficiary ID",
    "mbi|medicare_id",
    "Her Medicare card says {}.",
    "Claims under {} were denied.",
  ),
  entry(
    "AU_MEDICARE",
    [49, "health", 2],
    "Medicare no.|Medicare card|Medicare number",
    "medicare_number|medicareCard",
    "My Medicare number is {}.",
  ),
  entry(
    "MEDICAL_RECORD",
    [50, "health", 4],
    "MRN|Medical record no.|Medical record number|Patient ID",
    "mrn|medical_record_number|patient_id",
    "Chart opened under MRN {}.",
    "The medical record number is {}.",
  ),
  entry(
    "HEALTH_PLAN_ID",
    [51, "health", 2],
    "Member ID|Health plan ID|Insurance member ID|Policy member no.",
    "member_id|health_plan_id|insurance_member_id",
    "The health plan member ID is {}.",
  ),
  entry(
    "ICD10",
    [52, "health", 3],
    "Diagnosis|ICD-10|Dx",
    "icd10|diagnosis_code|icd_10_code",
    "Diagnosis code {} was recorded.",
    "Assessed with ICD-10 {} today.",
  ),
];
