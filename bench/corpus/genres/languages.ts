import { typeEntries } from "../catalogue/index.ts";
import type { Composer } from "../document.ts";
import { type Field, fieldOf } from "../fields.ts";
import type { Random } from "../random.ts";
import type { Genre } from "./genre.ts";

/** What a language calls the types its documents hold, and sentences that hold nothing. */
interface Language {
  readonly code: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly prose: readonly string[];
}

const order =
  "EMAIL PHONE PERSON ADDRESS DATE_OF_BIRTH IBAN CREDIT_CARD PASSPORT GENERIC_SECRET".split(" ");

/** Labels in the order above, kinds of one type split at `|`. */
function language(code: string, labels: readonly string[], prose: readonly string[]): Language {
  const byType = order.map((type, index) => [type, (labels[index] ?? type).split("|")] as const);
  return { code, labels: Object.fromEntries(byType), prose };
}

const languages: readonly Language[] = [
  language(
    "de",
    [
      "E-Mail|E-Mail-Adresse",
      "Telefon|Handynummer|Tel.",
      "Name|Vor- und Nachname",
      "Anschrift|Adresse",
      "Geburtsdatum|Geboren am",
      "IBAN|Bankverbindung (IBAN)",
      "Kreditkarte|Kartennummer",
      "Reisepass|Reisepassnummer",
      "Passwort|Kennwort",
    ],
    [
      "Die Lieferung kam am Dienstag an.",
      "Bitte prüfen Sie die Unterlagen in Ruhe.",
      "Das Angebot gilt bis Ende des Monats.",
    ],
  ),
  language(
    "fr",
    [
      "Courriel|Adresse e-mail",
      "Téléphone|Portable|Tél.",
      "Nom|Nom et prénom",
      "Adresse|Domicile",
      "Date de naissance|Né(e) le",
      "IBAN",
      "Carte bancaire|Numéro de carte",
      "Passeport|N° de passeport",
      "Mot de passe",
    ],
    [
      "La réunion commence à neuf heures.",
      "Merci de relire le contrat avant vendredi.",
      "Le colis est arrivé sans facture.",
    ],
  ),
  language(
    "es",
    [
      "Correo electrónico|Correo",
      "Teléfono|Móvil",
      "Nombre|Nombre completo",
      "Dirección|Domicilio",
      "Fecha de nacimiento",
      "IBAN|Cuenta (IBAN)",
      "Tarjeta|Número de tarjeta",
      "Pasaporte|N.º de pasaporte",
      "Contraseña|Clave",
    ],
    [
      "El pedido llegó en buen estado.",
      "Quedo a la espera de su respuesta.",
      "La oferta termina el lunes.",
    ],
  ),
  language(
    "pt",
    [
      "E-mail",
      "Telefone|Celular",
      "Nome|Nome completo",
      "Endereço|Morada",
      "Data de nascimento",
      "IBAN",
      "Cartão|Número do cartão",
      "Passaporte",
      "Senha|Palavra-passe",
    ],
    [
      "A encomenda chegou ontem.",
      "Aguardo o contato da equipe.",
      "O prazo termina na sexta-feira.",
    ],
  ),
  language(
    "it",
    [
      "E-mail|Posta elettronica",
      "Telefono|Cellulare",
      "Nome e cognome|Nominativo",
      "Indirizzo|Residenza",
      "Data di nascita",
      "IBAN|Coordinate bancarie (IBAN)",
      "Carta di credito|Numero carta",
      "Passaporto",
      "Password|Parola d'ordine",
    ],
    [
      "Il pacco è arrivato in ritardo.",
      "Resto in attesa di un riscontro.",
      "La riunione è spostata a giovedì.",
    ],
  ),
  language(
    "nl",
    [
      "E-mailadres|E-mail",
      "Telefoon|Mobiel",
      "Naam|Volledige naam",
      "Adres|Woonadres",
      "Geboortedatum",
      "IBAN|Rekening (IBAN)",
      "Creditcard|Kaartnummer",
      "Paspoort|Paspoortnummer",
      "Wachtwoord",
    ],
    [
      "De levering is vertraagd.",
      "Graag voor vrijdag reageren.",
      "Het kantoor is maandag gesloten.",
    ],
  ),
  language(
    "pl",
    [
      "E-mail|Adres e-mail",
      "Telefon|Tel. komórkowy",
      "Imię i nazwisko",
      "Adres|Adres zamieszkania",
      "Data urodzenia",
      "IBAN|Numer konta (IBAN)",
      "Karta|Numer karty",
      "Paszport|Nr paszportu",
      "Hasło",
    ],
    ["Paczka dotarła w środę.", "Proszę o odpowiedź do piątku.", "Spotkanie zostało przełożone."],
  ),
  language(
    "sv",
    [
      "E-post|E-postadress",
      "Telefon|Mobil",
      "Namn|Fullständigt namn",
      "Adress|Hemadress",
      "Födelsedatum",
      "IBAN",
      "Kort|Kortnummer",
      "Pass|Passnummer",
      "Lösenord",
    ],
    ["Leveransen kom i tisdags.", "Hör av dig före helgen.", "Mötet är flyttat till torsdag."],
  ),
  language(
    "ja",
    [
      "メール|メールアドレス",
      "電話|電話番号|携帯",
      "氏名|お名前",
      "住所",
      "生年月日",
      "IBAN",
      "カード番号|クレジットカード",
      "パスポート番号",
      "パスワード",
    ],
    ["荷物は火曜日に届きました。", "ご確認をお願いいたします。", "会議は木曜日に変更されました。"],
  ),
  language(
    "zh",
    [
      "邮箱|电子邮件",
      "电话|手机",
      "姓名|联系人",
      "地址|住址",
      "出生日期",
      "IBAN",
      "信用卡|卡号",
      "护照|护照号码",
      "密码",
    ],
    ["包裹星期二到了。", "请在周五之前回复。", "会议改到星期四。"],
  ),
  language(
    "ko",
    [
      "이메일",
      "전화|휴대폰",
      "이름|성명",
      "주소",
      "생년월일",
      "IBAN",
      "카드번호|신용카드",
      "여권번호",
      "비밀번호",
    ],
    ["택배가 화요일에 도착했습니다.", "금요일까지 답변 부탁드립니다."],
  ),
  language(
    "hi",
    ["ईमेल", "फ़ोन|मोबाइल", "नाम", "पता", "जन्म तिथि", "IBAN", "कार्ड नंबर", "पासपोर्ट", "पासवर्ड"],
    ["पार्सल मंगलवार को मिला।", "कृपया शुक्रवार तक उत्तर दें।"],
  ),
];

/** Forms and letters in languages other than English, with the labels of each. */
export const multilingual: Genre = {
  name: "multilingual",
  spheres: ["personal", "financial"],
  write(to, random, fields) {
    const { labels, prose } = random.pick(languages);
    to.write(`${random.pick(prose)}\n`);
    const colon = random.pick([": ", ": ", "："]);
    for (const field of fields) {
      const known = field.value.type === undefined ? undefined : labels[field.value.type];
      if (known === undefined) writeOther(to, random, labels, field);
      else to.write(random.pick(known) + colon).value(field.value);
      to.write("\n");
      if (random.chance(0.3)) to.write(`${random.pick(prose)}\n`);
    }
    to.write(random.pick(prose));
  },
};

/** A look-alike stays; a value the language has no label for gives way to one it has. */
function writeOther(to: Composer, random: Random, labels: Language["labels"], field: Field): void {
  if (field.value.type === undefined) {
    to.write(`${field.label}: `).value(field.value);
    return;
  }
  const entry = random.pick(typeEntries.filter(({ type }) => Object.hasOwn(labels, type)));
  const label = random.pick(labels[entry.type] ?? [entry.type]);
  to.write(`${label}: `).value(fieldOf(random, entry).value);
}
