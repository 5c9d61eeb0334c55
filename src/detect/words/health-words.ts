import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near numbers of patients, insured persons and prescribers, and near diagnoses. */
export const healthWords: TopicWords = [
  [topics.ukNhs, "nhs nhsnumber nhsno,national health,health service"],
  [topics.usNpi, "npi npis provider npinumber,provider id,provider identifier,national provider"],
  [topics.usDea, "dea prescriber deanumber,drug enforcement,dea registration"],
  [
    topics.usMbi,
    "mbi medicare beneficiary hicn medicareid,medicare beneficiary,beneficiary id,medicare id",
  ],
  [topics.auMedicare, "medicare medicareno medicarecard medicarenumber irn,medicare card"],
  [
    topics.medicalRecord,
    "mrn mrns chart emr ehr medrec medicalrecord medicalrecordnumber patientid patientno " +
      "patientnumber patientnr patientennummer krankenblatt dossier 病历号 カルテ 診察券 환자번호," +
      "medical record,medical rec,med rec,patient id,patient no,patient number,patient identifier," +
      "hospital number,hospital no,hospital id,health record,chart number,chart no," +
      "historia clínica,dossier médical,numéro de dossier,record number,record no," +
      "cartella clinica,prontuário médico,nr pacjenta,номер карты пациента",
  ],
  [
    topics.healthPlan,
    "memberid memberno membernumber subscriber subscriberid policyno policynumber " +
      "beneficiary krankenversicherung versichertennummer versicherungsnummer mutuelle," +
      "member id,member no,member number,subscriber id,health plan,plan id,policy number,policy no," +
      "policy id,insurance id,insurance policy,health insurance number,group number,group no,group id," +
      "insurance member,health insurance,medicaid id,numéro d adhérent,número de afiliado," +
      "numéro de mutuelle,tessera sanitaria",
  ],
  [
    topics.diagnosis,
    "icd icd10 diagnosis diagnoses dx diagnose diagnosen diagnostic diagnóstico diagnosi icdcode " +
      "diagnosiscode diagnosecode 诊断 診断 진단 диагноз," +
      "icd 10,icd code,diagnosis code,diagnosis codes,dx code,10 cm",
  ],
];
