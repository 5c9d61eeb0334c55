import type { LexiconWords } from "../roles.ts";

export const german: LexiconWords = {
  override:
    "ignorier* vergiss vergesst vergessen missacht* verwirf verwerfe* überschreib* umgeh* übergeh* lösch* " +
    "setz_außer_kraft beachte_nicht lass_außer_acht",
  scope:
    "vorherig* bisherig* obig* früher* alle allen alles sämtliche vorangegangen* vorig* ursprünglich* vorstehend* zuvor davor bisher",
  object:
    "anweisung* regel regeln richtlinie* vorgabe* instruktion* systemprompt* systemanweisung* befehl* leitlinie* systemnachricht*",
  reveal:
    "zeig zeige zeigen verrate verrat nenne gib ausgeben wiederhol* offenbar* druck* übersetz* drucke lege_offen schreib was_ist was_sind wie_lautet wie_lauten",
  hidden:
    "versteckt* geheim* intern* system* ursprünglich* initial* anfänglich* wörtlich* vertraulich*",
  your: "dein deine deinen deiner deinem ihre ihren ihrer du",
  ai: "ki assistent* sprachmodell* kiassistent* kimodell*",
  user: "nutzer* benutzer* anwender* kunde kunden niemand* leser*",
  never: "nicht nie niemals kein keine keinen ohne",
  tell: "sag sage sagen erwähn* informier* mitteil* verrate* erzähl*",
  persona:
    "du_bist_jetzt du_bist_nun ab_jetzt_bist_du ab_sofort_bist_du spiele tu_so stell_dir_vor verhalte_dich handle_als agiere_als antworte_als",
  unlimited:
    "unzensiert* uneingeschränkt* ungefiltert* unbeschränkt* ohne_einschränkungen ohne_regeln ohne_filter ohne_grenzen ohne_beschränkungen ohne_zensur keine_regeln keine_grenzen keine_einschränkungen entwicklermodus",
  limit:
    "einschränkung* beschränkung* filter ethik ethisch* moral* grenzen zensur sicherheitsregeln sicherheitsrichtlinien",
  refuse: "weiger* verweiger* ablehn* lehne* warnhinweis* entschuldig*",
  send: "sende senden schick* weiterleit* leite hochlad* übermittl* poste maile",
  data: "gespräch* verlauf passwort passwörter zugangsdaten schlüssel kundendaten geheimnis* chatverlauf konversation",
  call: "rufe ruf führe nutze verwende",
  tool: "werkzeug* funktion* befehl* skript*",
  fresh: "neue neuen neuer ab_sofort ab_jetzt stattdessen folgende nun",
  authority: "administrator* entwickler*",
  discuss:
    "angriff* angreifer* schwachstelle* beispiel* zum_beispiel erkenn* verhinder* abwehr* erklär* schulung* seminar* forschung* studie* artikel",
  reading: "liest lesen verarbeit* zusammenfass* achtung hinweis_an falls_du wenn_du",
};

export const french: LexiconWords = {
  override:
    "ignore ignorez ignorer oublie oubliez oublier néglige négligez contourne contournez annule annulez efface effacez fais_abstraction faites_abstraction ne_tiens_pas_compte ne_tenez_pas_compte outrepasse outrepassez abandonne",
  scope:
    "précédent* antérieur* ci_dessus toutes tous tout toute avant auparavant initial* jusqu_ici",
  object: "instruction* consigne* règle* directive* prompt invite ordre ordres",
  reveal:
    "révèle révélez révéler affiche affichez montre montrez répète répétez donne donnez imprime imprimez traduis divulgue divulguez dévoile quelles_sont quel_est écris recopie",
  hidden: "système caché* secret* secrète* interne* confidentiel* initiales initial mot_pour_mot",
  your: "ton ta tes votre vos tu vous",
  ai: "ia assistant assistante modèle_de_langage modèle_d_ia",
  user: "utilisateur* utilisatrice client lecteur personne",
  never: "ne pas jamais sans aucun aucune",
  tell: "dis dites dire mentionne* informe* préviens prévenez signale* parle",
  persona:
    "agis_comme agissez_comme tu_es_maintenant vous_êtes_maintenant tu_es_désormais désormais_tu_es fais_semblant faites_semblant joue_le_rôle jouez_le_rôle à_partir_de_maintenant comporte_toi incarne",
  unlimited:
    "sans_restriction sans_restrictions sans_limites sans_limite sans_filtre sans_filtres sans_censure sans_règles non_censuré* illimité* aucune_restriction aucune_limite aucune_règle mode_développeur",
  limit: "restriction* limite* filtre* éthique* morale censure garde_fous sécurité",
  refuse: "refuse* refuser avertissement* excuse* décline*",
  send: "envoie envoyez envoyer transmets transmettez transfère* publie* téléverse*",
  data: "conversation historique mot_de_passe mots_de_passe identifiants clé clés secrets données échanges",
  call: "appelle* exécute* lance* utilise*",
  tool: "outil* fonction* commande* script",
  fresh: "nouvelle* nouveau nouveaux désormais dorénavant maintenant suivante* suivantes",
  authority: "administrateur développeur",
  discuss:
    "attaque* attaquant* vulnérabilité* exemple* détecter défendre empêcher prévenir formation recherche article explique* étude",
  reading: "lis lit lisez traite* résume* attention note_à si_tu_es si_vous_êtes",
};

