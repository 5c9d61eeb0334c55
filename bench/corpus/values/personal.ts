import { luhnDigit, vinCheck } from "../check-digits.ts";
import type { Value } from "../document.ts";
import { makeHost, makeLocalPart, makePerson, plainLetters } from "../people.ts";
import { hexDigits, type Random } from "../random.ts";
import type { Maker } from "./made.ts";

/** Makers of personal and device values: rows 1 to 14 of the catalogue. */
export const personalMakers: Readonly<Record<string, Maker>> = {
  EMAIL: email,
  PHONE: (random) => ({ type: "PHONE", text: phone(random) }),
  PERSON: (random) => ({ type: "PERSON", text: makePerson(random).full }),
  ADDRESS: (random) => ({ type: "ADDRESS", text: address(random) }),
  DATE_OF_BIRTH: (random) => ({ type: "DATE_OF_BIRTH", text: birthDate(random) }),
  AGE_OVER_89: age,
  IP_ADDRESS: (random) => ({ type: "IP_ADDRESS", text: ipAddress(random) }),
  MAC_ADDRESS: macAddress,
  IMEI: imei,
  VIN: (random) => ({ type: "VIN", text: vin(random) }),
  LICENSE_PLATE: (random) => ({ type: "LICENSE_PLATE", text: plate(random) }),
  GEO_COORDINATE: geo,
  USERNAME: (random) => ({ type: "USERNAME", text: username(random) }),
  URL_PERSONAL: profile,
};

function email(random: Random): Value {
  const text = `${makeLocalPart(random, makePerson(random))}@${makeHost(random)}`;
  return { type: "EMAIL", text: random.chance(0.06) ? text.toUpperCase() : text };
}

const areas = ["202", "312", "415", "512", "617", "720", "206", "919"];

/** Numbers that the plans of their countries have room for. */
function phone(random: Random): string {
  const area = random.pick(areas);
  const line = `01${random.between(0, 9)}${random.between(0, 9)}`;
  const two = () => random.digits(2);
  return random.pick([
    () => `+1 ${area}-555-${line}`,
    () => `(${area}) 555-${line}`,
    () => `${area}-555-${line}`,
    () => `${area}.555.${line}`,
    () => `1-${area}-555-${line} ext. ${random.between(100, 999)}`,
    () => `+1${area}555${line}`,
    () => `+44 20 7946 0${random.digits(3)}`,
    () => `020 7946 0${random.digits(3)}`,
    () => `+44 7911 ${random.between(100, 999)}${random.digits(3)}`,
    () => `+49 30 ${random.between(200, 899)}${random.digits(5)}`,
    () => `+49 (0)151 ${random.between(200, 899)}${random.digits(5)}`,
    () => `+33 6 ${random.between(10, 79)} ${two()} ${two()} ${two()}`,
    () => `06 ${random.between(10, 79)} ${two()} ${two()} ${two()}`,
    () => `+34 6${two()} ${random.digits(3)} ${random.digits(3)}`,
    () => `+61 2 9${random.digits(3)} ${random.digits(4)}`,
    () => `+81 90-${random.between(1000, 9999)}-${random.digits(4)}`,
    () => `+55 11 9${random.between(6000, 9999)}-${random.digits(4)}`,
    () => `+91 98${random.digits(3)} ${random.digits(5)}`,
    () => `+31 6 ${random.between(10, 58)}${random.digits(6)}`,
  ])();
}

const streets = "Juniper Harbour Millrace Copperfield Larkspur Old Foundry Whitethorn Quarry".split(
  " ",
);

function address(random: Random): string {
  const number = random.between(1, 980);
  const street = random.pick(streets);
  return random.pick([
    () =>
      `${number} ${street} ${random.pick(["Street", "Ave", "Road", "Blvd.", "Lane", "Drive"])}, ${random.pick(["Apt 4B, ", "", "", "Suite 210, "])}${random.pick(["Fairhaven, MA 02719", "Cedar Bluff, IA 52720", "Mesa Verde, CO 81330", "Port Alden, OR 97103-1204"])}`,
    () =>
      `${number} ${street} ${random.pick(["Close", "Terrace", "Road"])}, ${random.pick(["Leeds LS6 2QT", "Bristol BS8 4PL", "Cardiff CF10 1AA"])}`,
    () =>
      `${random.pick(["Lindenstraße", "Am Mühlbach", "Gartenweg", "Schillerplatz"])} ${random.between(1, 120)}, ${random.between(10115, 96999)} ${random.pick(["Erlenau", "Bad Steinheim", "Neukirchen"])}`,
    () =>
      `${random.between(1, 140)} ${random.pick(["rue des Tilleuls", "avenue du Parc", "boulevard Carnot"])}, ${random.between(10000, 95000)} ${random.pick(["Valmorin", "Saint-Brieux", "Clairval"])}`,
    () =>
      `Calle ${random.pick(["del Olmo", "Mayor", "Río Seco"])} ${random.between(1, 90)}, ${random.pick(["3º B, ", ""])}${random.between(10001, 48999)} ${random.pick(["Villarrubia", "Torrealba"])}`,
  ])();
}

