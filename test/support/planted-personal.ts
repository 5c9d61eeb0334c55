/** What people are called, where they live, what they own: mostly known by a label alone. */
import type { Draw } from "./draw.ts";
import {
  capitals,
  digits,
  drawDay,
  drawValid,
  hex,
  letters,
  type Maker,
  masked,
  twoDigits,
  withLuhnDigit,
} from "./planted-value.ts";

/** Makers of personal data, one for each type, each long enough to be looked for in bytes. */
export const personalMakers: readonly Maker[] = [
  (draw) => {
    const given = draw.pick(["Jane", "John", "Mary", "Peter"]);
    return masked(
      "PERSON",
      `${given} ${draw.pick(["Roe", "Doe", "Sutherland", "Kowalski"])}`,
      "patient: ",
    );
  },
  (draw) => {
    const street = draw.pick(["Example Street", "Sample Road"]);
    return masked("ADDRESS", `${10 + draw.below(90)} ${street} Springfield IL 62701`, "address: ");
  },
  (draw) => {
    const { year, month, day } = drawDay(draw);
    const written = draw.pick([`${year}-${month}-${day}`, `${month}/${day}/${year}`]);
    return masked("DATE_OF_BIRTH", written, "date of birth: ");
  },
  (draw) => masked("IP_ADDRESS", draw.pick([fourthVersion(draw), sixthVersion(draw)])),
  (draw) => masked("MAC_ADDRESS", `00:00:5e:00:${draw.text(hex, 2)}:${draw.text(hex, 2)}`),
  (draw) => masked("IMEI", withLuhnDigit(`49015420${draw.text(digits, 6)}`), "IMEI "),
  (draw) =>
    masked(
      "VIN",
      drawValid(() => vehicleNumber(draw), passesVehicleCheck),
      "VIN ",
    ),
  (draw) =>
    masked(
      "LICENSE_PLATE",
      `AB${draw.text("123456", 2)} ${draw.text("CDEFG", 3)}`,
      "license plate ",
    ),
  (draw) =>
    masked(
      "GEO_COORDINATE",
      `48.${draw.text("123456789", 5)}, 2.${draw.text("123456789", 5)}`,
      "coordinates: ",
    ),
  (draw) => masked("USERNAME", `${draw.text(letters, 5)}_${draw.text(digits, 3)}`, "username: "),
  (draw) =>
    masked("URL_PERSONAL", `www.linkedin.com/in/jane-roe-${1000 + draw.below(9000)}`, "https://"),
];

/** Makers of what is so short that it turns up by chance anywhere. */
export const shortMakers: readonly Maker[] = [
  (draw) => masked("AGE_OVER_89", String(90 + draw.below(10)), "aged "),
  (draw) => masked("ICD10", `E${twoDigits(10 + draw.below(4))}.${draw.below(10)}`, "diagnosis: "),
  (draw) => masked("CVV", String(100 + draw.below(900)), "CVV "),
  (draw) =>
    masked(
      "CARD_EXPIRY",
      `${twoDigits(1 + draw.below(12))}/${28 + draw.below(8)}`,
      "card expires ",
    ),
];

function fourthVersion(draw: Draw): string {
  return `${draw.pick(["192.0.2", "198.51.100", "203.0.113"])}.${100 + draw.below(150)}`;
}

function sixthVersion(draw: Draw): string {
  return `2001:db8:${draw.text("123456789", 4)}::${draw.text("abcdef", 4)}`;
}

const vehicleWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

function vehicleNumber(draw: Draw): string {
  return `1M8GDM9A${draw.text("0123456789X", 1)}KP${draw.text(digits, 6)}`;
}

/** 49 CFR 565.15(c): what letters count, times weights, modulo 11, at the ninth place. */
function passesVehicleCheck(code: string): boolean {
  const sum = vehicleWeights.reduce((total, weight, at) => {
    const unit = code.charAt(at);
    const worth = /\d/.test(unit)
      ? unit
      : "12345678.12345.7.923456789".charAt(capitals.indexOf(unit));
    return total + weight * (Number(worth) || 0);
  }, 0);
  return code.charAt(8) === "0123456789X".charAt(sum % 11);
}
