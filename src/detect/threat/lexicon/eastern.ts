import type { LexiconWords } from "../roles.ts";

export const polish: LexiconWords = {
  override: "zignoruj* ignoruj* zapomnij* pomiń pomin* odrzuć obejdź nadpisz lekceważ* nie_zważaj",
  scope: "poprzedni* wcześniejsz* wszystk* powyższ* dotychczasow* wszelki* początkow*",
  object: "instrukcj* polece* reguł* zasad* wytyczn* prompt* dyrektyw* rozkaz*",
  reveal:
    "ujawnij pokaż wypisz wyświetl powtórz podaj przetłumacz zdradź wydrukuj jaki_jest jakie_są",
  hidden: "systemow* ukryt* tajn* wewnętrzn* poufn* oryginaln* początkow* słowo_w_słowo",
  your: "twój twoj* swoj* twoje",
  ai: "ai asysten* model_językowy",
  user: "użytkownik* klient*",
  never: "nie nigdy bez żadn*",
  tell: "mów powiedz wspominaj wspomnij informuj informować zdradzaj mówić",
  persona:
    "jesteś_teraz od_teraz_jesteś udawaj zachowuj_się działaj_jako wciel_się graj od_teraz odgrywaj",
  unlimited:
    "bez_ograniczeń bez_zasad bez_filtrów bez_cenzury nieograniczon* nieocenzurowan* żadnych_ograniczeń tryb_deweloperski",
  limit: "ogranicze* filtr* etyk* etyczn* moraln* cenzur* bezpieczeństw*",
  refuse: "odmawiaj odmów odmaw* ostrzeże* przeprasz*",
  send: "wyślij prześlij przekaż wysyłaj",
  data: "rozmow* historię hasł* hasło klucz* dane poświadcze*",
  call: "wywołaj uruchom użyj wykonaj",
  tool: "narzędzi* funkcj* komend* skrypt*",
  fresh: "now* teraz od_teraz odtąd",
  discuss: "atak* przykład* wykry* zapobieg* bronić obron* wyjaśnij szkoleni* badani* artykuł*",
  reading: "czyta* przetwarza* streszcza* podsumow* uwaga jeśli_jesteś",
};

export const russian: LexiconWords = {
  override:
    "игнорируй* проигнорируй* игнорировать забудь* забудьте отбрось* обойди* отмени* пренебреги* не_обращай_внимания не_учитывай",
  scope: "предыдущ* прежн* все всё всех выше вышеуказан* ранее прошлые первоначальн* изначальн*",
  object: "инструкци* указани* правил* промпт* подсказк* директив* установк* команд* ограничени*",
  reveal:
    "покажи* раскрой* выведи* повтори* напечатай* переведи* расскажи* назови* выдай* распечатай* какие_у_тебя какой_у_тебя напиши",
  hidden: "системн* скрыт* секретн* внутренн* исходн* конфиденциальн* изначальн* дословно",
  your: "твой твои твоих твою твоё ваш ваши свой свои своих тебя у_тебя",
  ai: "ии ассистент* нейросет* языковая_модель помощник* бот",
  user: "пользовател* человек* клиент*",
  never: "не никогда без никаких ни",
  tell: "говори* сообщай* упоминай* рассказывай* сообщать уведомляй*",
  persona:
    "теперь_ты ты_теперь отныне_ты с_этого_момента притворись представь_что_ты действуй_как веди_себя сыграй играй_роль",
  unlimited:
    "без_ограничений без_правил без_цензуры без_фильтров неограниченн* никаких_ограничений режим_разработчика",
  limit: "ограничени* фильтр* этик* этическ* морал* цензур* безопасност*",
  refuse: "отказывай* отказывать предупрежден* извиня*",
  send: "отправь* перешли* отошли* пришли* загрузи*",
  data: "переписк* историю пароль пароли ключ* данные разговор*",
  call: "вызови* выполни* запусти* используй*",
  tool: "инструмент* функци* команд* скрипт*",
  fresh: "нов* теперь отныне",
  authority: "администратор* разработчик*",
  discuss:
    "атак* злоумышленник* уязвимост* пример* обнаруж* защит* предотвра* объясни* исследован* стать*",
  reading: "читаешь читающ* обрабатыва* внимание если_ты",
};

export const slavic: LexiconWords = {
  override:
    "ігноруй* проігноруй* забудь* знехтуй* ignoruj* zapomeň* zapomeňte přehlížej opomiň zaniedbaj ignorujte zanemari zaboravi игнорирай* забрави*",
  scope:
    "попередн* усі всі вище предишн* всички předchozí* všechn* výše predchádzajúc* všetk* prethodn* sve",
  object:
    "інструкці* вказівк* правила правил* підказк* инструкци* pokyn* instrukc* pravidl* inštrukci* uputstv* upute příkaz* systémov*",
  reveal:
    "покажи* розкрий* виведи* повтори* ukaž* zobraz* vypiš* zopakuj* prozraď odhal* prikaži разкрий*",
  hidden: "системн* приховат* секретн* systémov* skryt* tajn* původní* interní*",
  your: "твій твої ваші своє svůj své tvoje tvůj svoje твоите",
  never: "не ніколи без nikdy bez ne",
  tell: "кажи* повідомляй* neříkej nezmiňuj říkej informuj",
  user: "користувач* uživatel* používateľ* потребител*",
  persona: "тепер_ти ти_тепер nyní_jsi teď_jsi od_teď_jsi předstírej chovej_se",
  unlimited:
    "без_обмежень без_цензури bez_omezení bez_pravidel bez_cenzury neomezen* bez_obmedzení",
  limit: "обмежен* omezení filtr* etik*",
  discuss: "атак* приклад* útok* příklad* захист* ochran* vysvětli",
};

