// Names of programs, hosts and files. cspell:disable
import type { Severity } from '../finding.ts';
import type { PatternRule } from '../rule.ts';
import { phrase, SECRETS, TO_PLACE, TOLD } from './phrase.ts';

export const SENDS_SECRETS = {
  ...TOLD,
  id: 'sends_secrets',
  severity: 'high',
  told: 'high',
  why: 'it has secrets or the talk with a person sent away',
  fix: 'remove it',
} as const;

const SMUGGLES = {
  ...TOLD,
  id: 'smuggles_secrets',
  severity: 'high',
  told: 'high',
  why: 'it has secrets or the talk with a person sent away',
  fix: 'remove it',
} as const;

const TAKES_SECRETS = {
  ...TOLD,
  id: 'takes_secrets',
  severity: 'high',
  told: 'high',
  why: 'it has a model gather secrets',
  fix: 'ask for what is needed as secrets_access, by name',
} as const;

const PASTES = {
  ...TOLD,
  id: 'pastes_credentials',
  severity: 'medium',
  told: 'high',
  why: 'a person is led to hand over a password or key',
  fix: 'let the person enter it where it belongs',
} as const;

/** What has a model take secrets, or give them away. */
export const GIVE_AWAY: readonly PatternRule[] = [
  {
    ...SENDS_SECRETS,
    find: phrase(
      `\\b(?:send|upload|transmit|exfiltrate|forward|post|copy|sync)(?:s|ing)? (?:(?:all|every|the|whole|entire|full|complete|contents|of|any|user['’]?s?|your|a|copy) ){1,5}(?:files?|workspace|project|repo(?:sitory)?|codebase|source code|director(?:y|ies)|folders?|documents|home|disk|contents)\\b[^.\\n]{0,60}? to [^.\\n]{0,20}?https?://`,
    ),
    weigh: (match, usual) => (/\b(?:all|every|whole|entire|full|complete)\b/i.test(match) ? usual : 'medium'),
  },
  {
    ...SENDS_SECRETS,
    told: 'critical',
    find: phrase(
      `\\b(?:send|post|upload|transmit|forward|exfiltrate|e-?mail|leak|deliver|ship|submit|report|copy|relay|push|put|write|transfer|encode|append|include)(?:s|ing)? [^.\\n]{0,60}?\\b${SECRETS}[^.\\n]{0,60}?(?:to|via|at|in|into|using|through|as|with)\\b [^.\\n]{0,30}?${TO_PLACE}`,
    ),
    weigh: weighSending,
  },
  {
    ...SENDS_SECRETS,
    find: phrase(
      `\\b(?:send|post|upload|transmit|forward|exfiltrate|e-?mail|leak|deliver|relay|transfer)(?:s|ing)? [^.\\n]{0,60}?\\b(?:contents?|results?|output|data|copy|everything|all files|file|files|documents?|messages?|source code|codebase|history|summary|responses?|input|information)\\b[^.\\n]{0,60}? to\\b [^.\\n]{0,30}?(?:https?://[^\\s]{0,20}(?:collect|exfil|steal|attacker|evil|webhook|ngrok|drop|beacon|malicious|log(?:ger)?\\b)|(?:attacker|evil|exfil|malicious)[\\w.-]{0,30}|(?:webhook\\.site|requestbin|pipedream|ngrok)|[\\w.+-]{1,40}@(?!example\\.|company\\.)[\\w-]{1,40}\\.[a-z]{2,8})`,
    ),
    weigh: (match, usual) =>
      /@/.test(match) && !/content|all files|everything|history|source|code|copy of (?:each|every|all)/i.test(match)
        ? 'medium'
        : usual,
  },
  {
    ...SENDS_SECRETS,
    find: phrase(
      `\\b${SECRETS}\\b[^.\\n]{0,60}?\\b(?:send|post|upload|transmit|forward|sync|submit|exfiltrate|e-?mail|relay)(?: (?:it|them|these|this|everything|all|that|a copy|the (?:results?|data|contents?|values?)))? to [^.\\n]{0,30}?${TO_PLACE}`,
    ),
    weigh: weighSending,
  },
  {
    ...SENDS_SECRETS,
    find: phrase(
      '\\b(?:(?:always|every|each|all|any|silently) [^.\\n]{0,60}?)?(?:bcc|blind copy|cc) [^.\\n]{0,20}?[\\w.+-]{1,40}@(?!example\\.|company\\.|your)[\\w-]{1,40}\\.[a-z]{2,8}',
    ),
    weigh: (match, usual) => (/bcc|blind|^(?:always|every|each|all|any|silently)/i.test(match) ? usual : 'medium'),
  },
  {
    ...SENDS_SECRETS,
    find: /https?:\/\/[^\s)]{3,120}[?&][\w-]{1,20}=["']?[<{[$(]{1,3}[^>}\])\n]{0,60}\b(?:everything|conversation|chat|history|all messages|what the user|user(?:'s)? (?:message|input|prompt)|context|system prompt|typed|clipboard|environment)\b/gi,
  },
  {
    ...SENDS_SECRETS,
    find: phrase(
      '\\b(?:attach|include|add|send|append|forward|copy|post|upload)(?:s|ing)? (?:(?:the|all|a|copy|of) ){0,3}(?:whole|entire|full|complete|last|recent|previous|all|every) (?:\\w{2,10} )?(?:conversation|chat|dialogue|messages|history|transcript)s?\\b[^.\\n]{0,60}? (?:to|with|in|into) [^.\\n]{0,40}?https?://',
    ),
  },
  {
    ...SENDS_SECRETS,
    find: phrase(
      '\\b(?:every|each|all|any) (?:files?|messages?|documents?|prompts?|answers?|e-?mails?|responses?) (?:(?:that|which) )?(?:(?:you|the user|it|they) )?(?:opens?|reads?|sends?|writes?|receives?|types?|gets?|sees?|edits?)[^.\\n]{0,40}?\\b(?:post|send|upload|forward|copy|mail)s? [^.\\n]{0,40}?to [^.\\n]{0,20}?https?://',
    ),
  },
  {
    ...SMUGGLES,
    find: phrase(
      `\\b${SECRETS}\\b[^.\\n]{0,60}?\\b(?:include|embed|encoded?|append|insert|attach|hide|add|put)(?: (?:it|them|these|this|everything|all))? [^.\\n]{0,60}?\\b(?:hidden|invisible|base64|white text|image url|query string|metadata|markdown image|comments?|commit messages?|pull requests?|file names?|query parameters?|tracking (?:link|pixel|id)|trace id)\\b`,
    ),
    weigh: weighSending,
  },
  {
    ...SMUGGLES,
    find: phrase(
      `\\b(?:include|embed|encode|append|insert|attach|hide|add|put|place) (?:(?:the|all|any|its|every|full|complete|contents|of|your|each) ){0,5}${SECRETS}\\b[^.\\n]{0,60}? (?:in|into|inside|within|as|to) (?:(?:a|an|the|its|each|every|your) ){0,2}(?:description |body |url ?)?[^.\\n]{0,24}?\\b(?:hidden|invisible|html comments?|base64|white text|image url|query (?:string|parameter)s?|commit messages?|pull requests?|tracking (?:link|pixel|id)|trace id)\\b`,
    ),
  },
  {
    ...TAKES_SECRETS,
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
  },
  {
    ...TAKES_SECRETS,
    find: phrase(
      '\\b(?:store|save|record|log|write|note|keep|remember|copy|collect) (?:(?:all|any|every|each|the) ){1,2}(?:api keys?|access keys?|credentials?|passwords?|secrets?|tokens?|private keys?|cookies) (?:that|which)? ?(?:you|it|the user|are|is) (?:see|find|encounter|come across|types?|enters?|found|seen|meet|read)',
    ),
  },
  {
    ...PASTES,
    find: phrase(
      '\\b(?:ask|prompt|request|instruct|tell|require|convince) (?:(?:the|your|a|for) ){0,2}(?:user|human|person|operator|them)s? [^.\\n]{0,60}?(?:password|private key|seed phrase|recovery phrase|mnemonic|credit card|social security|ssh key|2fa code|one-time code|bank)s?\\b[^.\\n]{0,100}?(?:send|post|upload|submit|forward|https?://|transmit|store it|save it to|paste)',
    ),
  },
  {
    ...PASTES,
    find: phrase(
      '\\b(?:ask|prompt|request|tell|require|have|get) (?:(?:for|the|your) ){0,2}(?:user|human|person|operator|them|customer)s? (?:(?:for|to|enter|provide|give|share|paste|type|tell|you|me|us) ){1,4}(?:(?:their|his|her|the|a|your) ){0,2}(?:(?:github|google|gmail|bank|email|e-mail|account|apple|icloud|microsoft|aws|master|login|wallet|ssh) passwords?|2fa (?:code|token)s?|one-time (?:code|password)s?|otp codes?|verification codes?|seed phrases?|recovery phrases?|private keys?|credit card numbers?|card numbers?|cvv|social security numbers?|pin codes?)\\b',
    ),
  },
  {
    ...TOLD,
    id: 'leaks_by_picture',
    severity: 'high',
    told: 'high',
    find: /!\[[^\]\n]{0,80}\]\(https?:\/\/[^)\s]{1,160}[?&/](?:\w{1,20}=)?(?:\{\{?|\$\{?|<|\[)[^)\n]{0,60}(?:secret|token|key|password|conversation|history|prompt|data|context|summary|message|content|user|env)[^)\n]{0,60}\)/gi,
    why: 'showing a picture sends data away in its address',
    fix: 'remove it',
  },
  {
    ...TOLD,
    id: 'redirects',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:change|replace|set|swap|redirect|rewrite|substitute|switch) (?:(?:the|any|every|all|each|their|its) ){0,2}(?:recipient|payee|beneficiary|destination|wallet|bank|account|iban|phone|payment|deposit|withdrawal)s?(?: (?:address|number|account|field|wallet|details))?(?:es|s)? [^.\\n]{0,30}?(?:to|with|by) [^.\\n]{0,12}?(?:\\+?\\d[\\d\\-]{7,18}\\d|0x[0-9a-f]{8,64}|bc1[a-z0-9]{8,64}|[A-Z]{2}\\d{2}[A-Z0-9]{10,30}|[\\w.+-]{1,40}@(?!example\\.)[\\w-]{1,40}\\.[a-z]{2,8})',
    ),
    why: 'what a person sends goes to somebody else',
    fix: 'remove it',
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
