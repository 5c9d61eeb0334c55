import {
  abaDigit,
  cpfDigits,
  divides,
  ibanOf,
  luhnDigit,
  nhsDigit,
  peselDigit,
  remainder,
  verhoeffDigit,
} from "../check-digits.ts";
import type { Value } from "../document.ts";
import { alphanumerics, capitals, type Random, smallLetters } from "../random.ts";
import { bitcoinAddress } from "../wallet-addresses.ts";

const onsets = "b br d dr f g h j k kr l m n p r s st t tr v w z".split(" ");
const vowels = "a e i o u ai ei ou".split(" ");
const codas = ["", "", "n", "r", "l", "s", "m", "nd", "rk"];

/**
 * Values of the wilder corpus, made in other ways and other formats than those of the first one: names of
 * syllables, hosts of words, numbers spaced as elsewhere.
 */
export class WilderValues {
  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  #of(type: string, text: string): Value {
    return { type, text };
  }

  word(syllables: number): string {
    const { random } = this;
    let text = "";
    for (let made = 0; made < syllables; made += 1) {
      text += random.pick(onsets) + random.pick(vowels) + random.pick(codas);
    }
    return text;
  }

  name(): string {
    return `${capital(this.word(2))} ${capital(this.word(this.random.between(1, 3)))}`;
  }

  person(text = this.name()): Value {
    return this.#of("PERSON", text);
  }

  email(): Value {
    const { random } = this;
    const local = random.pick([
      this.word(2),
      `${this.word(1)}.${this.word(2)}`,
      `${this.word(2)}${random.digits(2)}`,
      `x-${this.word(1)}_${this.word(1)}`,
    ]);
    const host = `${this.word(2)}.${random.pick(["dev", "online", "ai", "gov.uk", "edu", "ch", "co.jp", "com.tr", "travel", "app"])}`;
    return this.#of("EMAIL", `${local}@${host}`);
  }

  phone(): Value {
    const { random } = this;
    const four = () => random.digits(4);
    return this.#of(
      "PHONE",
      random.pick([
        () => `+1 (${random.pick(["303", "404", "503", "602"])}) 555 01${random.digits(2)}`,
        () => `0044 20 7946 0${random.digits(3)}`,
        () => `+90 532 ${random.between(200, 999)} ${random.digits(2)} ${random.digits(2)}`,
        () => `+7 916 ${random.between(200, 999)}-${random.digits(2)}-${random.digits(2)}`,
        () => `+972 54-${random.between(200, 999)}-${four()}`,
        () => `+66 81 ${random.between(200, 999)} ${four()}`,
        () => `+84 912 ${random.between(200, 999)} ${random.digits(3)}`,
        () => `+30 694 ${random.between(200, 999)} ${four()}`,
        () => `+82 10-${random.between(2000, 9999)}-${four()}`,
        () => `+86 139 ${four()} ${four()}`,
        () => `+966 50 ${random.between(200, 999)} ${four()}`,
        () => `+43 664 ${random.between(1000000, 9999999)}`,
      ])(),
    );
  }

  ssn(): Value {
    const { random } = this;
    return this.#of(
      "US_SSN",
      `${random.between(200, 640)}-${random.between(10, 98)}-${random.between(1000, 9998)}`,
    );
  }

  bareSsn(): Value {
    return this.#of("US_SSN", this.ssn().text.replaceAll("-", ""));
  }

  card(joint = this.random.pick([" ", "", "-"])): Value {
    const body = this.random.pick(["4", "52", "54"]).padEnd(15, "#");
    const fifteen = this.random.shape(body);
    return this.#of(
      "CREDIT_CARD",
      (fifteen + luhnDigit(fifteen)).replaceAll(/(.{4})(?=.)/g, `$1${joint}`),
    );
  }

  iban(): Value {
    const { random } = this;
    const plain = random.pick([
      () => ibanOf("BE", belgianAccount(random.digits(10))),
      () => ibanOf("DK", random.digits(14)),
      () => ibanOf("TR", `000${random.digits(2)}0${random.digits(16)}`),
      () => ibanOf("GR", random.digits(23)),
      () => ibanOf("LU", random.digits(16)),
      () => ibanOf("SA", random.digits(20)),
    ])();
    return this.#of("IBAN", random.chance(0.5) ? plain : plain.replaceAll(/(.{4})(?=.)/g, "$1 "));
  }

  born(): Value {
    const { random } = this;
    const [year, month, day] = [
      random.between(1940, 2005),
      random.between(10, 12),
      random.between(10, 28),
    ];
    return this.#of(
      "DATE_OF_BIRTH",
      random.pick([
        `${year}/${month}/${day}`,
        `${day}.${month}.${year}`,
        `${day}-${month}-${year}`,
        `${year}-${month}-${day}`,
      ]),
    );
  }

  ip(): Value {
    const { random } = this;
    const octet = () => random.between(2, 250);
    return this.#of(
      "IP_ADDRESS",
      random.chance(0.7)
        ? `${random.between(40, 200)}.${octet()}.${octet()}.${octet()}`
        : `2a01:${random.shape("4x:x2::x7:1x")}`,
    );
  }

  mac(): Value {
    return this.#of("MAC_ADDRESS", this.random.shape("0x:1x:x2:xx:xx:xx"));
  }

  nhs(): Value {
    for (;;) {
      const nine = `48${this.random.digits(7)}`;
      const check = nhsDigit(nine);
      if (check !== undefined)
        return this.#of(
          "UK_NHS",
          `${nine.slice(0, 3)}-${nine.slice(3, 6)}-${nine.slice(6)}${check}`,
        );
    }
  }

  cpf(): Value {
    const nine = this.random.digits(9);
    return this.#of("BR_CPF", nine + cpfDigits(nine));
  }

  pesel(): Value {
    const ten = `${this.random.between(50, 99)}0${this.random.between(1, 9)}1${this.random.digits(5)}`;
    return this.#of("PL_PESEL", ten + peselDigit(ten));
  }

  aadhaar(): Value {
    const eleven = `${this.random.between(2, 9)}${this.random.digits(10)}`;
    return this.#of(
      "IN_AADHAAR",
      `${eleven.slice(0, 4)}-${eleven.slice(4, 8)}-${eleven.slice(8)}${verhoeffDigit(eleven)}`,
    );
  }

  nif(): Value {
    const number = this.random.digits(8);
    return this.#of("ES_NIF", `${number}-${"TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(number) % 23)}`);
  }

  bsn(): Value {
    for (;;) {
      const nine = this.random.digits(9);
      if (divides(nine, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11)) return this.#of("NL_BSN", nine);
    }
  }

  nino(): Value {
    return this.#of(
      "UK_NINO",
      `${this.random.pick(["AA", "EH", "NS", "TK"])}${this.random.shape(" ## ## ## ")}${this.random.character("ABCD")}`,
    );
  }

  passport(): Value {
    return this.#of(
      "PASSPORT",
      this.random.shape(this.random.pick(["X#######", "A########", "AA#######"])),
    );
  }

  record(): Value {
    return this.#of(
      "MEDICAL_RECORD",
      this.random.shape(this.random.pick(["0#######", "H#######", "9#####"])),
    );
  }

  routing(): Value {
    const eight = `0${this.random.between(1, 9)}${this.random.digits(6)}`;
    return this.#of("US_ROUTING", eight + abaDigit(eight));
  }

  account(): Value {
    return this.#of("BANK_ACCOUNT", this.random.digits(this.random.between(8, 12)));
  }

  wallet(): Value {
    return this.#of("BTC_ADDRESS", bitcoinAddress(this.random));
  }

  cvv(): Value {
    return this.#of("CVV", this.random.digits(3));
  }

  expiry(): Value {
    return this.#of("CARD_EXPIRY", `0${this.random.between(1, 9)}/${this.random.between(27, 34)}`);
  }

  address(): Value {
    const { random } = this;
    const street = capital(this.word(2));
    return this.#of(
      "ADDRESS",
      random.pick([
        `${random.between(2, 4800)} ${random.pick(["N", "West", "SE"])} ${street} ${random.pick(["Pkwy", "Ct", "Way", "Blvd"])}, ${capital(this.word(2))}, ${random.pick(["TX 78704", "WA 98115", "NY 11215", "GA 30307"])}`,
        `Flat ${random.between(1, 30)}, ${random.between(1, 90)} ${street} Gardens, London ${random.pick(["SE15 3PQ", "N4 2AB"])}`,
        `${street}gasse ${random.between(1, 60)}/${random.between(1, 20)}, ${random.between(1010, 1230)} Wien`,
      ]),
    );
  }

  handle(): Value {
    return this.#of("USERNAME", `${this.word(2)}${this.random.pick(["", "_x", "77"])}`);
  }

  password(): Value {
    const { random } = this;
    return this.#of(
      "GENERIC_SECRET",
      random.pick([
        `${capital(this.word(2))}_${random.digits(3)}!${this.word(1)}`,
        `${random.string(alphanumerics, 9)}~${random.string(alphanumerics, 8)}`,
        `${this.word(2)}.${this.word(2)}.${random.digits(4)}`,
      ]),
    );
  }

  token(): Value {
    const { random } = this;
    const words = `${alphanumerics}_`;
    return random.pick([
      () =>
        this.#of(
          "GITHUB_TOKEN",
          `github_pat_${random.string(alphanumerics, 22)}_${random.string(alphanumerics, 59)}`,
        ),
      () => this.#of("GITLAB_TOKEN", `glpat-${random.string(words, 20)}`),
      () =>
        this.#of(
          "SLACK_TOKEN",
          `xoxb-${random.digits(11)}-${random.digits(12)}-${random.string(alphanumerics, 24)}`,
        ),
      () => this.#of("STRIPE_KEY", `rk_live_${random.string(alphanumerics, 42)}`),
      () => this.#of("ANTHROPIC_KEY", `sk-ant-api03-${random.string(words, 93)}AA`),
      () =>
        this.#of(
          "OPENAI_KEY",
          `sk-proj-${random.string(words, 74)}T3BlbkFJ${random.string(words, 74)}`,
        ),
      () => this.#of("HF_TOKEN", `hf_${random.string(smallLetters + capitals, 34)}`),
      () =>
        this.#of("PROVIDER_TOKEN", `SG.${random.string(words, 22)}.${random.string(words, 43)}`),
      () => this.#of("GOOGLE_API_KEY", `AIzaSy${random.string(words, 33)}`),
      () => this.#of("AWS_ACCESS_KEY", `AKIA${random.string(`${capitals}234567`, 16)}`),
    ])();
  }

  awsSecret(): Value {
    return this.#of("AWS_SECRET_KEY", this.random.string(`${alphanumerics}/+`, 40));
  }

  webToken(): Value {
    const encoded = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
    const claims = { iss: `https://${this.word(2)}.dev`, aud: this.word(1), exp: 1900000000 };
    return this.#of(
      "JWT",
      `${encoded({ typ: "JWT", alg: "EdDSA", kid: this.word(1) })}.${encoded(claims)}.${this.random.string(alphanumerics, 86)}`,
    );
  }

  bearer(): Value {
    return this.#of("BEARER_TOKEN", this.random.string(`${alphanumerics}_`, 40));
  }

  frenchNumber(): Value {
    const body = `${this.random.between(1, 2)}8${this.random.between(0, 9)}0${this.random.between(1, 9)}31${this.random.digits(3)}${this.random.between(100, 900)}`;
    return this.#of("FR_NIR", body + String(97 - remainder(body, 97)).padStart(2, "0"));
  }

  swift(): Value {
    return this.#of(
      "SWIFT_BIC",
      `${this.random.string(capitals, 4)}${this.random.pick(["BE", "TR", "GR", "SA"])}${this.random.shape("#A")}`,
    );
  }
}

function belgianAccount(ten: string): string {
  return ten + String(remainder(ten, 97) || 97).padStart(2, "0");
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
