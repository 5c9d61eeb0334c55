import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near cards, accounts, banks, wallets and securities. */
export const financialWords: TopicWords = [
  [
    topics.card,
    "card cards credit debit visa mastercard amex maestro pan cc ccn ccnum ccno cardno " +
      "cardnum cardnumber creditcard creditcardnumber debitcard kreditkarte kreditkartennummer " +
      "kartennummer karte carte tarjeta cartão cartao carta creditcard kort karta kartı kart " +
      "kaart карта карты картой κάρτα κάρτας כרטיס بطاقة カード 信用卡 银行卡 卡号 카드 บัตร," +
      "american express,thẻ tín dụng,số thẻ,carte bancaire,carta di credito,cartão de crédito," +
      "tarjeta de crédito,card number,card no",
  ],
  [
    topics.cvv,
    "cvv cvv2 cvc cvc2 cid csc cav cav2 cvn cryptogramme kartenprüfnummer prüfziffer " +
      "securitycode cardcode セキュリティコード 安全码," +
      "security code,card verification,verification code,verification value,card code," +
      "código de seguridad,código de segurança,code de sécurité,codice di sicurezza",
  ],
  [
    topics.expiry,
    "exp expiry expires expiration expirydate expirationdate expdate validthru validuntil " +
      "goodthru gültig ablaufdatum expira vencimiento caducidad validade scadenza vervaldatum " +
      "有効期限 有效期 유효기간," +
      "exp date,expiry date,expiration date,valid thru,valid through,valid until,good thru," +
      "good through,expires end,gültig bis,valable jusqu,date d expiration,card expiry,son kullanma",
  ],
  [
    topics.iban,
    "iban ibans account acct accountnumber konto kontonummer bankverbindung compte cuenta rekening " +
      "rekeningnummer conto conta счет счёт hesap حساب חשבון λογαριασμός,numéro de compte,bank account",
  ],
  [
    topics.bic,
    "bic swift swiftcode biccode swiftbic bicswift,swift code,bic code,bank identifier,swift bic",
  ],
  [
    topics.usRouting,
    "routing aba rtn abartn routingnumber routingno abanumber,routing number,aba number," +
      "transit number,bank routing,routing no,routing transit,aba rtn",
  ],
  [
    topics.bankAccount,
    "account acct accountno accountnumber accountnum acctno acctnum acctnumber bankaccount konto " +
      "kontonummer kontonr compte cuenta rekening rekeningnummer conto conta счет счёт hesap " +
      "حساب חשבון λογαριασμός บัญชี 口座 口座番号 账号 账户 帐号 帳號 银行账号 계좌 계좌번호," +
      "account number,account no,bank account,checking account,savings account,numéro de compte," +
      "número de cuenta,numero di conto,número da conta,tài khoản,số tài khoản,beneficiary account",
  ],
  [topics.ukSortCode, "sortcode,sort code,sort no,sort codes"],
  [
    topics.bitcoin,
    "bitcoin btc wallet bitcoinaddress btcaddress walletaddress,bitcoin address,wallet address",
  ],
  [
    topics.ethereum,
    "ethereum eth wallet ether erc20 ethaddress ethereumaddress walletaddress,ethereum address," +
      "wallet address,eth address",
  ],
  [topics.security, "isin isins cusip cusips sedol wkn,security id,security identifier"],
];
