import { type TopicWords, topics } from "../scan/topics.ts";

/** Words of a sentence that its value follows: "my name is Jane Roe", "born on 31 January". */
export const spokenWords: TopicWords = [
  [
    topics.person,
    ",my name is,name is,named,call me,me llamo,mi nombre es,mein name ist,ich heiße,je m'appelle," +
      "mi chiamo,meu nome é,ik heet,mijn naam is,nazywam się,jag heter,меня зовут,adım,ονομάζομαι," +
      "jmenuji se,jeg heder,jeg heter,nimeni on",
  ],
  [
    topics.greeted,
    "dear hi hello hey hallo lieber liebe bonjour cher chère estimado estimada querido querida hola " +
      "caro cara gentile beste geachte olá prezado prezada уважаемый уважаемая sayın drogi droga " +
      "kära hej αγαπητέ αγαπητή,i am,i m,this is,ich bin,je suis,ik ben,sehr geehrter herr," +
      "sehr geehrte frau,hier ist,hier spricht,spoke with,spoke to,speaking with," +
      "met with,signed by,behalf of",
  ],
  [
    topics.birth,
    "born geboren,born on,né le,née le,nací el,nacido el,nacida el,geboren am,nato il",
  ],
  [
    topics.address,
    ",live at,lives at,lived at,living at,resides at,reside at,residing at,wohne in,wohnhaft in",
  ],
  [topics.age, "aged,âgé de,âgée de,im alter von,edad de,de edad,w wieku,в возрасте"],
  [topics.plate, ",license plate,licence plate,number plate,plate number,kennzeichen"],
  [topics.username, ",logged in as,log in as,login as,username,user name,handle"],
  [
    topics.password,
    "password passwort kennwort passphrase passcode contraseña senha hasło wachtwoord lösenord parola " +
      "şifre пароль pwd passwd pw requirepass,mot de passe,mật khẩu,mật khẩu là,identified by",
  ],
  [topics.bic, "bic swift,swift code,bic code"],
];
