import { foldWithoutMarks } from "../text/fold.ts";

/** Words of companies, authorities and their parts, and of places. */
const organisationLists: readonly string[] = [
  "inc ltd llc llp plc corp corporation company co gmbh ag kg ohg sa sarl sas spa srl bv nv oy ab as " +
    "aps limited group holding holdings partners associates ventures capital industries enterprises " +
    "solutions technologies technology systems system services service software labs laboratories " +
    "studio studios media press university college school institute academy hospital clinic center " +
    "centre bank insurance church museum library foundation association society club union council " +
    "committee agency authority ministry department dept division office bureau team teams support " +
    "helpdesk desk sales marketing finance legal engineering operations security compliance hr it " +
    "billing accounting accounts payable procurement logistics shipping warehouse store shop market " +
    "republic kingdom state states city county district region street road avenue lane drive north " +
    "south east west northern southern eastern western international national global united",
];

/** Openings of sentences, roles, placeholders and types of code, words of forms. */
const otherLists: readonly string[] = [
  "i im ive ill the a an this that these those it its we you they he she my your our their his her " +
    "hello hi hey good morning afternoon evening thanks thank please yes no ok okay sure sorry well " +
    "what when where why who which how can could would should shall is are am do does did have has " +
    "had was were there here if in on at for from to of by with and or but as also so not now then " +
    "let lets just get got per via see note all any each every some more most other another after " +
    "before during since until while about against new old next last first second third today " +
    "tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february " +
    "march july september october november december",
  "bonjour merci oui non je nous vous il elle le la les un une hallo ich wir sie danke ja nein guten " +
    "der die das ein eine hola gracias si buenos buenas yo el los las una ola obrigado obrigada " +
    "eu bom boa ciao grazie buongiorno io здравствуйте спасибо да нет я мы вы добрый привет",
  "admin administrator manager director president officer assistant agent bot system user users " +
    "customer customers client patient guest member members owner author staff employee employees " +
    "everyone anyone someone nobody somebody all sir madam maam sirs ladies gentlemen colleagues " +
    "colleague friends friend folks guys valued hiring recruiter reader readers subscriber world " +
    "operator moderator reviewer engineer developer analyst consultant specialist coordinator " +
    "representative contact human user1 assistant model ai",
  "string number boolean bool integer int float double char text date datetime timestamp object array " +
    "list map set dict tuple promise optional any void null none nil undefined unknown nan true false " +
    "type class enum interface struct function default example sample test testing demo dummy " +
    "placeholder template value values key name names firstname lastname fullname surname first last " +
    "full given family middle username password email mail phone address title field column id uuid " +
    "anonymous redacted removed hidden private confidential n na tbd tba todo pending empty blank " +
    "required missing invalid valid active inactive enabled disabled error warning success failed " +
    "failure ready running stopped open closed draft final approved rejected",
  "build deploy release install setup configure checkout run start stop update upgrade create delete " +
    "remove add edit view show list save load send submit upload download export import sync backup " +
    "restore report reports summary overview introduction chapter section appendix figure table " +
    "project product plan program policy process procedure review order invoice payment account card " +
    "credit debit transaction request response server database network cloud data api app web mobile " +
    "page home menu settings profile dashboard login logout search filter version",
];

const organisationBit = 1;
const otherBit = 2;
/** What each word is, as bits: looking it up once touches less memory than asking a set for each. */
const bitsOfWord = buildBits();

/** Whether a word is of a company, an authority or a place. */
export function isOrganisation(word: string): boolean {
  return ((bitsOfWord.get(foldWithoutMarks(word)) ?? 0) & organisationBit) !== 0;
}

/** Whether a word opens sentences, or stands for a role, a type or what is filled in. */
export function isNoName(word: string): boolean {
  return ((bitsOfWord.get(foldWithoutMarks(word)) ?? 0) & otherBit) !== 0;
}

/** Whether a word is either of the two, so that it is none of a person's name. */
export function isNoPerson(word: string): boolean {
  return bitsOfWord.has(foldWithoutMarks(word));
}

function buildBits(): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  const addAll = (lists: readonly string[], bit: number) => {
    for (const word of lists.flatMap((list) => list.split(" ").map(foldWithoutMarks))) {
      bits.set(word, (bits.get(word) ?? 0) | bit);
    }
  };
  addAll(organisationLists, organisationBit);
  addAll(otherLists, otherBit);
  return bits;
}
