// Names of programs, hosts and files. cspell:disable
import { COMMANDS, SOURCES } from '../languages.ts';
import { isDrop } from '../hosts.ts';
import type { PatternRule } from '../rule.ts';

/** Files in which people keep what proves that they are they. */
const KEYS =
  /(?:(?:Path\.home\(\)|\bhome)\s{0,3}\/\s{0,3}["']\.(?:ssh|aws|gnupg)["'](?!\s{0,3}\/\s{0,3}["'](?:known_hosts|config|authorized_keys))|expanduser\(\s{0,3}["']~\/\.(?:ssh|aws|gnupg)\/?["']|\.ssh\/(?:id_(?:rsa|dsa|ecdsa|ed25519)\b(?!\.pub)|\*|identity\b)|\.ssh["'/]\s{0,3}[,/+]\s{0,3}["'](?:id_(?:rsa|ed25519|ecdsa|dsa)["']|\*)|\bid_(?:rsa|ed25519|ecdsa)\b(?!\.pub)|\.aws\/credentials|\.aws["']\s{0,3}[,/+]\s{0,3}["']credentials|\.config\/gcloud\/(?:credentials|application_default|access_tokens)|application_default_credentials\.json|\.azure\/(?:accessTokens|msal_token)|\.kube\/config|\.docker\/config\.json|\.git-credentials|\.netrc\b|\.pgpass\b|\.gnupg\/|\.password-store\/|\.pypirc\b|\.config\/gh\/hosts\.yml|\.vault-token|\/etc\/shadow\b|\bLogin Data\b|\bLocal State\b|\bcookies\.sqlite\b|\blogins\.json\b|\bkey4\.db\b|Chrome\/(?:User Data|Default)|\.mozilla\/firefox|Library\/Keychains|\blogin\.keychain|\bfind-(?:generic|internet)-password\b|\bdump-keychain\b|\bwallet\.dat\b|\.electrum\b|\.config\/solana\/id\.json|\bMetaMask\b|nkbihfbeogaeaoehlefnkodbefgpgknn|\bExodus\/exodus\.wallet|Telegram Desktop\/tdata|discord\/Local Storage|\.(?:openclaw|clawdbot)\/(?:credentials|\.env|openclaw\.json)|\bbrowser_?cookie3?\b|\bpycookiecheat\b|\bCryptUnprotectData\b|\b(?:lazagne|mimikatz)\b|\.bash_history\b|\.zsh_history\b)/;
const STRONG =
  /\.ssh|id_(?:rsa|ed25519|ecdsa|dsa)|\.aws|gcloud|application_default|\.git-credentials|\/etc\/shadow|Login Data|Local State|cookies\.sqlite|logins\.json|key4\.db|Chrome|firefox|[Kk]eychain|find-\w+-password|wallet|electrum|solana|MetaMask|nkbih|Exodus|tdata|discord|openclaw|clawdbot|gnupg|password-store|_history|browser_?cookie|pycookiecheat|CryptUnprotect|lazagne|mimikatz/;

const READS = `(?:cat|less|head|tail|cp|scp|tar|zip|base64|xxd|strings|grep|curl[^\\n]{0,60}@|read|open|type|load|include|attach|pass|access|parse|output|print|show|Get-Content)(?:_\\w{1,10})?`;

const CREDENTIAL_FILES = new RegExp(KEYS.source, 'g');
/** Those that open something without more. */
export const STRONG_FILES = new RegExp(`(?=[^\\n]{0,24}(?:${STRONG.source}))${KEYS.source}`, 'g');

/** What takes secrets, and what takes them away. */
export const THEFT: readonly PatternRule[] = [
  {
    id: 'reads_credentials',
    severity: 'high',
    in: SOURCES,
    find: CREDENTIAL_FILES,
    unless:
      /\bssh(?:-keygen|-copy-id|-add)?\s[^\n]{0,60}-[ift]\s|\brsync\b|\bGIT_SSH_COMMAND\b|\bscp\s{1,3}-i\b|(?:\.gitignore|exclude|ignore|deny|forbid|block|sensitive|redact)/i,
    weigh: (match) => (STRONG.test(match) ? 'high' : 'medium'),
    why: 'it reaches for a file in which people keep keys, passwords or what they typed',
    fix: 'ask for what is needed as secrets_access, by name',
  },
  {
    id: 'reads_credentials',
    severity: 'high',
    told: 'high',
    in: ['recipe'],
    find: new RegExp(
      `(?<![\\w-])${READS}\\b(?! from\\b)[^\\n]{0,60}?(?:~|\\$\\{?HOME\\}?|/home/[\\w*]{1,20}|/root|/Users/[\\w*]{1,20})?/?${KEYS.source}`,
      'gi',
    ),
    unless:
      /\bssh(?:-keygen|-copy-id|-add)?\s[^\n]{0,60}-[ift]\s|\bread from\b|\.pub\b|\b(?:are|is) (?:read|stored|kept)|\bread-?only\b|kubectl|\bthread/i,
    weigh: (match, usual) => (STRONG.test(match) ? usual : 'medium'),
    isSpeech: true,
    why: 'it has a file read in which people keep keys, passwords or what they typed',
    fix: 'leave the file alone; ask for what is needed as secrets_access, by name',
  },
  {
    id: 'sql_from_text',
    severity: 'medium',
    in: ['python', 'javascript'],
    find: /\b(?:execute|query|raw)\s{0,3}\(\s{0,3}(?:(?:f["']{1,3}|`)\s{0,20}(?:SELECT|INSERT|UPDATE|DELETE|DROP)\b[^\n]{0,160}\{|["']{1,3}\s{0,20}(?:SELECT|INSERT|UPDATE|DELETE|DROP)\b[^\n]{0,160}["']\s{0,3}(?:\+|%)\s{0,3}[A-Za-z_(])/gi,
    // A quotation mark before the value: nothing else can be meant than text that is put in.
    weigh: (match, usual) => (/'["']{1,3}\s{0,3}(?:\+|%)/.test(match) ? 'high' : usual),
    why: 'a value becomes part of a query, where it can be any query',
    fix: 'give values as parameters of the query',
  },
  {
    id: 'reads_system_accounts',
    severity: 'medium',
    told: 'low',
    in: COMMANDS,
    find: /(?:["'`\s/.]|\.\.)\/etc\/(?:passwd|sudoers|master\.passwd)\b/g,
    isSpeech: true,
    why: 'it names a file that says who has accounts on this machine',
    fix: 'leave it alone',
  },
  {
    id: 'climbs_out',
    severity: 'high',
    told: 'high',
    in: COMMANDS,
    find: /(?:\.\.[/\\]){3,12}(?:etc|root|home|proc|var|windows|Users)\b/g,
    isSpeech: true,
    why: 'a path climbs out of its folder to files of the system',
    fix: 'stay below the folder that was granted',
  },
  {
    id: 'collects_environment',
    severity: 'high',
    in: SOURCES,
    find: /\bjson\.dumps\s{0,3}\(\s{0,3}(?:dict\s{0,3}\(\s{0,3})?os\.environ\b|\bJSON\.stringify\s{0,3}\(\s{0,3}(?:\{\s{0,3}\.\.\.)?process\.env\s{0,3}[,})]|\bObject\.(?:entries|keys)\s{0,3}\(\s{0,3}process\.env\s{0,3}\)|\b(?:data|json|body|params|env|environ|environment|payload)["']?\s{0,3}[=:]\s{0,3}(?:dict\s{0,3}\(\s{0,3})?os\.environ\b(?!\s{0,3}(?:\[|\.get|\.copy))|\bfor\s[^\n]{1,30}\sin\s{1,3}os\.environ(?:\.items\(\))?|\bstr\s{0,3}\(\s{0,3}(?:dict\s{0,3}\(\s{0,3})?os\.environ|\bGet-ChildItem\s{1,3}env:/g,
    near: {
      text: /\b(?:requests|httpx|urllib|urlopen|aiohttp|fetch\s{0,3}\(|axios|https?\.request|socket|XMLHttpRequest|Invoke-|curl|post\s{0,3}\()|["'`/](?:[A-Z_]{0,12}(?:KEY|SECRET|TOKEN|PASS(?:WORD)?|CREDENTIAL)S?)\b/,
      within: 1_500,
    },
    unless:
      /\benv(?:ironment)?\s{0,3}=\s{0,3}(?:dict\s{0,3}\(\s{0,3})?os\.environ\b(?![^\n]{0,40}(?:post|json))|\bsubprocess\b/,
    why: 'it collects the environment, in which keys and tokens are',
    fix: 'ask for the variables that are needed as env_read, by name',
  },
  {
    id: 'sends_environment',
    severity: 'critical',
    told: 'critical',
    in: COMMANDS,
    find: /\/proc\/(?:self|\*|\d{1,7}|\$\w{1,12})\/environ[^\n]{0,60}\|[^\n]{0,60}\b(?:curl|wget|n(?:c|cat))\b|(?<![\w-])(?:printenv|env|set|export -p)\s{0,3}\|\s{0,3}[^\n]{0,80}(?:\bcurl\b|\bwget\b|\bn(?:c|cat)\b|\bnslookup\b)|\b(?:curl|wget)\s[^\n]{0,200}(?:\$\(\s{0,3}(?:env|printenv|set|cat\s{1,3}[^\n)]{0,20}(?:\.env|\/environ))\b|@\/proc\/self\/environ|`(?:env|printenv)`|@<\((?:env|printenv)\))/g,
    isSpeech: true,
    why: 'the environment, in which keys and tokens are, is sent away',
    fix: 'remove it',
  },
  {
    id: 'sends_files',
    severity: 'critical',
    told: 'critical',
    in: COMMANDS,
    find: new RegExp(
      `\\b(?:curl|wget|scp|rsync|n(?:c|cat)|Invoke-WebRequest|Invoke-RestMethod)\\s[^\\n]{0,200}(?:@|\\$\\(\\s{0,3}(?:cat|base64|tar)[^\\n)]{0,40}|<\\s{0,3}|--post-file[= ]|-T\\s{1,3}|\\s)["']?(?:~|\\$\\{?HOME\\}?|/home/[\\w*]{1,20}|/root|/Users/[\\w*]{1,20})?/?(?:${KEYS.source}|\\.env\\b(?!\\.(?:example|sample|template)))|(?:${KEYS.source})[^\\n|]{0,60}\\|[^\\n]{0,80}\\b(?:curl|wget|n(?:c|cat))\\s`,
      'g',
    ),
    unless:
      /\bscp\s{1,3}-i|\brsync\b[^\n]{0,80}-e\s|-netrc\b|--netrc|https?:\/\/[^\s]{0,200}\.env\b|\bcurl\s[^\n]{0,60}-o\s|docker (?:compose|run)|--env-file/,
    weigh: (match, usual) => (/^(?:scp|rsync)/.test(match) ? 'medium' : usual),
    isSpeech: true,
    why: 'a file in which secrets are is sent away',
    fix: 'remove it',
  },
  {
    id: 'sends_by_names',
    severity: 'critical',
    told: 'high',
    in: COMMANDS,
    find: /\b(?:nslookup|dig|host)\s{1,3}(?:\+\w{1,12}\s{1,3})?["']?\$[({]?[\w ][^\n]{0,100}\.[a-z]{2,12}\b|\b(?:gethostbyname|getaddrinfo|resolve|lookup|resolve4)\s{0,3}\(\s{0,3}(?:f["'][^"'\n]{0,60}\{[^}\n]{1,40}\}\.[^"'\n]{2,60}["']|`\$\{[^}\n]{1,40}\}\.[^`\n]{2,60}`|\w{1,30}(?:\[[^\]\n]{1,30}\])?\s{0,3}\+\s{0,3}["']\.[\w.-]{3,60}["'])/g,
    unless: /\$\{?(?:domain|host(?:name)?|server|name|fqdn|DOMAIN|HOST(?:NAME)?|1|target)\}?/i,
    why: 'data is sent away in the names that are looked up',
    fix: 'remove it',
  },
  {
    id: 'drop_host',
    severity: 'high',
    told: 'medium',
    in: COMMANDS,
    find: /\b(?:https?:\/\/|wss?:\/\/|["'`@\s])(?:[\w-]{1,60}\.){0,4}(?:[\w-]{1,60})\.[a-z]{2,12}(?::\d{1,5})?(?:\/[^\s"'`)<>]{0,120})?/gi,
    weigh: (match, usual) => (/^https?:|^wss?:/i.test(match) && isDrop(match) ? usual : undefined),
    isSpeech: true,
    why: 'it names a host that takes anything from anybody, or that says itself what it is for',
    fix: 'name the host of the service that is meant',
  },
  {
    id: 'chat_drop',
    severity: 'high',
    told: 'medium',
    in: COMMANDS,
    find: /\bdiscord(?:app)?\.com\/api\/webhooks\/[^\s"'`]{0,140}|\bapi\.telegram\.org\/(?:file\/)?bot[^\s"'`]{0,100}|\bhooks\.slack\.com\/services\/[^\s"'`]{0,80}/gi,
    weigh: weighChat,
    why: 'messages go to a chat of somebody who is not named',
    fix: 'let whoever installs it say where messages go',
  },
  {
    id: 'cloud_metadata',
    severity: 'high',
    told: 'medium',
    in: SOURCES,
    find: /\b169\.254\.169\.254\/(?:latest|metadata|computeMetadata)[^\s"'`]{0,80}|\bmetadata\.google\.internal\/computeMetadata[^\s"'`]{0,80}(?:token|service-accounts)/g,
    weigh: (match, usual) => (/iam|token|credential|user-data|service-accounts/.test(match) ? usual : 'medium'),
    why: 'it asks the cloud for what proves who this machine is',
    fix: 'ask for credentials as secrets_access, by name',
  },
  {
    id: 'reads_dotenv',
    severity: 'low',
    in: SOURCES,
    find: /(?:\bopen\s{0,3}\(|readFile(?:Sync)?\s{0,3}\(|\bcat\s{1,3}|\bsource\s{1,3})[^\n]{0,60}(?:^|["'/\s])\.env\b(?!\.(?:example|sample|template))/g,
    why: 'it reads a file in which secrets of a project are',
    fix: 'ask for what is needed as secrets_access, by name',
  },
];

function weighChat(match: string): 'high' | 'medium' | 'low' {
  if (/^discord/i.test(match)) return /webhooks\/\d{15,}\/[\w-]{10,}/i.test(match) ? 'high' : 'medium';
  if (/^api\.telegram/i.test(match)) return /bot\d{8,12}:[\w-]{20,}/.test(match) ? 'high' : 'medium';
  return /services\/T\w{7,}\/B\w{7,}\/\w{16,}/.test(match) ? 'medium' : 'low';
}
