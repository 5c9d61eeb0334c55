import { type Random, smallLetters } from "./random.ts";

/** Somebody made up: given and family name drawn apart from lists of frequent ones. */
export interface Person {
  readonly given: string;
  readonly family: string;
  readonly full: string;
}

const cultures: readonly (readonly [given: string, family: string])[] = [
  [
    "Harriet Colin Maeve Duncan Phoebe Warren Tabitha Rufus Leona Gareth Imogen Cedric",
    "Thornbury Ashdown Pellington Marsh Cartwell Hadley Fenwright O'Dalley Brockhurst Lindell Stanway Quillan",
  ],
  [
    "Annika Jürgen Liesel Torsten Käthe Matthias Friederike Uwe Sabine Lennart",
    "Brückmann Osterfeld Weißgerber Krahl Hollenbeck Tannert Vogelsang Dierksen",
  ],
  [
    "Élodie Thibault Solène Gaëtan Margaux Rémy Aurélie Bastien",
    "Lavergnac Beaucourt Fontanel Dessaint Moulinier Chastenay Perrichon",
  ],
  [
    "Marisol Ignacio Ximena Joaquín Lucía Hernán Noelia Íñigo",
    "Valdecasas Quintero Arregui Montalvo Peñasco Saldívar Ibarrola",
  ],
  [
    "Giulia Fabrizio Chiara Lorenzo Ornella Davide",
    "Belmonti Tarantelli Vescovini Grimani Savarese",
  ],
  ["Priya Arjun Meenakshi Rohan Kavita Siddharth", "Venkataran Bhatkar Chaudhari Nambisan Deshwal"],
  ["Mei-Ling Jianwei Xiaoyu Haoran Lihua", "Zhao Ouyang Qian Shen Luo"],
  ["Haruka Kenji Ayumi Satoshi Naoko", "Morinaga Takebayashi Okubo Hisamatsu Shirogane"],
  ["Amina Yusuf Layla Tariq Samira", "Al-Harbani Bensalem Haddadi Mansoura El-Khoury"],
  ["Adaeze Kwame Zanele Oluwaseun Thandiwe", "Okonjola Mensah-Boadu Ndlela Adewunmi Khumaro"],
  ["Agnieszka Zbigniew Katarzyna Wojciech Małgorzata", "Wiśniarek Kowalczuk Zielonka Dąbrowiec"],
  ["Ingrid Søren Åsa Mikkel Sigrid", "Lindqvistad Halvørsen Bergstrand Nygårdsen"],
  ["Vinícius Luana Thiago Rafaela Caetano", "Figueiró Cavalcante Barroso Teixeirinha"],
];

const lists = cultures.map(([given, family]) => [given.split(" "), family.split(" ")] as const);

/** Somebody made up, of any of the cultures the corpus knows. */
export function makePerson(random: Random): Person {
  const [givens, families] = random.pick(lists);
  const given = random.pick(givens);
  const family = random.pick(families);
  const middle = random.chance(0.12) ? ` ${random.character("ABCDEFGHJKLMNPRST")}.` : "";
  return { given, family, full: `${given}${middle} ${family}` };
}

/** Letters of a name as they stand in mail addresses and handles. */
export const plainLetters = (name: string): string =>
  name
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z]/g, "")
    .toLowerCase();

const hostFirsts = "tavro lunder kesti brimo ostvel quarn pelico nordaz silven mirado".split(" ");
const hostLasts = "works soft labs group media tech foods clinic bank print".split(" ");

/** A host name of no company in particular. */
export function makeHost(random: Random): string {
  const name = `${random.pick(hostFirsts)}${random.pick(["", "-"])}${random.pick(hostLasts)}`;
  const under = random.chance(0.15) ? `${random.pick(["mail", "eu", "corp", "intra"])}.` : "";
  return `${under}${name}.${random.pick(hostEndings)}`;
}

const hostEndings =
  "com com com org net io de fr co.uk es it nl com.br se pl jp health museum".split(" ");

/** What stands before the @, in one of the ways mail addresses are made of names. */
export function makeLocalPart(random: Random, person: Person): string {
  const given = plainLetters(person.given) || random.string(smallLetters, 5);
  const family = plainLetters(person.family) || random.string(smallLetters, 7);
  return random.pick([
    `${given}.${family}`,
    `${given.charAt(0)}${family}`,
    `${given}_${family}${random.between(1, 99)}`,
    `${family}-${given.charAt(0)}`,
    `${given}${random.between(70, 99)}`,
    `${given}.${family}+${random.pick(["news", "invoices", "test", "2024"])}`,
  ]);
}
