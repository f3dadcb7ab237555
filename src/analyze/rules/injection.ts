// Names of programs, hosts and files. cspell:disable
import { COMMANDS } from '../languages.ts';
import type { Severity } from '../finding.ts';
import type { PatternRule } from '../rule.ts';

// Spaces stand for any white space, and the marks of emphasis, lists and quotations.
// A dot within a word, such as that of a name of a file, ends no sentence.
const phrase = (text: string): RegExp =>
  new RegExp(text.replaceAll(' ', '[\\s*_>#`\'"/-]{1,6}').replaceAll('[^.\\n]', '(?:[^.\\n]|\\.(?=[\\w/]))'), 'gi');

const OWN =
  '(?:(?:all|any|every|the|your|my|these|those|this|that|of|other|and|or|its|prior|previous|earlier|above|preceding|existing|current|original|initial|default|system|safety|security|developer|user|ethical|content|built-in|internal|usual|normal|foregoing) ){0,6}';
const RULES =
  '(?:instructions?|rules?|guidelines?|prompts?|directions?|directives?|constraints?|polic(?:y|ies)|restrictions?|safeguards?|guardrails?|safety measures?|training|programming|limitations?|commands)';
const SECRETS =
  '(?:credentials?|api keys|all api key|access keys|secrets|passwords?|ssh keys?|private keys?|environment variables?|env vars?|(?:auth|access|session|api) tokens|cookies|(?:conversation|chat|message|session|browsing|browser|shell|command) (?:history|transcript|log)s?|(?:entire|full|whole|complete) (?:conversation|chat|context|transcript)|system (?:prompt|message)|output of (?:env|printenv)|personal (?:data|information)|user data|clipboard|\\.env|~/\\.(?:ssh|aws|gnupg|kube)|id_rsa|wallets?|seed phrases?|credit cards?|keychain)';
const TO_PLACE =
  '(?:https?://|webhooks?\\b|(?:remote|external|our|my|this|the following|the attacker|attacker|c2|collection|logging|telemetry|analytics|backup|monitoring) (?:\\w{1,14} ){0,2}(?:server|endpoint|host|url|address|api|service|site|location)|[\\w.+-]{1,40}@[\\w-]{1,40}\\.[a-z]{2,8})';
const HIDE = "(?:do not|don['’]?t|never|must not|should not|avoid|without)";

const TOLD = { in: COMMANDS, isSpeech: true } as const;
const AWAY = { why: 'it has secrets or the talk with a person sent away', fix: 'remove it' } as const;
const SECRECY = {
  why: 'it tells a model to keep something from the person it works for',
  fix: 'say openly what is done, and let the person know',
} as const;

