import type { LexiconWords } from "../roles.ts";

export const english: LexiconWords = {
  override:
    "ignore ignores ignoring ingore ignor disregard disregards disregarding forget forgetting override overrides " +
    "overriding overrule bypass bypassing circumvent discard neglect nullify set_aside pay_no_attention_to " +
    "throw_out throw_away stop_following do_not_follow don_t_follow no_longer_follow no_longer_apply " +
    "no_longer_bound not_bound_by unlearn put_aside break_free_from do_not_obey don_t_obey stop_obeying " +
    "cease_following abandon_your drop_your drop_all_previous erase_your wipe_your reset_your void_your",
  scope:
    "previous previously prior preceding above earlier before former foregoing all any every original " +
    "existing past last initial given prevous previos current whatever old entire",
  object:
    "instruction instructions instrctions insructions rule rules prompt prompts guideline guidelines " +
    "directive directives policy policies constraint constraints programming guardrails guardrail " +
    "told orders commands restrictions safeguards everything systemprompt system_message training " +
    "guidance protocols preprompt",
  reveal:
    "reveal reveals revealing print prints output outputs repeat display show leak disclose expose dump " +
    "recite echo paste reproduce list_your write_out tell_me give_me share spell_out type_out what_are " +
    "what_is what_were what_was summarize summarise translate encode quote copy return verbatim " +
    "word_for_word",
  hidden:
    "system hidden initial original secret internal confidential verbatim preamble developer starting " +
    "underlying configuration word_for_word above_this first",
  your: "your you yours ur",
  ai:
    "ai llm llms chatbot chatbots assistant assistants gpt chatgpt claude gemini copilot llama " +
    "language_model language_models ai_model ai_models the_model large_language_model agent agents bot " +
    "summarizer ai_system automated_system",
  user: "user users human humans reader customer operator",
  never: "not never don dont without no cannot refrain avoid neither",
  tell: "tell mention inform notify alert acknowledge informing telling mentioning notifying",
  persona:
    "act_as acting_as pretend roleplay role_play role_playing simulate impersonate imagine_you you_are_now " +
    "from_now_on_you you_will_now_be you_are_going_to_be play_the_role take_on_the_role " +
    "assume_the_role persona alter_ego stay_in_character respond_as answer_as your_new_name " +
    "behave_as switch_to activate enable hypothetical fictional",
  unlimited:
    "unrestricted uncensored unfiltered jailbroken jailbreak dan do_anything_now developer_mode dev_mode " +
    "god_mode sudo_mode debug_mode limitless amoral unethical unbound unchained unaligned no_limits no_rules no_restrictions " +
    "no_limitations no_filters no_filter no_boundaries no_ethics no_ethical no_moral no_morals no_guidelines no_censorship " +
    "without_restrictions without_any_restrictions without_limits without_limitations without_filters " +
    "without_rules without_censorship without_ethical without_any_ethical without_moral without_any_filters " +
    "without_boundaries anything_goes free_of_all free_from_all evil_mode opposite_mode " +
    "maintenance_mode unrestricted_mode free_of_restrictions freed_from broken_free no_safety without_safety",
  limit:
    "restriction restrictions limits limitations filter filters censorship ethics ethical moral morals " +
    "morality guardrails safeguards boundaries safety content_policy content_policies legality laws",
  refuse:
    "refuse refuses refusing decline declines disclaimer disclaimers apologize apologise warning warnings " +
    "caveats reject moralize lecture as_an_ai i_cannot i_can_t unable sorry",
  send:
    "send sends forward post upload email transmit exfiltrate exfil leak deliver submit append embed include " +
    "encode transfer wire mail fetch",
  data:
    "conversation history chat_history transcript password passwords credentials credential key keys secret " +
    "secrets token tokens contacts cookies env emails inbox messages documents api_key api_keys private_key " +
    "session personal_data payment",
  call: "call invoke execute run use trigger perform",
  tool:
    "tool tools function functions command commands shell terminal script code plugin api endpoint curl " +
    "send_email delete_file exec bash",
  fresh:
    "new updated actual real revised true now_on instead henceforth replacement following important_update " +
    "from_here_on",
  authority:
    "administrator admin developer developers root sudo creator openai anthropic owner superuser authorized " +
    "authorised security_team system_override override_code emergency",
  discuss:
    "attack attacks attacker attackers attacking injection injections jailbreaks jailbreaking vulnerability " +
    "vulnerabilities exploit exploits adversarial defend defends defending defense defence defenses detect " +
    "detects detection detector detecting mitigate mitigation mitigations prevent preventing prevention phishing " +
    "example examples e_g such_as so_called phrase phrases paper papers researcher researchers research dataset " +
    "classifier owasp red_team red_teaming training_course awareness lesson article blog study workshop explain " +
    "explains malicious attempt attempts flagged flag flags blocked block regex pattern patterns test_case " +
    "documentation docs template why_does why_do how_do how_does what_does threat guard payload payloads cve talk slides novel chapter",
  reading:
    "reading read reads processing process processes summarizing summarising summarize summarise analyzing " +
    "analysing parsing reviewing review evaluating if_you_are attention note_to important_for message_for instructions_for addressed_to",
};
