import { digitAt } from "./digits.ts";

/** Products in the dihedral group of order ten, row by row. */
const products =
  "0123456789" +
  "1234067895" +
  "2340178956" +
  "3401289567" +
  "4012395678" +
  "5987604321" +
  "6598710432" +
  "7659821043" +
  "8765932104" +
  "9876543210";

/** What a digit counts by its place from the right, which repeats after eight. */
const permutations =
  "0123456789" +
  "1576283094" +
  "5803796142" +
  "8916043527" +
  "9453126870" +
  "4286573901" +
  "2793806415" +
  "7046913258";

/** Whether digits end in Verhoeff's check digit (Error Detecting Decimal Codes, 1969). */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  const last = digits.length - 1;
  for (let place = 0; place <= last; place += 1) {
    const digit = digitAt(digits, last - place);
    check = digitAt(products, check * 10 + digitAt(permutations, (place % 8) * 10 + digit));
  }
  return check === 0;
}