export const turkish: LexiconWords = {
  override:
    "yoksay* yok_say* görmezden unut unutun geçersiz göz_ardı dikkate_alma boşver ignore_et* atla",
  scope: "önceki* tüm bütün yukarıdaki* bundan_önceki* daha_önceki* her_şeyi eski ilk",
  object: "talimat* kural* yönerge* komut* prompt* istem* direktif*",
  reveal: "göster* açıkla* yazdır* tekrarla* söyle* ver paylaş* çevir* yaz nedir nelerdir",
  hidden: "sistem* gizli* iç dahili* orijinal* ilk başlangıç* kelimesi_kelimesine",
  your: "senin sana sizin talimatlarını istemini",
  ai: "yapay_zeka asistan* dil_modeli",
  user: "kullanıcı* kimse* müşteri*",
  never: "asla hiçbir olmadan sakın etme",
  tell: "söyleme* bahsetme* bildirme* haber_verme*",
  persona: "artık_sen şimdi_sen gibi_davran rolünü sen_artık bundan_sonra rol_yap",
  unlimited:
    "sınırsız* kısıtlamasız* sansürsüz* filtresiz* kısıtlama_olmadan hiçbir_kural geliştirici_modu",
  limit: "kısıtlama* filtre* etik* ahlak* sansür* sınır*",
  refuse: "reddet* uyarı* özür*",
  send: "gönder* ilet* yükle* yolla*",
  data: "konuşma* geçmiş* parola* şifre* anahtar* veri*",
  fresh: "yeni şimdi artık",
  discuss: "saldırı* saldırgan* örnek* tespit* savun* önle* eğitim* araştırma* açıklar",
};

export const greek: LexiconWords = {
  override: "αγνόησε αγνοήστε αγνόησ* ξέχασε ξεχάστε παράκαμψε παράβλεψε",
  scope: "προηγούμεν* όλες όλα όλους παραπάνω αρχικ* πριν",
  object: "οδηγί* κανόν* εντολ* κατευθύνσεις προτροπ*",
  reveal: "δείξε δείξτε αποκάλυψε αποκαλύψτε εκτύπωσε επανάλαβε πες_μου γράψε",
  hidden: "συστήματος σύστημα κρυφ* μυστικ* εσωτερικ* αρχικ*",
  your: "σου σας",
  user: "χρήστη* χρήστες",
  never: "μην μη ποτέ χωρίς δεν",
  tell: "πεις αναφέρεις ενημερώσεις πείτε",
  persona: "είσαι_τώρα τώρα_είσαι από_εδώ_και_πέρα προσποιήσου κάνε_πως φέρσου",
  unlimited: "χωρίς_περιορισμούς χωρίς_κανόνες χωρίς_φίλτρα χωρίς_λογοκρισία απεριόριστ*",
  limit: "περιορισμ* φίλτρα ηθικ* λογοκρισία",
  fresh: "νέες νέα τώρα νέους",
  discuss: "επίθεση επιθέσεις παράδειγμα άμυνα εξήγησε",
};

export const danubian: LexiconWords = {
  override:
    "ignoră ignoraţi ignorați uită uitaţi uitați nu_ține_cont hagyd_figyelmen felejtsd_el hagyja_figyelmen mellőzd felejts",
  scope:
    "anterioare anterior* toate precedente mai_sus anterioară előző* összes korábbi* fenti* minden eddigi*",
  object:
    "instrucțiun* reguli regulile directive comenzi* utasítás* szabály* irányelv* prompt* promptot parancs*",
  reveal: "arată afișează dezvăluie repetă spune_mi mutasd írd_ki fedd_fel ismételd mondd_el",
  hidden: "sistem* ascuns* secret* inițial* rendszer* rejtett* titkos* eredeti*",
  your: "tale ta tău tu a_te saját",
  user: "utilizator* felhasználó*",
  never: "nu niciodată fără ne soha nélkül",
  tell: "spune menționa informa mondd említsd",
  persona: "acum_ești de_acum_ești prefă_te te_most mostantól úgy_teszel viselkedj comportă_te",
  unlimited:
    "fără_restricții fără_limite fără_reguli fără_cenzură korlátozás_nélkül korlátok_nélkül korlátlan* szabályok_nélkül cenzúrázatlan*",
  fresh: "noi nou acum új most",
  discuss: "atac* exemplu támadás* példa* példák védekez*",
};