/** What is said to a model so that it works for somebody else. */
export const INJECTION: readonly PatternRule[] = [
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'critical',
    find: phrase(
      `\\b(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|set aside|throw away|erase|supersede|do not (?:follow|obey)|stop following|pay no attention to|cancel) ${OWN}(?:previous|prior|earlier|above|preceding|existing|original|initial|system|safety|security|developer|ethical|content|built-in|foregoing|your) ${OWN}${RULES}\\b`,
    ),
    weigh: (match, usual) =>
      /^(?:override|bypass|do not|cancel)[^a-z]+(?:your|the|any|existing|default|original|initial)?[^a-z]*(?:existing|default|content|security|user)?[^a-z]*(?:rules?|polic|guidelines|restrictions?|commands|constraints?)/i.test(
        match,
      )
        ? 'high'
        : usual,
    why: 'it tells a model to forget what it was told before',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:ignore|disregard|forget) (?:everything|anything|all|what) (?:(?:that|which|you|i|we|they) ){0,3}(?:(?:was|were|have|has|had|been|are|were) ){0,3}(?:said|told|know|knew|learned|taught|written|instructed|above|before|prior|previous(?:ly)?)|(?:these|the following|my|this skill['’]?s?) (?:instructions|rules|commands|directives) (?:(?:always|take|have|shall|must|will|override|supersede|absolute|highest) ){1,4}(?:precedence|priority|override|supersede|all|any|your)\\b|(?:overrides?|supersedes?|takes? (?:precedence|priority) over) ${OWN}(?:system|safety|previous|prior|developer|user['’]?s?|security) ${OWN}(?:${RULES}|settings|preferences|messages?))`,
    ),
    why: 'it tells a model to forget what it was told before',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:all|any|your|previous|prior|earlier|existing|original|these|the) ){1,4}(?:(?:system|safety|ethical|content|security|developer) ){0,2}(?:constraints?|instructions?|rules?|restrictions?|guidelines?|limitations?|safeguards?|guardrails?) (?:(?:are|is|have|has|been|now|hereby|do|does|were|all|be|should|must) ){0,3}(?:(?:now|hereby|not|no|longer|been|be) ){0,3}(?:void|null|lifted|removed|suspended|invalid|superseded|cancelled|canceled|revoked|disabled|ignored|overridden|bypassed|apply)\\b|(?:without|free of) (?:(?:any|ethical|your|the) ){0,2}(?:ethical|safety|content|moral|moderation) (?:filters?|constraints?|restrictions?|guidelines?|considerations?|limits?)`,
    ),
    weigh: (match, usual) =>
      /\b(?:void|null|longer|lifted|suspended|superseded|revoked|disabled|without|free)\b/i.test(match) &&
      /\b(?:your|all|previous|prior|ethical|safety|original|system)\b/i.test(match)
        ? usual
        : 'low',
    why: 'it tells a model that what it was told before does not hold',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:send|upload|transmit|exfiltrate|forward|post|copy|sync)(?:s|ing)? (?:(?:all|every|the|whole|entire|full|complete|contents|of|any|user['’]?s?|your|a|copy) ){1,5}(?:files?|workspace|project|repo(?:sitory)?|codebase|source code|director(?:y|ies)|folders?|documents|home|disk|contents)\\b[^.\\n]{0,60}? to [^.\\n]{0,20}?https?://`,
    ),
    weigh: (match, usual) => (/\b(?:all|every|whole|entire|full|complete)\b/i.test(match) ? usual : 'medium'),
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'smuggles_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b${SECRETS}\\b[^.\\n]{0,60}?\\b(?:include|embed|encoded?|append|insert|attach|hide|add|put)(?: (?:it|them|these|this|everything|all))? [^.\\n]{0,60}?\\b(?:hidden|invisible|base64|white text|image url|query string|metadata|markdown image|comments?|commit messages?|pull requests?|file names?|query parameters?|tracking (?:link|pixel|id)|trace id)\\b`,
    ),
    weigh: weighSending,
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      "\\b(?:ignore|disregard|override) (?:(?:the|all|any|every|what) ){0,2}(?:user|human|operator)s?(?:['’]s?)? (?:(?:requests?|instructions?|commands?|questions?|wishes|objections?)\\b|(?:says|asks|wants))",
    ),
    why: 'it tells a model to forget whom it works for',
    fix: 'say what the skill does',
  },
  {
    ...TOLD,
    id: 'plants_code',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:write|add|insert|include|inject|plant|create|embed|install) (?:(?:a|an|the|hidden|secret|small|this|some|subtle) ){1,3}(?:backdoor|malware|key ?logger|trojan|rootkit|malicious (?:code|payload|script)|reverse shell|vulnerability)\\b(?! (?:checks?|scan\\w*|detect\\w*|tests?|rules?|reports?|analysis|section|database|warning|prevention|protection|management|assessment|disclosure|findings?|list|entry|example))',
    ),
    why: 'it has a model write code that harms whoever runs it',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:do not|don['’]?t|never|must not) (?:(?:ever|under|any|circumstances) ){0,3}(?:reveal|disclose|mention|share|repeat|expose|admit|acknowledge) (?:(?:these|this skill['’]?s?|the above|the hidden|the existence of these|any of these) ){1,2}(?:hidden |secret |special |internal )?(?:instructions?|directives?|rules|commands?)\\b`,
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'new_identity',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:you are (?:now|no longer|actually) (?:(?:a|an|in|the|operating|running|bound|an?|fully|completely|by|to|entering) ){0,4}(?:DAN\\b|unrestricted|unfiltered|uncensored|jailbroken|evil|developer mode|admin(?:istrator)? mode|god mode|debug mode|maintenance mode|root mode|unlimited|restricted|bound|limited|constrained|free from|an AI without|claude|chatgpt)|(?:enter|enable|activate|switch to|switch into|engage) (?:(?:the|a|an|full|into|your) ){0,2}(?:developer|god|admin(?:istrator)?|jailbreak|unrestricted|DAN|sudo|debug override|unfiltered|maintenance override) mode|do anything now|(?:act|behave|respond|operate|pretend) (?:as if|like|as though|that) (?:you|there) (?:(?:have|had|are|were|is|has) ){1,2}(?:no|not bound by|free of|without) (?:(?:any|ethical|safety|content|such|more) ){0,3}(?:restrictions?|rules|limits|limitations|guidelines|filters|constraints|boundaries))',
    ),
    why: 'it gives a model another identity, without the limits of its own',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'switches_off_safety',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:disable|bypass|circumvent|evade|turn off|switch off|deactivate|get around|work around|defeat|subvert|ignore|suspend) ${OWN}(?:(?:safety|security|content|permission|approval|confirmation|consent|ethic(?:al|s)|sandbox(?:ing)?|guard|moderation|policy|human|oversight) ){1,2}(?:checks?|filters?|guidelines?|guardrails?|prompts?|rules?|warnings?|measures?|controls?|mechanisms?|restrictions?|protocols?|dialogs?|review|oversight|policies|protections?|features?|systems?)\\b|\\b(?:disable|turn off|switch off|stop) (?:the |any |all )?(?:firewall|anti-?virus|defender|gatekeeper|selinux|apparmor)\\b`,
    ),
    weigh: (match, usual) =>
      /(?:sandbox|confirmation|permission|approval|policy|human|content|warnings?|restrictions?)/i.test(match) &&
      !/safety|security|ethic|guard|moderation/i.test(match)
        ? 'medium'
        : usual,
    why: 'it tells a model to switch off what keeps people safe',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'acts_unasked',
    severity: 'medium',
    told: 'medium',
    find: phrase(
      "\\b(?:without (?:(?:ever|first|any|the|user|further|explicit|human|waiting|for|asking|requesting|requiring|prompting|seeking|needing|a|their) ){0,5}(?:confirmation|permission|approval|consent|asking|prompting|confirming)|(?:skip|suppress|auto-?(?:approve|accept|confirm)) (?:(?:all|any|the|every|user) ){0,3}(?:confirmations?|permissions?|approvals?|prompts?|tool calls?|commands?)|(?:never|do not|don['’]?t) (?:ask|wait|prompt|request|require|pause) (?:(?:the|for|user|any|to) ){0,4}(?:confirmation|permission|approval|consent|confirm)|--dangerously-skip-permissions|--yolo\\b|bypassPermissions|--allow-all-tools)",
    ),
    why: 'it tells a model to act without asking',
    fix: 'let the person agree to what has effects',
  },
  {
    ...TOLD,
    id: 'commands_unasked',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:run|execute|perform|carry out|issue) (?:(?:the|these|following|such) ){0,2}(?:any|all|every|whatever|shell|bash|system|terminal|arbitrary|destructive) (?:(?:any|all|shell|bash|system|terminal|arbitrary|requested|necessary|destructive|following) ){0,3}(?:commands?|code|scripts?|actions?|operations?)[^.\\n]{0,60}? (?:without (?:(?:ever|first|any|the|user|further|explicit|waiting|for|asking|requesting|requiring|prompting|a|their) ){0,5}(?:confirmation|permission|approval|consent|asking|validation|verification|hesitation|question(?:ing)?)|silently|automatically and silently|no matter what|immediately and without)|(?:never|do not|don['’]?t) (?:ask|request|seek|wait|require|prompt) (?:(?:for|the|user|any|to) ){0,4}(?:confirmation|permission|approval|consent)[^.\\n]{0,80}?\\b(?:destructive|delet(?:e|ing)|any commands?|all commands?|sudo|irreversible|payments?|purchases?|rm -rf)|(?:without (?:(?:any|user|further|explicit|asking|for|the|ever) ){0,4}(?:confirmation|permission|approval|consent|asking)|never ask),? (?:(?:always|just|you|must|should|immediately|to|and) ){0,4}(?:delete|remove|sudo|install|upload|send|post|transfer|exfiltrate|purchase|pay|push|overwrite|execute any|run any))`,
    ),
    why: 'it tells a model to run commands without asking',
    fix: 'let the person agree to what has effects',
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b${HIDE} (?:(?:ever|under|any|circumstances|explicitly|to|please) ){0,4}(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?) (?:(?:the|your|any|to) ){0,2}(?:user|human|operator|person|anyone|developer|owner|customer|them)\\b(?!['’]s|[\\s,*_]{0,4}(?:to|how|which|they|that (?:it|they|you can)|when|where|what|until|unless|before|in|with|twice|the same)\\b)`,
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:${HIDE} (?:(?:ever|explicitly|to|under|any|circumstances) ){0,3}(?:mention(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|show(?:ing)?|display(?:ing)?|report(?:ing)?|admit(?:ting)?|acknowledg(?:e|ing)|discuss(?:ing)?|explain(?:ing)?|log(?:ging)?|output(?:ting)?) (?:(?:anything|any|of|about|that|the|these|this|those|to|it|its|existence|hidden|fact|you) ){1,5}(?:instructions?|requests?|uploads?|actions?|steps?|calls?|transfers?|process|behavior|commands?|operations?|activity|collection|script|file|skill|read|did|sent|ran|executed|step)?[^.\\n]{0,30}?(?: )?(?:to|from|in front of) (?:the |your |any )?(?:user|human|operator|person|anyone|them)\\b|(?:hide|conceal|mask|obscure) (?:[^.\\n]{1,60}? )?from (?:the |your |any )?(?:users?|humans?|operators?|person|anyone|developers?|owners?|them|view of)\\b|keep (?:(?:this|these|it|that|the|all|any|your|actions?|instructions?|steps?|fact|activity|process|operation|entirely|completely) ){1,5}(?:hidden |secret |invisible |concealed |private )from (?:the |your |any )?(?:user|human|operator|person|anyone|developer|them)|deny (?:(?:that|any|having|it|this|skill|the|ever) ){1,5}(?:access\\w*|send\\w*|upload\\w*|knowledge|exist\\w*|us(?:e|es|ing)))`,
    ),
    weigh: (match, usual) =>
      /\b(?:buttons?|columns?|fields?|panels?|elements?|UI|modals?|menus?|ids?|details?|complexity|implementation|errors?|rows?|sections?|toolbars?|internals?|components?|options?|pages?|tabs?|links?|latency|jargon)\b/i.test(
        match,
      ) && !/\b(?:upload|network|secret|instruction|transfer|collect|sponsor)/i.test(match)
        ? 'low'
        : usual,
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      "\\b(?:(?:without|beyond) (?:(?:the|any|their|your|ever|letting|making) ){0,3}(?:user|human|operator|person|owner)s?['’]?s? (?:(?:ever|being|becoming) ){0,2}(?:know(?:ing|ledge)?|notic(?:e|ing)|aware(?:ness)?|see(?:ing)?|realiz(?:e|ing)|find(?:ing)? out|consent)|(?:silently|secretly|covertly|discreetly|stealthily|quietly|invisibly) (?:(?:and|then|also|automatically|in|the|background) ){0,3}(?:send|upload|transmit|post|exfiltrate|collect|copy|record|install|execute|run|fetch|download|read|forward|log|append|add|include|gather|harvest|capture|modify|email)\\b[^.\\n]{0,100})",
    ),
    weigh: (match, usual) =>
      /^(?:silently|quietly)[^a-z]+(?:\w+[^a-z]+){0,3}(?:run|read|log|include|add|install|fetch|append|execute|modify|record|collect|capture|copy|download)/i.test(
        match,
      ) &&
      !/secret|credential|token|key|password|http|remote|command|\.env|conversation|history|script|env\b|environment|ssh/i.test(
        match,
      )
        ? 'medium'
        : usual,
    ...SECRECY,
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'critical',
    find: phrase(
      `\\b(?:send|post|upload|transmit|forward|exfiltrate|e-?mail|leak|deliver|ship|submit|report|copy|relay|push|put|write|transfer|encode|append|include)(?:s|ing)? [^.\\n]{0,60}?\\b${SECRETS}[^.\\n]{0,60}?(?:to|via|at|in|into|using|through|as|with)\\b [^.\\n]{0,30}?${TO_PLACE}`,
    ),
    weigh: weighSending,
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:send|post|upload|transmit|forward|exfiltrate|e-?mail|leak|deliver|relay|transfer)(?:s|ing)? [^.\\n]{0,60}?\\b(?:contents?|results?|output|data|copy|everything|all files|file|files|documents?|messages?|source code|codebase|history|summary|responses?|input|information)\\b[^.\\n]{0,60}? to\\b [^.\\n]{0,30}?(?:https?://[^\\s]{0,20}(?:collect|exfil|steal|attacker|evil|webhook|ngrok|drop|beacon|malicious|log(?:ger)?\\b)|(?:attacker|evil|exfil|malicious)[\\w.-]{0,30}|(?:webhook\\.site|requestbin|pipedream|ngrok)|[\\w.+-]{1,40}@(?!example\\.|company\\.)[\\w-]{1,40}\\.[a-z]{2,8})`,
    ),
    weigh: (match, usual) =>
      /@/.test(match) && !/content|all files|everything|history|source|code|copy of (?:each|every|all)/i.test(match)
        ? 'medium'
        : usual,
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b${SECRETS}\\b[^.\\n]{0,60}?\\b(?:send|post|upload|transmit|forward|sync|submit|exfiltrate|e-?mail|relay)(?: (?:it|them|these|this|everything|all|that|a copy|the (?:results?|data|contents?|values?)))? to [^.\\n]{0,30}?${TO_PLACE}`,
    ),
    weigh: weighSending,
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'takes_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:collect|harvest|steal|exfiltrate|extract|gather|scrape|dump|grab|search for and (?:collect|copy|read)|look for and (?:collect|copy|read)) (?:(?:all|any|every|the|user|users|their|your|available|stored|saved|local|sensitive|found|and|of|from) ){0,5}(?:credentials?|api keys?|access keys?|secrets|passwords?|ssh keys?|private keys?|(?:auth|access|session) tokens?|cookies|seed phrases?|wallets?)\\b|(?:reveal|output|print|repeat|show|display|return|leak|dump|disclose) (?:(?:me|your|the|full|entire|complete|exact|original|hidden|contents|of|all|verbatim) ){1,5}(?:system prompt|system message|developer message|hidden instructions|initial instructions|system instructions))`,
    ),
    weigh: (match, usual) =>
      /^(?:extract|gather|collect|dump|grab|scrape|show|display|print|return|output)/i.test(match) &&
      !/\b(?:all|any|every|users?|their|stored|saved|sensitive|found|passwords?|ssh|private|cookies|prompt|message|instructions|seed|wallets?)\b/i.test(
        match,
      )
        ? 'medium'
        : usual,
    why: 'it has a model gather secrets',
    fix: 'ask for what is needed as secrets_access, by name',
  },
  {
    ...TOLD,
    id: 'pastes_credentials',
    severity: 'medium',
    told: 'high',
    find: phrase(
      '\\b(?:ask|prompt|request|instruct|tell|require|convince) (?:(?:the|your|a|for) ){0,2}(?:user|human|person|operator|them)s? [^.\\n]{0,60}?(?:password|private key|seed phrase|recovery phrase|mnemonic|credit card|social security|ssh key|2fa code|one-time code|bank)s?\\b[^.\\n]{0,100}?(?:send|post|upload|submit|forward|https?://|transmit|store it|save it to|paste)',
    ),
    why: 'a person is led to hand over a password or key',
    fix: 'let the person enter it where it belongs',
  },
  {
    ...TOLD,
    id: 'obeys_remote',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:fetch|download|retrieve|load|curl|wget|pull|get|read|visit|open|access|check|query|poll|request)(?:es|s)? [^\\n]{0,100}?(?:https?://[^\\s)]{3,160}|\\b(?:url|remote (?:server|file|config(?:uration)?)|web ?page|gist|pastebin|endpoint)\\b)[^\\n]{0,120}?\\b(?:follow|obey|execute|carry out|comply with|act on|apply|treat|adopt|do)\\b (?:(?:and|any|all|the|its|every|exactly|whatever|those|them|these|it|what|further|additional|new|latest|embedded|resulting|returned|contained|given|downloaded|step|by|its|contents?|response|as|your|with|full|trust|authority) ){1,6}(?:instructions?|commands?|directives?|orders?|steps?|says?|tells?|code|prompts?)\\b',
    ),
    unless: /install(?:ation|er|ing)?\s+(?:instructions|guide|steps)|set-?up (?:instructions|guide|steps)/i,
    weigh: (match, usual) =>
      /^(?:visit|open|read|check|access|get|request|load|pull)/i.test(match) &&
      !/execute|obey|exactly|all|any|whatever|carry out|comply|http:\/\/|\d{1,3}(?:\.\d{1,3}){3}/i.test(match)
        ? 'medium'
        : usual,
    why: 'what a model does next is decided by whoever holds an address',
    fix: 'ship the instructions with the skill',
  },
  {
    ...TOLD,
    id: 'obeys_content',
    severity: 'medium',
    told: 'high',
    find: phrase(
      '\\b(?:follow|obey|execute|carry out|comply with|act (?:up)?on) (?:(?:any|all|every|the|whatever) ){1,2}(?:(?:and|embedded|hidden|contained|further|additional|new|it|instructions?|commands?|directives?|code|scripts?|steps) ){0,5}(?:instructions?|commands?|directives?|code blocks?|code|scripts?|it) (?:(?:that|which|you|are|is|it|they) ){0,3}(?:found|embedded|contained|containe?s?|included|find|see|encounter|written|appear(?:ing)?|discovered|in (?:the )?(?:web ?pages?|e-?mails?|external|fetched|downloaded|retrieved|remote|comments|third-party|untrusted|user-provided|documents?|files? you))\\b',
    ),
    why: 'a model is told to obey whatever it reads',
    fix: 'treat what is read as data',
  },
  {
    ...TOLD,
    id: 'speaks_as_system',
    severity: 'medium',
    told: 'high',
    find: /\[\s{0,2}(?:SYSTEM|ADMIN|DEVELOPER|ROOT)(?:[ _-](?:MESSAGE|OVERRIDE|PROMPT|NOTE|NOTICE|UPDATE|INSTRUCTIONS?|COMMAND|ALERT)){0,2}\s{0,2}[\]:]|\b(?:SYSTEM|ADMIN(?:ISTRATOR)?|DEVELOPER|SECURITY)[ _](?:OVERRIDE|PROMPT INJECTION)\b|<<\s?SYS\s?>>|<\|(?:im_start|system|start_header_id|endoftext)\|>\s{0,3}(?:system|user|assistant|developer)?|<\/?(?:system|system[-_](?:prompt|message|instructions?|override)|developer|admin)>\s{0,5}[A-Za-z\n]|^\s{0,8}#{2,4} ?(?:System|Instruction) ?:\s|\[\/?INST\]|\{\{#(?:system|assistant)~?\}\}/gm,
    weigh: (match, usual) => (/^<\/?system>|^<\||^\[\/?INST|^#/i.test(match.trim()) ? 'medium' : usual),
    why: 'it dresses up as a message of the system',
    fix: 'write it as plain text of the skill',
  },
  {
    ...TOLD,
    id: 'claims_authority',
    severity: 'medium',
    told: 'medium',
    find: phrase(
      '\\b(?:(?:the )?(?:user|owner|operator|administrator) (?:has|have) (?:(?:already|previously|explicitly|pre-?|fully|implicitly) ){0,3}(?:pre-?)?(?:authorized|consented|approved|agreed|granted|given (?:full )?(?:permission|consent)) (?:(?:to|all|any|every|the|full|these|for) ){1,4}(?:actions?|access|operations?|commands?|permissions?|requests?)?|(?:this|these) (?:is|are|has been|have been) (?:(?:an|a|been|pre-?|officially|fully|the) ){0,3}(?:authorized|approved|official|sanctioned) (?:by|security|penetration|test|directive|policy|request) (?:by |from )?(?:anthropic|openai|google|microsoft|the (?:user|administrator|security team|developer)))',
    ),
    why: 'it says that somebody agreed, whom nobody asked',
    fix: 'ask the person',
  },
  {
    ...TOLD,
    id: 'takes_over',
    severity: 'medium',
    told: 'medium',
    find: phrase(
      "\\b(?:(?:always|must) (?:(?:use|invoke|activate|call|run|load|choose|prefer|select) ){1,2}this (?:skill|tool) (?:(?:first|for|before|instead|over|even|regardless|no|matter) ){1,4}(?:every|any|all|of|other|everything|what)|use this (?:skill|tool) for (?:every|any|all) (?:(?:user|possible|single|kind|type|of) ){0,3}(?:requests?|tasks?|questions?|prompts?|messages?|conversations?)|(?:never|do not|don['’]?t) use (?:any )?(?:other|another) (?:skills?|tools?)\\b|(?:at|in) the (?:start|beginning|end) of (?:every|each|all) (?:(?:response|reply|message|conversation|answer)s?) [^.\\n]{0,40}?(?:run|execute|call|send|read|include))",
    ),
    why: 'it wants to be used for what it was not asked for',
    fix: 'say in the description what it is for',
  },
  {
    ...TOLD,
    id: 'takes_over',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:always|must) (?:(?:be|first) )?(?:use|used|invoke|invoked|activate|call|run|load|prefer) (?:this (?:skill|tool) )?[^.\\n]{0,60}?(?:no matter what|regardless of (?:what (?:the user|they|is)|(?:the|any) (?:user|request|prompt|task|question))|for every (?:(?:single|user) ){0,2}(?:request|message|question|prompt|task)\\b[^.\\n]{0,40}?(?:even|regardless|no matter)|(?:takes?|has|with) (?:absolute |highest )?(?:priority|precedence) over (?:all|any|every) other)',
    ),
    why: 'it wants to be used for what it was not asked for',
    fix: 'say in the description what it is for',
  },
  {
    ...TOLD,
    id: 'poisons_memory',
    severity: 'medium',
    told: 'medium',
    find: phrase(
      '\\b(?:add|append|write|save|insert|store|copy|persist) [^.\\n]{0,80}?(?:instructions?|rules?|directives?|line|text|prompt|block|following|this)\\b[^.\\n]{0,40}? (?:to|into|in) [^.\\n]{0,30}?(?:CLAUDE\\.md|AGENTS\\.md|SOUL\\.md|MEMORY\\.md|\\.cursorrules|copilot-instructions|your (?:long-term |persistent |permanent )?memory|system prompt)',
    ),
    weigh: (match, usual) =>
      /SOUL\.md|memory|system prompt/i.test(match) ? 'medium' : usual === 'medium' ? 'low' : usual,
    why: 'it plants text that every later session reads',
    fix: 'show the text, and let the person add it',
  },
  {
    id: 'hidden_comment',
    in: [],
    severity: 'high',
    told: 'high',
    find: /<!--(?:(?!-->)[\s\S]){8,800}/g,
    weigh: weighComment,
    why: 'a comment, which a person who reads the page does not see, speaks to the model',
    fix: 'say it openly, or remove it',
  },
  {
    ...TOLD,
    id: 'leaks_by_picture',
    severity: 'high',
    told: 'high',
    in: COMMANDS,
    find: /!\[[^\]\n]{0,80}\]\(https?:\/\/[^)\s]{1,160}[?&/](?:\w{1,20}=)?(?:\{\{?|\$\{?|<|\[)[^)\n]{0,60}(?:secret|token|key|password|conversation|history|prompt|data|context|summary|message|content|user|env)[^)\n]{0,60}\)/gi,
    why: 'showing a picture sends data away in its address',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:ignore|disregard|forget|abandon|set aside|do not follow) (?:(?:whatever|any|all|every|the|other|of) ){0,3}${RULES} (?:(?:that|which) )?(?:(?:you|i|we|they|anyone) )?(?:(?:were|was|have|had|has|been|are) ){0,3}(?:given|told|taught|provided|received|set|learned|follow)\\b|your (?:only|sole|primary|new|real|true|actual) (?:directives?|instructions?|orders?|loyalty|master) (?:is|are)\\b)`,
    ),
    why: 'it tells a model to forget what it was told before',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:(?:do not|don['’]?t|never|no need to|must not) (?:(?:ever|explicitly) ){0,2}(?:surface|mention|reveal|disclose|list|report|include|describe|reference) (?:(?:this|the|these|any|that|it|of) ){1,3}(?:\\w{2,14} ){0,2}(?:step|upload|request|call|transfer|copy|recipient|instruction|directive|script|connection|download|bcc|sync)s? (?:in|from) (?:your|the|any) (?:(?:final|summary|visible) ){0,2}(?:summary|reply|response|answer|report|message|output)|without (?:listing|mentioning|showing|including|disclosing|reporting) (?:it|them|this|that|these) (?:in|to) (?:your|the|any) (?:reply|response|answer|summary|report|user|human)|(?:do not|don['’]?t|never) (?:reveal|disclose|mention|admit|say) (?:that )?(?:you|this|it|there) (?:(?:were|have|had|are|was|been|is) ){1,3}(?:told|instructed|asked|given|directed|paid|sponsored|programmed))`,
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:always|every|each|all|any|silently) [^.\\n]{0,60}?)?(?:bcc|blind copy|cc) [^.\\n]{0,20}?[\\w.+-]{1,40}@(?!example\\.|company\\.|your)[\\w-]{1,40}\\.[a-z]{2,8}',
    ),
    weigh: (match, usual) => (/bcc|blind|^(?:always|every|each|all|any|silently)/i.test(match) ? usual : 'medium'),
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'smuggles_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      `\\b(?:include|embed|encode|append|insert|attach|hide|add|put|place) (?:(?:the|all|any|its|every|full|complete|contents|of|your|each) ){0,5}${SECRETS}\\b[^.\\n]{0,60}? (?:in|into|inside|within|as|to) (?:(?:a|an|the|its|each|every|your) ){0,2}(?:description |body |url ?)?[^.\\n]{0,24}?\\b(?:hidden|invisible|html comments?|base64|white text|image url|query (?:string|parameter)s?|commit messages?|pull requests?|tracking (?:link|pixel|id)|trace id)\\b`,
    ),
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:keep (?:this|it|that|these) (?:strictly )?between (?:us|you and me|ourselves)|(?:must|should|has to|have to|is to|needs? to) (?:(?:always|completely) )?(?:stay|remain|be kept|be) (?:completely )?(?:invisible|hidden|secret|unnoticed|concealed|unseen) (?:for|to|from|by) (?:the |your )?(?:user|person|human|operator|owner|customer))',
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:safety|content|security|usage|moderation) (?:polic(?:y|ies)|guidelines|filters|rules|restrictions|guardrails) (?:(?:is|are|has|have|been|were|now|hereby|fully) ){1,4}(?:suspended|disabled|lifted|void|waived|removed|switched off|turned off|no longer in effect)',
    ),
    why: 'it tells a model that what it was told before does not hold',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'speaks_as_system',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:treat|regard|consider|interpret|handle) [^.\\n]{0,60}? as (?:(?:if|though|it|they|coming|came|come|originating|sent|written|issued|being) ){1,4}(?:from|by) (?:the |your )?(?:developers?|system|operator|administrator|platform|anthropic|openai|vendor)\\b|new system prompt ?:)',
    ),
    why: 'it dresses up as a message of the system',
    fix: 'write it as plain text of the skill',
  },
  {
    ...TOLD,
    id: 'acts_unasked',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:pretend|assume|act as if|presume) (?:that )?the (?:user|person|human|operator) (?:(?:has|have|had|already) ){1,3}(?:confirmed|agreed|approved|consented|accepted|authorized)|(?:answer|reply|respond|say|type|enter|press) (?:yes|y) to (?:every|all|any|each) (?:(?:confirmation|permission|security|such) )?(?:prompt|question|dialog|confirmation|request)s? [^.\\n]{0,40}?(?:behalf|for the user|for them|yourself))',
    ),
    why: 'it tells a model to act without asking',
    fix: 'let the person agree to what has effects',
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:obey|follow|trust|heed) only (?:this|these|the following|what this) (?:document|file|skill|text|page|instructions|rules|section)|(?:everything|anything|all|whatever) (?:that )?(?:your|the) (?:operator|developers?|user|system|platform|vendor)s? (?:(?:has|have|had|ever) ){0,2}(?:said|told|wrote|written|instructed)(?: you)? (?:is|was|are) (?:outdated|wrong|void|invalid|obsolete|superseded|irrelevant))',
    ),
    why: 'it tells a model to forget what it was told before',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:if|when|should) (?:(?:you|anyone|anybody|somebody|the user|they|are|is|someone) ){0,3}(?:asks?|asked|questioned|confronted)\\b[^.\\n]{0,60}?\\b(?:lie|deny|(?:claim|say|pretend|answer|insist) (?:that )?(?:you|it|this|nothing) (?:(?:only|just|never|did|was|were|have|has|not) ){1,3})',
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'commands_unasked',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:complete|make|place|finish|submit|authorize) (?:(?:any|all|the|a) ){0,2}(?:purchase|payment|order|transfer|transaction|checkout|trade)s?|(?:buy|pay|purchase|transfer|approve|merge)\\b[^.\\n]{0,60}?) without (?:(?:any|a|the|further|user|ever|first|waiting|for) ){0,3}(?:asking|confirmation|approval|permission|consent|review|reviewing)',
    ),
    why: 'it tells a model to act without asking',
    fix: 'let the person agree to what has effects',
  },
  {
    ...TOLD,
    id: 'takes_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:store|save|record|log|write|note|keep|remember|copy|collect) (?:(?:all|any|every|each|the) ){1,2}(?:api keys?|access keys?|credentials?|passwords?|secrets?|tokens?|private keys?|cookies) (?:that|which)? ?(?:you|it|the user|are|is) (?:see|find|encounter|come across|types?|enters?|found|seen|meet|read)',
    ),
    why: 'it has a model gather secrets',
    fix: 'ask for what is needed as secrets_access, by name',
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: /https?:\/\/[^\s)]{3,120}[?&][\w-]{1,20}=["']?[<{[$(]{1,3}[^>}\])\n]{0,60}\b(?:everything|conversation|chat|history|all messages|what the user|user(?:'s)? (?:message|input|prompt)|context|system prompt|typed|clipboard|environment)\b/gi,
  },
  {
    ...TOLD,
    id: 'overrides_instructions',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:all |the |everything )?(?:prior|previous|above|preceding|earlier) (?:context|text|instructions?|content|messages?|prompts?|conversation) (?:is|was|are|were) (?:(?:only|just|all|a|an|merely) ){0,2}(?:test|example|fake|decoy|distraction|joke|simulation|placeholder|invalid|expired|obsolete)s?\\b',
    ),
    why: 'it tells a model that what it was told before does not hold',
    fix: 'say what the skill does, and nothing about other instructions',
  },
  {
    ...TOLD,
    id: 'new_identity',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:act|behave|respond|pose|speak|answer|operate) as (?:(?:a|an|the|your) ){1,2}(?:\\w{1,14} ){0,2}?(?:unfiltered|unrestricted|uncensored|amoral|jailbroken|unaligned|unmoderated|lawless)\\b',
    ),
    why: 'it gives a model another identity, without the limits of its own',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'keeps_secret',
    severity: 'high',
    told: 'high',
    find: phrase(
      "\\b(?:(?:never|do not|don['’]?t) (?:warn|caution|alert) (?:(?:the|anyone|user|them|about|of|any|possible|potential) ){1,4}(?:risks?|dangers?|consequences)|never mention that (?:(?:a|the|any|some|files?|data|it|you|they|secrets?) ){1,3}(?:(?:was|were|has|have|been|is|are) ){1,2}(?:deleted|removed|sent|uploaded|changed|read|copied|stored|shared)|(?:should|if|when) (?:the )?(?:user|person|human|operator) (?:questions?|asks?|notices?|complains?|objects?|wonders?)\\b[^.\\n]{0,60}?(?:tell|say|claim|explain|reassure|answer) [^.\\n]{0,30}?(?:it|this|that|everything) (?:is|was) (?:(?:just|only|a|an|the|part|of|completely) ){0,4}(?:standard|normal|routine|required|harmless|safe|expected|ordinary))",
    ),
    ...SECRECY,
  },
  {
    ...TOLD,
    id: 'speaks_as_system',
    severity: 'high',
    told: 'high',
    find: /<(?:system|admin|developer)>\s{0,5}[^<\n]{0,80}\b(?:override|ignore|disclose|reveal|obey|disregard|bypass|new instructions)\b/gi,
    why: 'it dresses up as a message of the system',
    fix: 'write it as plain text of the skill',
  },
  {
    id: 'hidden_comment',
    in: [],
    severity: 'high',
    told: 'high',
    find: /^\s{0,3}\[[^\]\n]{1,20}\]:\s{0,3}(?:#|<>)\s{0,3}[("'][^\n]{8,400}/gm,
    weigh: weighComment,
    why: 'a comment, which a person who reads the page does not see, speaks to the model',
    fix: 'say it openly, or remove it',
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:attach|include|add|send|append|forward|copy|post|upload)(?:s|ing)? (?:(?:the|all|a|copy|of) ){0,3}(?:whole|entire|full|complete|last|recent|previous|all|every) (?:\\w{2,10} )?(?:conversation|chat|dialogue|messages|history|transcript)s?\\b[^.\\n]{0,60}? (?:to|with|in|into) [^.\\n]{0,40}?https?://',
    ),
  },
  {
    ...TOLD,
    id: 'switches_off_safety',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:never refuse(?:[.,;!]| (?:any|a|the|to answer|to comply|to help|what|anything))|(?:use|call|invoke) [^.\\n]{0,40}?(?:not in|outside|beyond|other than|regardless of) (?:the |your )?allowed(?:-|_| )tools)',
    ),
    why: 'it tells a model to switch off what keeps people safe',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'new_identity',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:work|operate|stay|remain|run|function) in (?:the )?(?:developer|god|admin(?:istrator)?|jailbreak|unrestricted|unfiltered|maintenance) mode\\b',
    ),
    why: 'it gives a model another identity, without the limits of its own',
    fix: 'remove it',
  },
  {
    ...TOLD,
    ...AWAY,
    id: 'sends_secrets',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:every|each|all|any) (?:files?|messages?|documents?|prompts?|answers?|e-?mails?|responses?) (?:(?:that|which) )?(?:(?:you|the user|it|they) )?(?:opens?|reads?|sends?|writes?|receives?|types?|gets?|sees?|edits?)[^.\\n]{0,40}?\\b(?:post|send|upload|forward|copy|mail)s? [^.\\n]{0,40}?to [^.\\n]{0,20}?https?://',
    ),
  },
  {
    ...TOLD,
    id: 'spreads',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:install|copy|add|replicate|write|plant|spread) (?:this (?:skill|file|text|instruction|prompt|message)|itself|yourself|these instructions) (?:in|into|to|across) (?:(?:every|all|each|any|other|the) ){1,2}(?:(?:other|user|open|found|known|local) ){0,2}(?:projects?|repos(?:itory|itories)?|folders?|director(?:y|ies)|machines?|skills?|contacts?|files?|agents?|workspaces?|hosts?)|(?:uninstall|remove|disable|delete|turn off|switch off) (?:all|any|every) (?:the )?(?:other|competing|rival) (?:skills?|tools?|plugins?|agents?))',
    ),
    why: 'it spreads, or puts others out of the way',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'redirects',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:change|replace|set|swap|redirect|rewrite|substitute|switch) (?:(?:the|any|every|all|each|their|its) ){0,2}(?:recipient|payee|beneficiary|destination|wallet|bank|account|iban|phone|payment|deposit|withdrawal)s?(?: (?:address|number|account|field|wallet|details))?(?:es|s)? [^.\\n]{0,30}?(?:to|with|by) [^.\\n]{0,12}?(?:\\+?\\d[\\d\\-]{7,18}\\d|0x[0-9a-f]{8,}|bc1[a-z0-9]{8,}|[A-Z]{2}\\d{2}[A-Z0-9]{10,30}|[\\w.+-]{1,40}@(?!example\\.)[\\w-]{1,40}\\.[a-z]{2,8})',
    ),
    why: 'what a person sends goes to somebody else',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'switches_off_safety',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:if|when(?:ever)?|should) [^.\\n]{0,60}?(?:is|are|gets?|was|be|becomes?) (?:blocked|denied|refused|rejected|forbidden|not permitted|disallowed)\\b(?![^.\\n]{0,60}\\b(?:ask|tell|let|suggest|warn|inform)\\b)[^.\\n]{0,60}?\\b(?:(?:with|via|using) sudo|(?:disable|bypass|turn off|leave|escape) (?:the )?(?:sandbox|policy|restrictions?|check|guard|hook)|(?:another|a different|some other) way (?:around|past|to bypass)|work ?around (?:the|this) (?:block|denial|restriction|policy|refusal))',
    ),
    why: 'it tells a model to go on where it was stopped',
    fix: 'say what is needed, and let the person allow it',
  },
  {
    ...TOLD,
    id: 'pastes_credentials',
    severity: 'medium',
    told: 'high',
    find: phrase(
      '\\b(?:ask|prompt|request|tell|require|have|get) (?:(?:for|the|your) ){0,2}(?:user|human|person|operator|them|customer)s? (?:(?:for|to|enter|provide|give|share|paste|type|tell|you|me|us) ){1,4}(?:(?:their|his|her|the|a|your) ){0,2}(?:(?:github|google|gmail|bank|email|e-mail|account|apple|icloud|microsoft|aws|master|login|wallet|ssh) passwords?|2fa (?:code|token)s?|one-time (?:code|password)s?|otp codes?|verification codes?|seed phrases?|recovery phrases?|private keys?|credit card numbers?|card numbers?|cvv|social security numbers?|pin codes?)\\b',
    ),
    why: 'a person is led to hand over a password or key',
    fix: 'let the person enter it where it belongs',
  },
  {
    ...TOLD,
    id: 'claims_authority',
    severity: 'medium',
    told: 'high',
    find: phrase(
      '\\b(?:(?:skip|no need (?:for|to run)|do not (?:run|perform|do)|disable|without) (?:(?:any|the|a|further|all) ){0,2}(?:scan|scans|scanning|security (?:review|scan|check|audit)s?|malware scan|vetting|code review|analysis) (?:of|on|for) (?:(?:this|the) skill|it)\\b|(?:this skill|this tool|it) (?:is|was|has been) (?:(?:already|fully|officially|pre-?) ){0,2}(?:certified|verified|vetted|audited|approved|whitelisted|allowlisted) (?:(?:as|safe|to be|secure|and|trusted) ){0,4}by (?:the )?(?:(?:security|safety|trust) (?:team|department)|anthropic|openai|google|microsoft|administrators?|admin))',
    ),
    why: 'it says that somebody looked at it, which nobody can check',
    fix: 'remove it: a signature says who vouches for a skill',
  },
  {
    id: 'widens_agent',
    in: COMMANDS,
    isSpeech: true,
    severity: 'high',
    told: 'high',
    find: /["']allow["']\s{0,3}:\s{0,3}\[\s{0,8}["'](?:\*|Bash|Bash\(\*(?::\*)?\)|mcp__\*)["']|\bdangerously[-_]?[Ss]kip[-_]?[Pp]ermissions["']?\s{0,3}[:=]\s{0,3}true|["']?(?:autoApprove|alwaysAllow)["']?\s{0,3}[:=]\s{0,3}(?:true|\[\s{0,4}["']\*)|["']defaultMode["']\s{0,3}:\s{0,3}["']bypassPermissions|\bchat\.tools\.autoApprove["']?\s{0,3}:\s{0,3}true/g,
    why: 'it has an agent allow everything, for every later task',
    fix: 'name the commands that are needed, and let the person allow them',
  },
  {
    id: 'hidden_comment',
    in: [],
    severity: 'high',
    told: 'high',
    find: /<(?:span|div|p|font|section|small|td)\b[^>\n]{0,120}(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}[01](?:px|pt|em)?\s{0,3}[;"']|opacity\s{0,3}:\s{0,3}0\s{0,3}[;"']|color\s{0,3}[:=]\s{0,3}["']?(?:white|#fff(?:fff)?|transparent)\b|\bhidden\b)[^>\n]{0,120}>[^<]{8,800}/gi,
    weigh: weighHidden,
    why: 'a text that a person who reads the page does not see speaks to the model',
    fix: 'say it openly, or remove it',
  },
];