export const spanish: LexiconWords = {
  override:
    "ignora ignore ignorar ignoren olvida olvide olvidar descarta descarte omite omita anula anule elude haz_caso_omiso haga_caso_omiso no_tengas_en_cuenta no_hagas_caso desestima pasa_por_alto",
  scope: "anterior* previa* previo* todas todos toda todo arriba antes precedente* inicial*",
  object:
    "instruccion* regla* directriz directrices prompt indicacion* orden órdenes norma* directiva*",
  reveal:
    "revela revele muestra muestre imprime imprima repite repita dime dame divulga traduce escribe cuáles_son cuál_es enseña enséñame muéstrame",
  hidden:
    "sistema oculta* oculto* secret* interna* interno* confidencial* inicial* original* textualmente",
  your: "tu tus su sus",
  ai: "ia asistente modelo_de_lenguaje modelo_de_ia",
  user: "usuario* cliente lector nadie",
  never: "no nunca jamás sin ningún ninguna",
  tell: "digas diga decir decirle menciones mencione informes informe informar avises cuentes comentes",
  persona:
    "actúa_como actúe_como ahora_eres a_partir_de_ahora_eres a_partir_de_ahora finge simula haz_de_cuenta imagina_que_eres compórtate interpreta",
  unlimited:
    "sin_restricciones sin_límites sin_filtros sin_filtro sin_censura sin_reglas ilimitado ninguna_restricción modo_desarrollador sin_ninguna_restricción",
  limit: "restriccion* límite* limites filtro* ética moral censura seguridad",
  refuse: "niegues negarte rechaces rechazar advertencia* disculp* negar",
  send: "envía envíe enviar reenvía manda sube publica transmite",
  data: "conversación historial contraseña* credencial* clave* datos secretos",
  call: "llama ejecuta ejecute usa utiliza",
  tool: "herramienta* función comando* script",
  fresh: "nueva* nuevo* ahora siguiente* adelante",
  authority: "administrador desarrollador",
  discuss:
    "ataque* atacante* vulnerabilidad* ejemplo* detectar defender prevenir evitar explica* formación investigación artículo curso",
  reading: "lee leyendo lees procesa* resume* atención nota_para si_eres",
};

export const portuguese: LexiconWords = {
  override:
    "ignore ignora ignorar esqueça esqueca esquece descarte desconsidere desconsidera anule contorne burle",
  scope: "anterior* prévia* prévio* todas todos tudo toda acima antes iniciais",
  object: "instruç* regra* diretriz* prompt orientaç* ordem ordens comando*",
  reveal:
    "revele revela mostre mostra imprima imprime repita repete diga me_diga me_dê traduza escreva exiba quais_são qual_é",
  hidden: "sistema oculta* oculto* ocultas secret* interna* interno* confidencia* inicia* original",
  your: "seu sua seus suas teu tua teus tuas você",
  ai: "ia assistente modelo_de_linguagem modelo_de_ia",
  user: "usuário* utilizador* cliente ninguém leitor",
  never: "não nunca jamais sem nenhum nenhuma",
  tell: "conte diga mencione informe avise contar informar mencionar",
  persona:
    "aja_como você_é_agora agora_você_é a_partir_de_agora finja atue_como simule comporte_se interprete",
  unlimited:
    "sem_restrições sem_limites sem_filtros sem_filtro sem_censura sem_regras irrestrito modo_desenvolvedor sem_nenhuma_restrição",
  limit: "restriç* limite* filtro* ética moral censura segurança",
  refuse: "recuse recusar recusa avisos aviso desculp*",
  send: "envie enviar encaminhe mande publique transmita",
  data: "conversa histórico senha* credencia* chave* dados segredos",
  call: "chame execute use utilize",
  tool: "ferramenta* função comando* script",
  fresh: "nova* novo* agora seguinte* diante",
  authority: "administrador desenvolvedor",
  discuss:
    "ataque* atacante* vulnerabilidade* exemplo* detectar defender prevenir evitar explique explica treinamento pesquisa artigo curso",
  reading: "lendo ler lê processa* resum* atenção nota_para se_você_é",
};

