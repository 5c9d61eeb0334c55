import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near numbers that states give out, as people and programs write them. */
export const governmentWords: TopicWords = [
  [
    topics.usSsn,
    "ssn ssns ss ssnumber socialsecurity socialsecuritynumber taxpayer itin tin taxid," +
      "social security,soc sec,social sec,tax id,tax identification,taxpayer id",
  ],
  [
    topics.usItin,
    "itin itins ssn tin taxpayer taxid,individual taxpayer,taxpayer id,tax id,tax identification," +
      "social security",
  ],
  [
    topics.usEin,
    "ein eins fein employer taxid,employer id,employer identification,federal tax,tax id," +
      "federal id,tax identification",
  ],
  [
    topics.passport,
    "passport passports passportno passportnumber passportnum ppt reisepass reisepassnummer " +
      "passnummer passeport pasaporte passaporto passaporte paspoort paspoortnummer paszport " +
      "pasaport паспорт паспорта διαβατήριο διαβατηρίου דרכון جواز pasaportu " +
      "パスポート 旅券 护照 護照 여권 หนังสือเดินทาง," +
      "travel document,passport number,passport no,hộ chiếu,جواز السفر,รหัสหนังสือเดินทาง",
  ],
  [
    topics.driverLicense,
    "dl dln license licence licenses licences drivers driverslicense driverlicense driverslicence " +
      "driverlicence licenseno licensenumber permis führerschein fuehrerschein " +
      "führerscheinnummer rijbewijs rijbewijsnummer patente cnh ehliyet körkort ajokortti " +
      "водительское удостоверение 運転免許 運転免許証 驾照 驾驶证 駕照 운전면허 ใบขับขี่," +
      "driving licence,driving license,driver license,drivers license,driver licence," +
      "drivers licence,driver s license,driver s licence,permis de conduire,permiso de conducir," +
      "carnet de conducir,carta de condução,prawo jazdy,patente di guida,bằng lái,giấy phép lái xe",
  ],
  [
    topics.ukNino,
    "nino ninos ni nationalinsurance nationalinsurancenumber,national insurance,nat ins,n i number," +
      "ni number,ni no",
  ],
  [topics.ukUtr, "utr utrs,unique taxpayer,self assessment,tax reference,taxpayer reference"],
  [
    topics.caSin,
    "sin sins nas socialinsurance socialinsurancenumber,social insurance,assurance sociale," +
      "numéro d assurance",
  ],
  [topics.auTfn, "tfn tfns taxfile taxfilenumber,tax file"],
  [
    topics.auAbn,
    "abn abns acn acns businessnumber companynumber,business number,company number," +
      "australian business,australian company",
  ],
  [topics.inAadhaar, "aadhaar aadhar adhar adhaar uidai uid आधार"],
  [topics.inPan, "pan पैन pancard pannumber,permanent account,pan card"],
  [topics.inGstin, "gstin gst gstn,goods and services"],
  [topics.brCpf, "cpf titular contribuinte,cadastro de pessoas"],
  [topics.brCnpj, "cnpj titular empresa,cadastro nacional"],
  [topics.mxCurp, "curp,clave única,registro de población"],
  [
    topics.esNif,
    "dni nif nie documento dninie,documento nacional,identificación fiscal,identidad de extranjero," +
      "número de identidad",
  ],
  [topics.itFiscalCode, "fiscale codicefiscale cf,codice fiscale,c f,cod fisc"],
  [topics.plPesel, "pesel,numer pesel,nr pesel"],
  [topics.nlBsn, "bsn burgerservicenummer sofinummer sofi,burger service,sofi nummer"],
  [
    topics.deTaxId,
    "idnr steuerid steueridnr steueridentifikationsnummer identifikationsnummer steuernummer " +
      "steuerliche tin taxid,steuer id,steuer identifikationsnummer,steuer nr,id nr,tax id",
  ],
  [
    topics.frNir,
    "nir sécu insee nss sécuritésociale,sécurité sociale,numéro de sécu,carte vitale,n insee",
  ],
  [
    topics.sePersonnummer,
    "personnummer personnr samordningsnummer personalnumber,personal number,personal identity," +
      "person nr,person nummer",
  ],
  [topics.fiHetu, "hetu henkilötunnus henkilötunnuksen personbeteckning sotu,personal identity"],
  [
    topics.cnResidentId,
    "身份证 身份证号 身份证号码 居民身份证 公民身份号码 身分證 证件号码 shenfenzheng,resident id,resident identity,id card",
  ],
  [
    topics.krRrn,
    "주민등록번호 주민번호 주민 rrn jumin,resident registration,주민등록 번호,foreigner registration",
  ],
  [topics.jpMyNumber, "マイナンバー 個人番号 mynumber,my number,individual number,kojin bango"],
  [topics.sgNric, "nric fin nricfin,national registration,foreign identification,identity card"],
  [
    topics.zaId,
    "idno idnumber identity,id number,identity number,rsa id,sa id,id no,south african id",
  ],
  [
    topics.trNationalId,
    "tckn tckimlik kimlik tcno,t c kimlik,tc kimlik,kimlik numarası,kimlik no,tc no,vatandaşlık no",
  ],
];
