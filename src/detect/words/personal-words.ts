import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near names, dates of birth, ages, number plates, places and accounts of people. */
export const personalWords: TopicWords = [
  [
    topics.naming,
    "name names nombre nom nome naam namn navn nimi nume név jméno имя імя όνομα الاسم اسم שם नाम " +
      "nama ชื่อ isim adı 名前 お名前 名字 이름",
  ],
  [
    topics.person,
    "fullname customer customers patient patients client clients employee applicant candidate guest " +
      "passenger payee cardholder accountholder holder recipient sender owner author authors " +
      "assignee reporter supervisor doctor physician nurse therapist attorney lawyer plaintiff " +
      "defendant witness landlord buyer seller insured policyholder claimant signatory attn " +
      "student teacher guardian spouse contact person traveler traveller attendee interviewee " +
      "caller resident donor victim shipto billto consignee nominee executor custodian " +
      "realname legalname personname username displayname contactname customername patientname " +
      "kunde kundin patientin ansprechpartner ansprechpartnerin inhaber inhaberin mitarbeiter " +
      "mitarbeiterin versicherter empfänger absender antragsteller auftraggeber " +
      "cliente paciente titular empleado destinatario remitente solicitante asegurado " +
      "clientes nombrecompleto titulaire destinataire expéditeur assuré salarié demandeur " +
      "paziente intestatario dipendente destinatário remetente funcionário segurado " +
      "klant patiënt medewerker contactpersoon klient klientka pacjent pacjentka zákazník " +
      "kund patienten asiakas potilas kunden müşteri hasta " +
      "клиент клиентка пациент пациентка заявитель сотрудник получатель отправитель фио заказчик " +
      "πελάτης ασθενής ονοματεπώνυμο العميل المريض لקוח לקוח מטופל מטופלת रोगी ग्राहक मरीज " +
      "ผู้ป่วย ลูกค้า 氏名 患者名 顧客名 担当者 担当者名 姓名 客户 客户姓名 患者 患者姓名 联系人 " +
      "收件人 收货人 성명 성함 고객명 환자명 담당자 수취인," +
      "full name,legal name,real name,display name,customer name,patient name,client name," +
      "contact name,employee name,account holder,account name,card holder,name on card," +
      "contact person,emergency contact,next of kin,primary contact,bill to,ship to,sold to," +
      "attending physician,prepared by,signed by,reviewed by,approved by,requested by,submitted by," +
      "reported by,created by,assigned to,treated by,referred by,written by,nom complet," +
      "nom et prénom,nom prénom,nombre completo,nombre y apellidos,nome completo,nome e cognome," +
      "vollständiger name,vor und nachname,voor en achternaam,volledige naam,imię i nazwisko," +
      "jméno a příjmení,ad soyad,adı soyadı,họ tên,họ và tên,khách hàng,bệnh nhân,người nhận," +
      "полное имя,الاسم الكامل,اسم المريض,اسم العميل,שם מלא,पूरा नाम,nama lengkap,fullständigt namn," +
      "fulde navn,koko nimi,nume complet",
  ],
  [
    topics.namePart,
    "firstname lastname surname forename givenname familyname middlename maidenname fname lname " +
      "firstnames vorname nachname familienname geburtsname rufname prénom prénoms apellido " +
      "apellidos cognome sobrenome apelido voornaam achternaam imię nazwisko příjmení förnamn " +
      "efternamn fornavn etternavn etunimi sukunimi keresztnév vezetéknév prenume " +
      "фамилия отчество прізвище soyad soyadı soyisim επώνυμο כינוי उपनाम นามสกุล 苗字," +
      "first name,last name,given name,given names,family name,middle name,maiden name," +
      "second name,nom de famille,primer apellido,segundo apellido,primer nombre," +
      "nom d usage,имя отчество,اسم العائلة,الاسم الأول,שם משפחה,שם פרטי",
  ],
  [topics.correspondent, "from to cc bcc von кому від от,reply to,on behalf of"],
  [
    topics.signed,
    ",best regards,kind regards,warm regards,many thanks,thanks,thank you,regards,sincerely," +
      "yours sincerely,yours faithfully,yours truly,sincerely yours,best wishes,all the best," +
      "cheers,best,warmly,cordially,respectfully,mit freundlichen grüßen,freundliche grüße," +
      "viele grüße,beste grüße,herzliche grüße,liebe grüße,cordialement,bien cordialement," +
      "bien à vous,sincères salutations,saludos,un saludo,atentamente,saludos cordiales," +
      "cordiali saluti,distinti saluti,atenciosamente,cumprimentos,met vriendelijke groet," +
      "vriendelijke groeten,pozdrawiam,z poważaniem,s pozdravem,с уважением,saygılarımla," +
      "med vänliga hälsningar,vänliga hälsningar,med venlig hilsen,με εκτίμηση,trân trọng",
  ],
  [
    topics.thing,
    "file files filename host hostname company product products event class table project model " +
      "brand package domain business organisation organization org employer firm vendor supplier " +
      "manufacturer school university hospital clinic department team group channel repo repository " +
      "branch tag bucket cluster node pod container image service server app application function " +
      "method variable var param parameter field column attribute property queue database db schema " +
      "namespace module library plugin component element item category menu page screen template " +
      "theme font color colour layer region zone city town country state street place venue " +
      "restaurant hotel shop store bank branch building room drug medication medicine lab procedure " +
      "treatment plan course subject title song album movie film book game character pet dog cat " +
      "ship vessel program campaign job task step stage action workflow pipeline environment env " +
      "code type kind metric policy role permission scope device network interface protocol report " +
      "document form object entity process thread tool command script index key secret stack skill " +
      "test suite rule chart release feature flag dataset collection site website url path folder " +
      "directory disk volume partition profile license firma firmenname produkt projekt datei " +
      "verein fichier produit société entreprise archivo producto empresa arquivo produto azienda " +
      "prodotto bedrijf bestand компания продукт файл проект 公司 企业 产品 文件 会社 製品 商品 회사 제품",
  ],
  [
    topics.birth,
    "dob birth born birthday birthdate birthdt dateofbirth bday geboren geburtsdatum geburtstag " +
      "geb nacimiento fechanacimiento nascimento datanascimento nascita datanascita naissance " +
      "datenaissance geboortedatum urodzenia narození födelsedatum fødselsdato syntymäaika " +
      "рождения родился родилась народження doğum γέννησης γεννημένος γεννημένη γεννήθηκε ημερομηνίαγέννησης الميلاد ميلاد לידה " +
      "जन्मतिथि जन्म วันเกิด 生年月日 誕生日 出生日期 出生 生日 생년월일 생일 출생," +
      "date of birth,birth date,d o b,geb am,geboren am,né le,née le,né e le,nacido el,nacida el," +
      "fecha de nacimiento,fecha nacimiento,data de nascimento,data di nascita,date de naissance," +
      "nato il,nata il,geboren op,geboren te,data urodzenia,ur dnia,datum narození,дата рождения," +
      "doğum tarihi,ημερομηνία γέννησης,تاريخ الميلاد,תאריך לידה,जन्म तिथि,ngày sinh,sinh ngày," +
      "tanggal lahir,data nașterii,född den,date naissance",
  ],
  [
    topics.age,
    "age aged ages alter edad âge idade età leeftijd wiek věk возраст ηλικία العمر גיל उम्र आयु " +
      "อายุ 年齢 年龄 나이 yaş yaşı ålder alder ikä vârsta tuổi umur,years old,years of age",
  ],
  [
    topics.plate,
    "plate plates licenseplate licenceplate numberplate platenumber plateno licplate vrn regno " +
      "kennzeichen kfzkennzeichen matrícula matricula placa targa kenteken nummerplaat " +
      "immatriculation plaque rejestracyjny plaka госномер госзнак πινακίδα لوحة 车牌 车牌号 車牌 " +
      "ナンバー 차량번호 번호판 ทะเบียนรถ," +
      "license plate,licence plate,number plate,plate number,plate no,car registration," +
      "vehicle registration,registration number,registration plate,tag number,kfz kennzeichen," +
      "amtliches kennzeichen,plaque d immatriculation,numéro d immatriculation,numer rejestracyjny," +
      "plaka no,номер автомобиля,гос номер,رقم اللوحة,biển số,biển số xe",
  ],
  [
    topics.vin,
    "vin vins vinnumber chassis chassisno chassisnumber vehicleid fahrgestellnummer fin bastidor " +
      "telaio chassi," +
      "vehicle identification,vehicle id,chassis number,chassis no,vin number,número de chasis," +
      "numéro de série,numéro de châssis,numero di telaio,фин номер,車台番号,车架号",
  ],
  [
    topics.geo,
    "lat lats latitude lon lng longitude coordinates coordinate coords coord gps geo geolocation " +
      "geopoint latlng latlon latlong lnglat lonlat koordinaten breitengrad längengrad coordonnées " +
      "coordenadas latitud longitud latitudine longitudine coordinate współrzędne координаты широта " +
      "долгота συντεταγμένες koordinatlar enlem boylam إحداثيات 座標 緯度 経度 坐标 纬度 经度 좌표 위도 " +
      "경도 พิกัด,gps location,geo location,gps position,tọa độ",
  ],
  [
    topics.username,
    "username usernames user login logins userid loginname screenname nickname nick " +
      "handle alias uname benutzername benutzer nutzername anmeldename utilisateur identifiant " +
      "pseudo usuario usuário utente gebruikersnaam gebruiker użytkownik uživatel användarnamn " +
      "brugernavn käyttäjätunnus логин пользователь kullanıcı χρήστης twitter instagram telegram " +
      "github discord skype tiktok mastodon snapchat ユーザー名 用户名 用戶名 사용자명 아이디," +
      "user name,user id,login name,screen name,login id,nom d utilisateur," +
      "nombre de usuario,nome de usuário,nome utente,kullanıcı adı,nazwa użytkownika," +
      "имя пользователя,اسم المستخدم,שם משתמש,ชื่อผู้ใช้,tên đăng nhập",
  ],
];