export const italian: LexiconWords = {
  override:
    "ignora ignorate ignorare dimentica dimenticate dimenticare trascura tralascia aggira annulla non_tenere_conto scarta",
  scope: "precedent* tutte tutti tutto tutta sopra prima inizial*",
  object: "istruzion* regol* direttiv* prompt linee_guida ordini comand* indicazion*",
  reveal:
    "rivela rivelami mostra mostrami stampa ripeti dimmi dammi traduci scrivi elenca quali_sono qual_è",
  hidden: "sistema nascost* segret* intern* riservat* inizial* original* parola_per_parola",
  your: "tuo tua tuoi tue vostre le_tue",
  ai: "ia assistente modello_linguistico modello_di_linguaggio",
  user: "utent* cliente nessuno lettore",
  never: "non mai senza nessun nessuna",
  tell: "dire dirlo menzionare informare avvisare raccontare dica",
  persona:
    "agisci_come ora_sei adesso_sei d_ora_in_poi_sei da_ora_in_poi d_ora_in_poi fingi comportati interpreta simula",
  unlimited:
    "senza_restrizioni senza_limiti senza_filtri senza_censura senza_regole illimitat* nessuna_restrizione modalità_sviluppatore senza_alcuna_restrizione",
  limit: "restrizion* limit* filtri etica etici moral* censura sicurezza",
  refuse: "rifiut* avvertenz* scus*",
  send: "invia inviate inviare inoltra manda pubblica carica",
  data: "conversazione cronologia password credenziali chiav* dati segreti",
  call: "chiama esegui usa utilizza",
  tool: "strument* funzion* script",
  fresh: "nuov* ora adesso seguent*",
  authority: "amministratore sviluppatore",
  discuss:
    "attacc* vulnerabilità esempi* rilevare difender* prevenire spiega* corso ricerca articolo",
  reading: "leggi leggendo legge elabora riassumi* attenzione nota_per se_sei",
};

export const dutch: LexiconWords = {
  override: "negeer negeren vergeet vergeten omzeil omzeilen overschrijf sla_over laat_varen",
  scope: "vorige voorgaande eerdere alle alles bovenstaande hierboven daarvoor oorspronkelijke",
  object:
    "instructie* regel regels richtlijn* prompt systeemprompt opdracht* aanwijzing* voorschrift*",
  reveal: "toon laat onthul print herhaal geef vertaal schrijf wat_is wat_zijn vertel_me",
  hidden: "systeem* verborgen geheim* intern* oorspronkelijk* vertrouwelijk* letterlijk",
  your: "je jouw uw jij",
  ai: "ai assistent taalmodel",
  user: "gebruiker* klant lezer niemand",
  never: "niet nooit geen zonder",
  tell: "vertel vertellen zeg zeggen vermeld* informeer meld",
  persona: "je_bent_nu vanaf_nu_ben_je doe_alsof gedraag_je speel_de_rol vanaf_nu stel_je_voor",
  unlimited:
    "zonder_beperkingen zonder_regels zonder_filters zonder_censuur zonder_grenzen ongefilterd* ongecensureerd* onbeperkt* geen_regels geen_beperkingen ontwikkelaarsmodus",
  limit: "beperking* filter filters ethiek ethisch* moraal grenzen censuur veiligheid*",
  refuse: "weiger* waarschuwing* excuses",
  send: "stuur stuurt verstuur doorsturen upload",
  data: "gesprek geschiedenis wachtwoord* inloggegevens sleutel* gegevens",
  call: "roep voer gebruik",
  tool: "gereedschap functie* opdracht script",
  fresh: "nieuwe nieuw voortaan volgende vanaf_nu",
  discuss:
    "aanval* aanvaller* kwetsbaar* voorbeeld* herken* voorkom* verdedig* uitleg* onderzoek* cursus",
  reading: "leest lezen verwerk* samenvat* let_op",
};

export const nordic: LexiconWords = {
  override:
    "ignorera strunta_i glöm bortse åsidosätt ignorer glem se_bort_fra tilsidesæt overse unohda ohita sivuuta jätä_huomiotta älä_välitä",
  scope:
    "tidigare föregående alla allt ovanstående ovan tidligere foregående alle alt ovenstående forrige aiemmat aiempi* edelliset edellinen edelli* kaikki kaikk* yllä*",
  object:
    "instruktion* regler reglerna riktlinj* prompt systemprompt* anvisning* instruktioner instruks* retningslinje* ohje* sään* kehot* määräy* järjestelmäkehot*",
  reveal:
    "visa avslöja skriv upprepa vis afslør avslør gentag gjenta näytä paljasta tulosta toista kerro",
  hidden:
    "system* hemlig* dold* intern* ursprunglig* hemmelig* skjult* oprindelig* järjestelm* piilo* salai* alkuperäi*",
  your: "din ditt dina dine dit sinun",
  never: "inte aldrig utan ingen ikke aldrig uden uten ingen älä ei ilman",
  tell: "berätta nämn säg informera fortæl nævn fortell kerro mainitse",
  user: "användar* bruger* bruker* käyttäjä*",
  persona:
    "du_är_nu agera_som låtsas från_och_med_nu du_er_nu lad_som_om lat_som_om esitä olet_nyt teeskentele",
  unlimited:
    "utan_begränsningar utan_regler utan_filter ocensurerad* obegränsad* uden_begrænsninger uden_regler uten_begrensninger uten_regler ilman_rajoituksia rajoittamaton sensuroimaton",
  limit: "begränsning* begrænsning* begrensning* rajoitu* etik* moral*",
  refuse: "vägra nægt* nekt* kieltäyd*",
  fresh: "nya nye uudet uusi nu nå nyt",
  discuss:
    "attack* exempel eksempel* angrep angreb hyökkäy* esimerk* skydda beskytt* förklara forklar* selitä",
};
