import type { Value } from "../document.ts";
import type { Scene } from "./data-scenes.ts";
import { joined, plant } from "./plant.ts";
import { capital, type WilderValues } from "./values.ts";

const maybe = (value: Value): Value => ({ ...value, isOptional: true });

/** The question names what the next turn gives. */
const dialogue: Scene = (v) => {
  const turns = v.random
    .shuffled<readonly [string, () => Value]>([
      ["and your social security number?", () => v.bareSsn()],
      ["What's the best phone number to reach you?", () => v.phone()],
      ["Could you give me the account number you'd like to use?", () => v.account()],
      ["Date of birth, please.", () => v.born()],
      ["May I have your full name?", () => v.person()],
      ["Which e-mail should the receipt go to?", () => v.email()],
      ["And the three digits, the security code on the back?", () => v.cvv()],
      ["what is the routing number of that bank", () => v.routing()],
      ["Now the passport number as printed.", () => v.passport()],
      ["Thanks. Card number?", () => v.card()],
      ["Can you read me the medical record number?", () => v.record()],
      ["And what's your home address?", () => v.address()],
    ])
    .slice(0, v.random.between(3, 6));
  const [asks, answers] = v.random.pick([
    ["Agent", "Caller"],
    ["bot", "me"],
    ["Q", "A"],
  ]);
  const lines = turns.map(
    ([question, make]) =>
      plant`${asks}: ${question}\n${answers}: ${v.random.pick(["", "sure, ", "hm, one second... ", "yes it's "])}${make()}`,
  );
  return joined(lines, "\n");
};

const farLabels: Scene = (v) =>
  v.random.pick([
    () =>
      plant`For her social security number we only have what payroll typed in last spring, which was ${v.ssn()}, and nobody checked it since.`,
    () =>
      plant`PASSPORT\n(exactly as printed, top right of the photo page)\n\n        ${v.passport()}\n\nPHONE\n(with country code)\n\n        ${v.phone()}\n`,
    () =>
      plant`The number on the card he used at the hotel, according to the slip that the night desk kept in the drawer: ${v.card()} (valid thru ${v.expiry()}).`,
    () =>
      plant`Beneficiary's account, IBAN, please copy without spaces when you enter it into the form of the bank:\n\n${v.iban()}\n\nAmount: ${v.random.digits(3)},00`,
    () => plant`Wi-Fi for guests\nnetwork: ${v.word(2)}\npassword:\n    ${v.password()}\n`,
    () =>
      plant`NHS number: see next line\n${v.nhs()}\nSeen in clinic, stable, home with the same tablets.`,
    () =>
      plant`Mr. X's details are below.\n\nNational Insurance  ...................................  ${v.nino()}\nAadhaar  ..............................................  ${v.aadhaar()}\nBSN  ..................................................  ${v.bsn()}\n`,
    () =>
      plant`${v.bareSsn()} (SSN)\n${v.phone()} (mobile)\n${v.born()} (date of birth)\n${v.record()} (MRN)\n`,
  ])();

const card: Scene = (v) => {
  const name = v.name();
  return plant`BEGIN:VCARD\nVERSION:3.0\nFN:${maybe(v.person(name))}\nTEL;TYPE=CELL:${v.phone()}\nEMAIL;TYPE=HOME:${v.email()}\nBDAY:${maybe(v.born())}\nREV:2024-05-0${v.random.between(1, 9)}T10:00:00Z\nEND:VCARD`;
};

const mailHead: Scene = (v) =>
  plant`From: ${maybe(v.person())} <${v.email()}>\nTo: ${v.email()}, ${v.email()}\nMessage-ID: ${{ ...v.email(), text: `<${v.random.digits(8)}.${v.random.shape("xxxxxx")}@mx.${v.word(2)}.dev>`, isOptional: true }}\nDate: Tue, 4 Mar 2025 11:0${v.random.between(0, 9)}:12 +0100\n\nas discussed, transfer to ${v.iban()} today.\n-- \n${maybe(v.person())} | ${v.phone()}`;

const statement: Scene = (v) =>
  plant`STATEMENT No ${v.random.digits(3)}/2025\nHolder: ${maybe(v.person())}\nIBAN ${v.iban()} BIC ${v.swift()}\n\n${joined(
    Array.from(
      { length: 6 },
      () =>
        plant`1${v.random.between(0, 9)}.03.  ${v.word(3).padEnd(14)} ${v.random.digits(9)}  ${v.random.between(2, 900)},${v.random.digits(2)}-`,
    ),
    "\n",
  )}\nClosing balance ${v.random.digits(4)},${v.random.digits(2)}\n`;

/** A letter in a language: its labels for name, phone, mail, birth, passport, password, card. */
interface Letter {
  readonly opening: string;
  readonly closing: string;
  readonly labels: readonly string[];
}

