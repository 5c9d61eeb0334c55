import { fold } from "../text/fold.ts";

/** Names of the months in many languages, January first, as dates have them. */
const lists: readonly string[] = [
  "january jan januar janner janvier janv enero ene janeiro gennaio gen januari styczen stycznia leden ledna января январь янв ocak tammikuuta tammikuu ianuarie ιανουαριου ιαν يناير ינואר जनवरी มกราคม มค",
  "february feb februar fevrier fevr febrero fevereiro fev febbraio februari luty lutego unor unora февраля февраль фев subat helmikuuta helmikuu februarie φεβρουαριου φεβ فبراير פברואר फरवरी กุมภาพันธ์ กพ",
  "march mar marz mars marzo março maart mrt marzec marca brezen brezna марта март мар mart maaliskuuta maaliskuu martie μαρτιου مارس מרץ मार्च มีนาคม",
  "april apr avril avr abril abr aprile kwiecien kwietnia duben dubna апреля апрель апр nisan huhtikuuta huhtikuu aprilie απριλιου أبريل אפריל अप्रैल เมษายน",
  "may mai mayo maio maggio mag mei maj maja kveten kvetna мая май mayis toukokuuta toukokuu μαιου مايو מאי मई พฤษภาคม",
  "june jun juni juin junio junho giugno giu czerwiec czerwca cerven cervna июня июнь июн haziran kesakuuta kesakuu iunie ιουνιου يونيو יוני जून มิถุนายน",
  "july jul juli juillet juil julio julho luglio lug lipiec lipca cervenec cervence июля июль июл temmuz heinakuuta heinakuu iulie ιουλιου يوليو יולי जुलाई กรกฎาคม",
  "august aug aout agosto ago augustus augusti sierpien sierpnia srpen srpna августа август авг agustos elokuuta elokuu αυγουστου أغسطس אוגוסט अगस्त สิงหาคม",
  "september sep sept septembre septiembre setiembre setembro set settembre wrzesien wrzesnia zari сентября сентябрь сен eylul syyskuuta syyskuu septembrie σεπτεμβριου سبتمبر ספטמבר सितंबर กันยายน",
  "october oct oktober okt octobre octubre outubro out ottobre ott pazdziernik pazdziernika rijen rijna октября октябрь окт ekim lokakuuta lokakuu octombrie οκτωβριου أكتوبر אוקטובר अक्टूबर ตุลาคม",
  "november nov novembre noviembre novembro listopad listopada listopadu ноября ноябрь ноя kasim marraskuuta marraskuu noiembrie νοεμβριου نوفمبر נובמבר नवंबर พฤศจิกายน",
  "december dec dezember dez decembre diciembre dic dezembro dicembre grudzien grudnia prosinec prosince декабря декабрь дек aralik joulukuuta joulukuu decembrie δεκεμβριου ديسمبر דצמבר दिसंबर ธันวาคม",
];

const months = buildMonths();

/** The number of a month by its name, folded; 0 for what is none. A dot at its end does not matter. */
export function monthOf(folded: string): number {
  return months.get(folded.replace(/^[בה]|\.$/gu, "")) ?? 0;
}

function buildMonths(): ReadonlyMap<string, number> {
  const map = new Map<string, number>();
  lists.forEach((list, index) => {
    for (const name of list.split(" ")) map.set(fold(name), index + 1);
  });
  return map;
}
