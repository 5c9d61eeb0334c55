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
const plainStreetWords: ReadonlySet<string> = new Set(
  "street st road rd avenue ave boulevard blvd lane ln parkway pkwy highway hwy rue bd chemin quai".split(
    " ",
  ),
);

const leadingStreetWords: ReadonlySet<string> = new Set(
  "rue bd boulevard avenue chemin quai".split(" "),
);

const streetWords: ReadonlySet<string> = new Set(streets.split(" "));

/** Words within the name of a street or place that are written small. */
const joining: ReadonlySet<string> = new Set(
  (
    "of the de du des d la le les l del della dei di da do dos das van der den het ter am an der im in " +
    "auf zum zur bei y e i und and n no nr nº n° apt apto unit suite ste fl floor flat bis ter esc " +
    "escalera piso puerta planta izq dcha izda bajo bloco bairro ap int interno scala stock etage " +
    "hus lgh m mieszkania кв д дом корп к г стр обл daire kat blok no num número numero appt bat " +
    "batiment res residence cedex cp rm room lot level"
  ).split(" "),
);

/** Whether a word, folded and without dots, is one for streets. */
export function isStreetWord(folded: string): boolean {
  if (streetWords.has(folded)) return true;
  endings.lastIndex = folded.length;
  return folded.length >= endingWordUnitsMin && endings.test(folded);
}

/** Whether a folded word is one for streets and for little else. */
export function isPlainStreetWord(folded: string): boolean {
  return plainStreetWords.has(folded);
}

/** Whether a folded word is one for streets that stands before their names, right behind the number. */
export function isLeadingStreetWord(folded: string): boolean {
  return leadingStreetWords.has(folded);
}

/** Whether a folded word may stand small within an address. */
export function isJoiningWord(folded: string): boolean {
  return joining.has(folded);
}