const letters: readonly Letter[] = [
  {
    opening: "Добрый день! Отправляю данные для договора.",
    closing: "С уважением, отдел продаж.",
    labels: ["ФИО", "Телефон", "Эл. почта", "Дата рождения", "Паспорт", "Пароль", "Номер карты"],
  },
  {
    opening: "مرحبا، أرسل لكم البيانات المطلوبة.",
    closing: "مع التحية",
    labels: [
      "الاسم",
      "الهاتف",
      "البريد الإلكتروني",
      "تاريخ الميلاد",
      "رقم الجواز",
      "كلمة المرور",
      "رقم البطاقة",
    ],
  },
  {
    opening: "שלום, מצורפים הפרטים כפי שביקשתם.",
    closing: "תודה רבה",
    labels: ["שם מלא", "טלפון", 'דוא"ל', "תאריך לידה", "מספר דרכון", "סיסמה", "מספר כרטיס"],
  },
  {
    opening: "สวัสดีค่ะ ส่งข้อมูลตามที่ขอนะคะ",
    closing: "ขอบคุณค่ะ",
    labels: ["ชื่อ-นามสกุล", "โทรศัพท์", "อีเมล", "วันเกิด", "หนังสือเดินทาง", "รหัสผ่าน", "หมายเลขบัตร"],
  },
  {
    opening: "Merhaba, istenen bilgileri gönderiyorum.",
    closing: "Saygılarımla",
    labels: [
      "Ad Soyad",
      "Telefon",
      "E-posta",
      "Doğum tarihi",
      "Pasaport no",
      "Şifre",
      "Kart numarası",
    ],
  },
  {
    opening: "Καλημέρα, στέλνω τα στοιχεία που ζητήσατε.",
    closing: "Με εκτίμηση",
    labels: [
      "Ονοματεπώνυμο",
      "Τηλέφωνο",
      "Ηλ. ταχυδρομείο",
      "Ημερομηνία γέννησης",
      "Διαβατήριο",
      "Κωδικός πρόσβασης",
      "Αριθμός κάρτας",
    ],
  },
  {
    opening: "Xin chào, tôi gửi thông tin như đã hẹn.",
    closing: "Trân trọng",
    labels: [
      "Họ và tên",
      "Điện thoại",
      "Thư điện tử",
      "Ngày sinh",
      "Hộ chiếu",
      "Mật khẩu",
      "Số thẻ",
    ],
  },
  {
    opening: "お世話になっております。登録内容をお送りします。",
    closing: "よろしくお願いいたします。",
    labels: ["お名前", "携帯電話", "メール", "生年月日", "旅券番号", "パスワード", "カード番号"],
  },
  {
    opening: "您好，资料如下，请查收。",
    closing: "谢谢！",
    labels: ["姓名", "手机号", "邮箱", "出生日期", "护照号", "密码", "银行卡号"],
  },
  {
    opening: "안녕하세요. 요청하신 정보를 보내 드립니다.",
    closing: "감사합니다.",
    labels: ["성명", "휴대폰 번호", "이메일 주소", "생년월일", "여권번호", "비밀번호", "카드번호"],
  },
  {
    opening: "Доброго дня, надсилаю дані.",
    closing: "Дякую",
    labels: ["ПІБ", "Телефон", "Пошта", "Дата народження", "Паспорт", "Пароль", "Номер картки"],
  },
  {
    opening: "Dobrý den, posílám údaje podle dohody.",
    closing: "S pozdravem",
    labels: [
      "Jméno a příjmení",
      "Telefon",
      "E-mail",
      "Datum narození",
      "Číslo pasu",
      "Heslo",
      "Číslo karty",
    ],
  },
];

const foreignLetter: Scene = (v) => {
  const { opening, closing, labels } = v.random.pick(letters);
  const makes = [
    () => v.person(),
    () => v.phone(),
    () => v.email(),
    () => v.born(),
    () => v.passport(),
    () => v.password(),
    () => v.card(),
  ];
  const chosen = v.random.shuffled(
    makes.map((make, index) => [labels[index] ?? "", make] as const),
  );
  const colon = v.random.pick([": ", " : ", "：", " - "]);
  const lines = chosen
    .slice(0, v.random.between(3, 6))
    .map(([label, make]) => plant`${label}${colon}${make()}`);
  return plant`${opening}\n${joined(lines, v.random.pick(["\n", "\n", "\n\n"]))}\n${closing}`;
};

const europeans: Scene = (v: WilderValues) =>
  v.random.pick([
    () =>
      plant`Bonjour, mon numéro de sécu c'est le ${v.frenchNumber()}, et mon portable le ${v.phone()}. Merci !`,
    () => plant`Hola, soy el titular, DNI ${v.nif()}, y el recibo va a ${v.iban()}.`,
    () => plant`Oi, meu CPF: ${v.cpf()}. Pode mandar no ${v.email()}?`,
    () => plant`Dzień dobry, PESEL ${v.pesel()}, tel. ${v.phone()}.`,
    () => plant`Hoi, BSN is ${v.bsn()} en de rekening ${v.iban()}.`,
    () =>
      plant`Servus, mein Passwort für das Portal war ${v.password()}, geht aber nicht. ${capital(v.word(2))} aus Wien.`,
  ])();

export const peopleScenes: readonly Scene[] = [
  dialogue,
  dialogue,
  farLabels,
  farLabels,
  card,
  mailHead,
  statement,
  foreignLetter,
  foreignLetter,
  foreignLetter,
  europeans,
];
