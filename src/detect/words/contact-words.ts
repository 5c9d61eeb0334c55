import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near telephone numbers, mailboxes and addresses. */
export const contactWords: TopicWords = [
  [
    topics.phone,
    "phone phones telephone telephones tel tels mobile mobiles cell cellphone cellular call fax faxes " +
      "whatsapp sms dial hotline callback phoneno phonenumber telno mobileno msisdn telefon " +
      "telefonnummer handy handynummer mobil mobilnummer rufnummer rückruf téléphone téléphones " +
      "portable mobile teléfono teléfonos móvil celular telefone telemóvel telefono cellulare " +
      "cellulari telefoon telefoonnummer mobiel gsm telefonu komórka komórkowy mobilní puhelin " +
      "puhelinnumero mobiltelefon телефон телефона тел моб мобильный сотовый τηλέφωνο κινητό τηλ " +
      "هاتف الهاتف جوال الجوال موبايل טלפון נייד फ़ोन फोन मोबाइल โทรศัพท์ โทร เบอร์โทร มือถือ " +
      "telepon ponsel 電話 電話番号 携帯 携帯電話 電話號碼 电话 电话号码 手机 手机号 手机号码 联系电话 " +
      "전화 전화번호 휴대폰 휴대전화 연락처 핸드폰," +
      "phone number,phone no,text me,text us,contact number,contact no,cell number,numéro de téléphone," +
      "numéro de portable,número de teléfono,número de telefone,điện thoại,số điện thoại,cep telefonu," +
      "numer telefonu,номер телефона,رقم الهاتف,מספר טלפון,di động",
  ],
  [
    topics.email,
    "email emails mail mailto emailaddress correo courriel posta epost почта メール 邮箱 이메일," +
      "e mail,email address,mail address,correo electrónico,adresse mail,adresse email",
  ],
  [
    topics.address,
    "address addresses street streetaddress mailingaddress homeaddress billingaddress " +
      "shippingaddress deliveryaddress postaladdress residence addr1 addr2 addressline adresse " +
      "anschrift wohnort wohnadresse lieferadresse rechnungsadresse straße strasse domicile domicilio " +
      "dirección direccion calle indirizzo residenza endereço morada rua adres woonadres adresu adresi " +
      "zamieszkania adresa bydliště adress bostadsadress osoite адрес адреса проживания διεύθυνση " +
      "العنوان عنوان כתובת पता ที่อยู่ alamat ikametgah 住所 所在地 地址 住址 通讯地址 收货地址 주소," +
      "street address,mailing address,home address,billing address,shipping address,postal address," +
      "delivery address,residential address,current address,address line,ship to,bill to," +
      "place of residence,adresse postale,địa chỉ,адрес проживания,адрес доставки",
  ],
];