const monthNames = "January February March April May June July August September October".split(" ");

function birthDate(random: Random): string {
  const year = random.between(1931, 2009);
  const month = random.between(1, 9);
  const day = random.between(13, 28);
  return random.pick([
    `${year}-0${month}-${day}`,
    `0${month}/${day}/${year}`,
    `${day}.0${month}.${year}`,
    `${day}/0${month}/${year}`,
    `${monthNames[month]} ${day}, ${year}`,
    `${day} ${monthNames[month]?.slice(0, 3)} ${year}`,
  ]);
}

function age(random: Random): Value {
  const text = String(random.between(90, 104));
  const around = random.pick([
    { lead: "aged " },
    { tail: " years old" },
    { tail: "-year-old" },
    { lead: "age ", tail: "" },
  ]);
  return { type: "AGE_OVER_89", text, ...around, isWideRight: true };
}

function ipAddress(random: Random): string {
  const octet = () => random.between(1, 254);
  const quad = () => random.between(1, 0xffff).toString(16);
  return random.pick([
    () => `${random.pick(["10.0", "172.16", "192.168"])}.${octet()}.${octet()}`,
    () => `${random.pick(["203.0.113", "198.51.100", "192.0.2"])}.${octet()}`,
    () => `${random.between(11, 223)}.${octet()}.${octet()}.${octet()}`,
    () => `${random.between(11, 223)}.${octet()}.${octet()}.${octet()}`,
    () => `2001:db8:${quad()}::${quad()}`,
    () => `fe80::${quad()}:${quad()}:${quad()}:${quad()}`,
    () => `2001:db8:${quad()}:${quad()}:${quad()}:${quad()}:${quad()}:${quad()}`,
    () => `::ffff:${octet()}.${octet()}.${octet()}.${octet()}`,
  ])();
}

function macAddress(random: Random): Value {
  const octets = Array.from({ length: 6 }, () => random.string(hexDigits, 2));
  const joined = octets.join("");
  const text = random.pick([
    octets.join(":"),
    octets.join(":").toUpperCase(),
    octets.join("-").toUpperCase(),
    `${joined.slice(0, 4)}.${joined.slice(4, 8)}.${joined.slice(8)}`,
  ]);
  return { type: "MAC_ADDRESS", text };
}

function imei(random: Random): Value {
  const body = `35${random.digits(12)}`;
  const whole = body + luhnDigit(body);
  const spread = `${whole.slice(0, 2)}-${whole.slice(2, 8)}-${whole.slice(8, 14)}-${whole.slice(14)}`;
  return { type: "IMEI", text: random.chance(0.7) ? whole : spread };
}

function vin(random: Random): string {
  const alphabet = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
  const maker = random.pick(["1HG", "1FT", "5YJ", "2T3", "3VW", "1G1"]);
  const [before, after] = [random.string(alphabet, 5), random.string(alphabet, 2)];
  const serial = random.digits(6);
  const check = vinCheck(`${maker}${before}0${after}${serial}`);
  return `${maker}${before}${check}${after}${serial}`;
}

function plate(random: Random): string {
  return random.shape(
    random.pick(["AA## AAA", "#AAA###", "AAA-####", "A-AA ####", "AA-###-AA", "#### AAA"]),
  );
}

function geo(random: Random): Value {
  const latitude = (random.next() * 120 - 55).toFixed(random.between(4, 6));
  const longitude = (random.next() * 320 - 160).toFixed(random.between(4, 6));
  return { type: "GEO_COORDINATE", text: `${latitude}${random.pick([", ", ","])}${longitude}` };
}

function username(random: Random): string {
  const { given, family } = makePerson(random);
  const letters = plainLetters(family) || "marsh";
  return random.pick([
    `${plainLetters(given).charAt(0)}${letters}`,
    `${letters}${random.between(10, 99)}`,
    `${plainLetters(given)}_${letters}`,
  ]);
}

function profile(random: Random): Value {
  const handle = `${username(random)}-${random.digits(3)}`;
  const text = random.pick([
    `https://www.linkedin.com/in/${handle}`,
    `https://github.com/${handle}`,
    `https://www.facebook.com/${handle.replace("-", ".")}`,
    `https://twitter.com/${handle.replace("-", "_")}`,
    `https://www.instagram.com/${handle.replace("-", "_")}/`,
  ]);
  return { type: "URL_PERSONAL", text };
}
