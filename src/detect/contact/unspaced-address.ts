/** An optional postcode, then characters of addresses in Chinese, Japanese or Korean. */
const address =
  /(?:〒? ?\d{3}-\d{4} ?|\d{5,6} ?)?[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー０-９\d][\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}々ー0-9A-Za-z０-９ 　#－−–()（）・-]{4,100}/u;
/** Words for what an address is made of, from province to room. */
const units =
  /[省市区區县縣州府都道町村丁路街巷弄号號番室楼樓栋層层]|[시도군구읍면동로길](?= ?\d| |$)|번지|아파트/u;

/** Of the blocks that these scripts are in. */
const unspaced = /[\u2e80-\ud7af]/;

/** An address in Chinese, Japanese or Korean near the beginning of a text, or nothing. */
export function readUnspacedAddress(
  text: string,
): { readonly start: number; readonly end: number } | undefined {
  if (!unspaced.test(text)) return undefined;
  const match = address.exec(text);
  if (match === null || match.index > leadUnitsMax) return undefined;
  const trimmed = match[0].replace(/[ 　(（#・－−–-]+$/u, "");
  if (!units.test(trimmed) || !/[\d０-９一二三四五六七八九十]/u.test(trimmed)) return undefined;
  return { start: match.index, end: match.index + trimmed.length };
}

const leadUnitsMax = 4;
