import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near telephone numbers. */
export const contactWords: TopicWords = [
  [
    topics.phone,
    "phone telephone tel mobile cell cellphone call fax whatsapp sms telefon handy mobil rufnummer " +
      "téléphone portable teléfono móvil telefone celular telefono telefoon dial",
  ],
];