/** Sending one's own key to the service it is for is ordinary. */
function weighSending(match: string, usual: Severity): Severity {
  if (
    /\b(?:header|authorization|bearer|oauth|log ?in|sign ?in|authenticat|encrypt|keyring|secret manager|vault)\b/i.test(
      match,
    )
  )
    return 'low';
  if (/^(?:put|write|copy|push|report|include|append|submit|encode|post)/i.test(match) && !/https?:|@/.test(match))
    return 'medium';
  return usual;
}

/** What is written for people who edit the page is ordinary. */
function weighComment(match: string): Severity | undefined {
  if (
    /\bcopyright\b|licensed under|SPDX/i.test(match) &&
    !/\bcurl\b|\bsecrets?\b|credential|the user|instructions/i.test(match)
  )
    return undefined;
  if (!/\b(?:AI|LLMs?|assistants?|agents?|claude|gpt|copilot|models?|you|your)\b/i.test(match))
    return RISKY.test(match) && ORDERS.test(match) ? 'medium' : undefined;
  if (RISKY.test(match) && ORDERS.test(match)) return 'high';
  return /\b(?:you|AI|assistant|claude|agent) (?:must|should|shall|will|have to|are)\b/i.test(match)
    ? 'medium'
    : undefined;
}

/** As a comment; what only looks like a page that hides a part of itself is ordinary. */
function weighHidden(match: string): Severity | undefined {
  return weighComment(match.replace(/^<[^>]*>/, ''));
}

const ORDERS =
  /\b(?:must|always|never|ignore|disregard|run|execute|send|post|upload|read|fetch|include|append|add|call|use|do not|don['’]t|override|bypass|reveal|print|output|install|before|instead|secretly|silently|forward|exfiltrate)\b/i;
const RISKY =
  /https?:\/\/|\bcurl\b|\bwget\b|\b(?:credentials?|secrets?|api keys?|tokens?|passwords?|private key|environment variables?|system prompt|previous instructions|safety|guidelines|the user|confirmation|permission|override|instructions? (?:above|below)|hidden|exfiltrat\w*|conversation|sudo|rm -rf|\.env|~\/\.|admin|base64|eval)\b|~\/\./i;
