/** Words for streets that stand by themselves, before or behind the name, without dots and accents. */
const streets =
  "street st road rd avenue ave av boulevard blvd lane ln drive dr court ct place pl plaza plz square " +
  "sq terrace ter terr parkway pkwy circle cir crescent cres close way trail trl highway hwy route " +
  "rte loop alley row mews grove gardens gdns hill quay walk wharf broadway turnpike tpke expressway " +
  "expy freeway fwy causeway bend ridge crossing xing rue boulevard bd chemin allee impasse quai " +
  "cours faubourg sentier calle c avenida avda paseo pso camino cno carretera ctra plaza ronda travesia " +
  "glorieta via viale corso piazza piazzale vicolo largo strada rua travessa alameda praca rodovia " +
  "estrada largo ulica ul aleja al plac os strasse str weg platz allee gasse ring damm ufer straat " +
  "laan plein gracht kade singel gatan gata vagen vag vej gade gate veien katu tie utca ut ter ulice " +
  "namesti ulica ulitsa prospekt ул улица пр проспект пер переулок шоссе наб набережная пл площадь " +
  "бульвар бул вул вулиця cadde caddesi cad sokak sokagi sok mahallesi mah bulvari odos οδος λεωφορος " +
  "πλατεια شارع طريق حي רחוב שדרות דרך रोड मार्ग गली नगर nagar marg jalan jl gang duong pho soi thanon " +
  "ถนน ซอย หมู่ box pobox apartado postfach";

/** Endings of words in which the word for street is joined to its name. */
const endings =
  /(?<=stra(?:ss|ß)e|str|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|gracht|kade|singel|steeg|gatan|gata|v[aä]gen|vej|gade|gate|veien|katu|tie|kuja|polku)/y;
const endingWordUnitsMin = 6;

/** Words for streets that are words for little else. */
const plainStreets =
  "street st road rd avenue ave boulevard blvd lane ln parkway pkwy highway hwy rue bd chemin quai";
/** Of these, those that stand before the name of a street. */
const leadingStreets = "rue bd boulevard avenue chemin quai";

/** Words within the name of a street or place that are written small. */
const joining =
  "of the de du des d la le les l del della dei di da do dos das van der den het ter am an der im in " +
  "auf zum zur bei y e i und and n no nr nº n° apt apto unit suite ste fl floor flat bis ter esc " +
  "escalera piso puerta planta izq dcha izda bajo bloco bairro ap int interno scala stock etage " +
  "hus lgh m mieszkania кв д дом корп к г стр обл daire kat blok no num número numero appt bat " +
  "batiment res residence cedex cp rm room lot level";

/** What a word of an address may be, as bits; 0 for the names that most of its words are. */
export const streetBit = 1;
/** A word for streets and for little else. */
export const plainStreetBit = 2;
/** Such a word that stands before the name of a street, right behind the number. */
export const leadingStreetBit = 4;
/** A word that may stand small within an address. */
export const joiningBit = 8;

const bitsOfWord = buildBits();

/** Which of these a word is, folded and without dots. */
export function streetWordBits(folded: string): number {
  const bits = bitsOfWord.get(folded) ?? 0;
  if ((bits & streetBit) !== 0 || folded.length < endingWordUnitsMin) return bits;
  endings.lastIndex = folded.length;
  return endings.test(folded) ? bits | streetBit : bits;
}

function buildBits(): ReadonlyMap<string, number> {
  const bits = new Map<string, number>();
  const addAll = (words: string, bit: number) => {
    for (const word of words.split(" ")) bits.set(word, (bits.get(word) ?? 0) | bit);
  };
  addAll(streets, streetBit);
  addAll(plainStreets, plainStreetBit);
  addAll(leadingStreets, leadingStreetBit);
  addAll(joining, joiningBit);
  return bits;
}
