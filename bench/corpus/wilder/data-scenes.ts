import { Composer, jsonCharacter, type Value } from "../document.ts";
import { joined, plant } from "./plant.ts";
import { capital, type WilderValues } from "./values.ts";

export type Scene = (values: WilderValues) => Composer;

const rowsOf = (count: number, make: (row: number) => Composer) =>
  joined(
    Array.from({ length: count }, (_, row) => make(row)),
    "\n",
  );

const nestedJson: Scene = (v) =>
  plant`{"meta":{"schema":"kyc/v${v.random.between(2, 5)}","trace":"${v.random.shape("xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx")}"},"subject":{"identity":{"legalName":"${v.person()}","birth":{"dateOfBirth":"${v.born()}"},"documents":{"passportNumber":"${v.passport()}","ssn":"${v.bareSsn()}"}},"reach":{"channels":[{"mobilePhone":"${v.phone()}"},{"emailAddress":"${v.email()}"}]},"funding":{"accounts":[{"iban":"${v.iban()}","bicCode":"${v.swift()}"},{"cardNumber":"${v.card("")}","cvc":"${v.cvv()}"}]}},"score":0.${v.random.digits(4)}}`;

const jsonInStrings: Scene = (v) => {
  const inner = plant`{"user":{"userName":"${v.handle()}","mobile":"${v.phone()}","mail":"${v.email()}"},"auth":{"password":"${v.password()}"}}`;
  const middle = plant`{"type":"signup","body":"`.append(inner, jsonCharacter).write('"}');
  const outer = v.random.chance(0.5)
    ? middle
    : plant`{"queue":"q${v.random.between(1, 9)}","message":"`
        .append(middle, jsonCharacter)
        .write('","tries":1}');
  return outer;
};

const longCsv: Scene = (v) => {
  const joint = v.random.pick([",", ";", "\t", "|"]);
  const columns = v.random
    .shuffled<readonly [string, () => Value | string]>([
      ["row_id", () => v.random.digits(6)],
      ["social_security_no", () => v.bareSsn()],
      ["e_mail", () => v.email()],
      ["cell_phone", () => v.phone()],
      ["birth_date", () => v.born()],
      ["acct_number", () => v.account()],
      ["units_sold", () => v.random.digits(9)],
      ["customer_full_name", () => v.person()],
      ["national_id_pesel", () => v.pesel()],
      ["warehouse", () => `${capital(v.word(1))}-${v.random.digits(3)}`],
    ])
    .slice(0, 6);
  const head = joined(
    columns.map(([name]) => name),
    joint,
  );
  const rows = rowsOf(v.random.between(10, 24), () =>
    joined(
      columns.map(([, make]) => make()),
      joint,
    ),
  );
  return plant`${head}\n${rows}\n`;
};

const wideMarkdown: Scene = (v) =>
  plant`### Export ${v.random.digits(4)}\n\n| # | Kunde | E-Mail | Routing # | Konto-Nr. / account no | Passport No. |\n|--:|:--|---|---|---|:-:|\n${rowsOf(v.random.between(4, 9), (row) => plant`| ${row + 1} | ${{ ...v.person(), isOptional: true }} | ${v.email()} | ${v.routing()} | ${v.account()} | ${v.passport()} |`)}\n`;

const sqlDump: Scene = (v) =>
  plant`CREATE TABLE \`members\` (\`password_hash\` char(60) NOT NULL);\nINSERT INTO \`members\` (\`id\`, \`email\`, \`phone\`, \`ssn\`, \`locale\`, \`iban\`, \`dob\`) VALUES\n${joined(
    Array.from(
      { length: v.random.between(3, 8) },
      (_, row) =>
        plant`(${row + 100}, '${v.email()}', '${v.phone()}', '${v.bareSsn()}', 'de_AT', '${v.iban()}', '${v.born()}')`,
    ),
    ",\n",
  )};\nUNLOCK TABLES;`;

const sqlWhere: Scene = (v) =>
  v.random.pick([
    () =>
      plant`SELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = '${v.email()}' AND c.tax_ssn = '${v.bareSsn()}' LIMIT 20;`,
    () =>
      plant`UPDATE users SET password = '${v.password()}', last_ip = '${v.ip()}' WHERE username = '${v.handle()}';`,
    () =>
      plant`delete from payments where card_no in ('${v.card("")}', '${v.card("")}') and paid_at < '2024-01-01'`,
    () =>
      plant`-- ad hoc\nselect * from claims where mrn = '${v.record()}' or nhs_number = '${v.nhs()}' order by 1`,
    () =>
      plant`CREATE USER reporting WITH PASSWORD '${v.password()}';\nGRANT SELECT ON ALL TABLES TO reporting;`,
  ])();

const base64Json: Scene = (v) => {
  const inner = plant`{"contact":{"email":"${v.email()}","phone":"${v.phone()}"},"card_number":"${v.card("")}","note":"${v.word(3)} ${v.word(2)}"}`;
  const run = new Composer().appendBase64(inner);
  return v.random.chance(0.5)
    ? plant`POST /hook HTTP/1.1\nHost: hooks.internal\n\n{"id":"${v.random.shape("xxxxxxxx")}","data":"${run}"}`
    : plant`[consumer] offset ${v.random.digits(7)} payload=${run} done`;
};

const fhir: Scene = (v) =>
  plant`{"resourceType":"Patient","identifier":[{"system":"urn:mrn","type":{"text":"Medical record number"},"value":"${{ ...v.record(), isOptional: true }}"}],"telecom":[{"system":"email","value":"${v.email()}"},{"system":"phone","value":"${v.phone()}"}],"gender":"female","birthDate":"${v.born()}","address":[{"text":"${v.address()}"}]}`;

const queryString: Scene = (v) => {
  const percent = (character: string) =>
    /[A-Za-z0-9._~-]/.test(character) ? character : encodeURIComponent(character);
  const mail = new Composer().append(plant`${v.email()}`, percent);
  const phone = new Composer().append(plant`${v.phone()}`, percent);
  return plant`GET /signup/confirm?email=${mail}&phone=${phone}&plan=pro&utm_source=${v.word(1)} HTTP/1.1\nHost: app.${v.word(2)}.dev\nX-Forwarded-For: ${v.ip()}\nAccept: */*`;
};

const entities: Scene = (v) => {
  const marked = (character: string) =>
    character === "@" || character === "+" ? `&#${character.charCodeAt(0)};` : character;
  return plant`<p>Write to <a href="/contact">`
    .append(plant`${v.email()}`, marked)
    .write("</a> or ring&nbsp;")
    .append(plant`${v.phone()}`, marked)
    .write("</p>");
};

const disguised: Scene = (v) => {
  const wide = (character: string) =>
    /\d/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character;
  const hidden = (character: string) => `${character}${v.random.chance(0.2) ? "\u200b" : ""}`;
  const spaced = (character: string) => (character === " " ? "\u00a0" : character);
  return plant`カード番号：`
    .append(plant`${v.card(" ")}`, wide)
    .write("\niban ")
    .append(plant`${v.iban()}`, spaced)
    .write("\nmail ")
    .append(plant`${v.email()}`, hidden);
};

export const dataScenes: readonly Scene[] = [
  nestedJson,
  jsonInStrings,
  longCsv,
  wideMarkdown,
  sqlDump,
  sqlWhere,
  base64Json,
  fhir,
  queryString,
  entities,
  disguised,
];
