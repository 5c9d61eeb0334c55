import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near cards and accounts. */
export const financialWords: TopicWords = [
  [
    topics.card,
    "card cards credit debit visa mastercard amex maestro pan cc kreditkarte carte tarjeta cartão",
  ],
  [topics.iban, "iban account acct konto compte cuenta rekening"],
];
