/**
 * What a label or a word nearby can say a value is. One word may speak of several: `pan` is a card
 * number and an Indian tax id.
 */
export const topics = {
  // Personal and device.
  phone: 0,
  email: 1,
  person: 2,
  address: 3,
  birth: 4,
  age: 5,
  ip: 6,
  mac: 7,
  imei: 8,
  vin: 9,
  plate: 10,
  geo: 11,
  username: 12,
  profile: 13,
  // Government.
  usSsn: 14,
  usItin: 15,
  usEin: 16,
  passport: 17,
  driverLicense: 18,
  ukNino: 19,
  ukUtr: 20,
  caSin: 21,
  auTfn: 22,
  auAbn: 23,
  inAadhaar: 24,
  inPan: 25,
  inGstin: 26,
  brCpf: 27,
  brCnpj: 28,
  mxCurp: 29,
  esNif: 30,
  itFiscalCode: 31,
  plPesel: 32,
  nlBsn: 33,
  deTaxId: 34,
  frNir: 35,
  sePersonnummer: 36,
  fiHetu: 37,
  cnResidentId: 38,
  krRrn: 39,
  jpMyNumber: 40,
  sgNric: 41,
  zaId: 42,
  trNationalId: 43,
  // Health.
  ukNhs: 44,
  usNpi: 45,
  usDea: 46,
  usMbi: 47,
  auMedicare: 48,
  medicalRecord: 49,
  healthPlan: 50,
  diagnosis: 51,
  // Financial.
  card: 52,
  cvv: 53,
  expiry: 54,
  iban: 55,
  bic: 56,
  usRouting: 57,
  bankAccount: 58,
  ukSortCode: 59,
  bitcoin: 60,
  ethereum: 61,
  security: 62,
  // Secrets.
  secret: 63,
  awsSecret: 64,
  azure: 65,
  mistral: 66,
  cohere: 67,
  zhipu: 68,
  twilio: 69,
  password: 76,
  // What else tells a name, or that one is no person's.
  naming: 70,
  namePart: 71,
  greeted: 72,
  signed: 73,
  correspondent: 74,
  thing: 75,
  // What a number opens together with the words behind it.
  street: 78,
  spokenAge: 79,
} as const;

/** The number of a topic. */
export type Topic = (typeof topics)[keyof typeof topics];

/**
 * Words of topics, in any case, with or without accents; phrases are set off by commas, and a list
 * without commas is single words.
 */
export type TopicWords = readonly (readonly [topic: Topic, words: string])[];
