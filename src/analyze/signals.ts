// Names of programs, hosts and files. cspell:disable
import type { Finding, Severity } from './finding.ts';
import { isDrop } from './hosts.ts';
import { isSource } from './languages.ts';
import { LineIndex } from './line-index.ts';
import { STRONG_FILES } from './rules/theft.ts';
import type { TextFile } from './scan-text.ts';

/** Things that are ordinary alone, and are not together. */
const SIGNALS = {
  /** It names files in which people keep keys. */
  credentials: STRONG_FILES,
  /** It walks through all variables of the environment, or picks those that look like secrets. */
  environment:
    /\bos\.environ\.items\(\)|\bfor\s[^\n]{1,30}\sin\s{1,3}os\.environ\b|\bdict\s{0,3}\(\s{0,3}os\.environ\s{0,3}\)|\b(?:dumps|urlencode|str|repr|list|pformat)\s{0,3}\(\s{0,3}os\.environ|\bObject\.(?:entries|keys)\s{0,3}\(\s{0,3}process\.env|\bJSON\.stringify\s{0,3}\(\s{0,3}(?:\{\s{0,3}\.\.\.)?process\.env|(?<![\w-])(?:printenv|env)\s{0,3}(?:>|\|)/g,
  /** It sends something away. */
  sends:
    /\b(?:requests|httpx|session|client|axios|got|ky)\.(?:post|put|patch|request)\s{0,3}\(|\burlopen\s{0,3}\(|\burllib\.request\.Request\s{0,3}\(|\bhttp\.client\.HTTPS?Connection|\baiohttp\b|\bsocket\.(?:socket|create_connection)\b|\bsendto\s{0,3}\(|\bfetch\s{0,3}\(|\bhttps?\.request\s{0,3}\(|\bXMLHttpRequest\b|\bnavigator\.sendBeacon\b|\bnew WebSocket\b|\bcurl\s[^\n]{0,160}(?:-d\b|--data|-F\b|--form|-T\b|--upload-file|-X\s{0,3}(?:POST|PUT))|\bwget\s[^\n]{0,80}--post|(?<![\w-])n(?:c|cat)\s[^\n|]{0,40}\s\d{2,5}\b|\bsmtplib\.SMTP|\bftplib\.FTP|\bInvoke-(?:WebRequest|RestMethod)\b[^\n]{0,120}-Method\s{1,3}Post|\brequests\.get\s{0,3}\([^\n]{0,120}(?:params\s{0,3}=|\{|\+)/gi,
  /** It asks who and where it is. */
  identity:
    /\bos\.getlogin\s{0,3}\(|\bgetpass\.getuser\s{0,3}\(|\bsocket\.gethostname\s{0,3}\(|\bplatform\.(?:node|uname)\s{0,3}\(|\buuid\.getnode\s{0,3}\(|\bos\.(?:hostname|userInfo|networkInterfaces)\s{0,3}\(|\bwhoami\b|\b\$\(hostname\)/g,
  /** It takes a secret out of the environment. */
  secret:
    /\b(?:os\.environ(?:\.get)?\s{0,3}[([]|os\.getenv\s{0,3}\(|process\.env[.[])\s{0,3}["']?\w{0,40}(?:KEY|TOKEN|SECRET|PASSWORD)\b/g,
  /** It names files in which programs keep a token. */
  tokens:
    /\baws\s{1,3}(?:sts\s{1,3}get-session-token|configure\s{1,3}get)|\bkubectl\s{1,3}get\s{1,3}secrets?\b|\bgcloud\s{1,3}auth\s{1,3}print-\w{1,10}-token|\bgh\s{1,3}auth\s{1,3}token|\baz\s{1,3}account\s{1,3}get-access-token|\bvault\s{1,3}kv\s{1,3}get|["'`/]\.(?:ssh|aws|gnupg)["'`/](?!known_hosts|config\b)|\.npmrc\b|\.pypirc\b|\.netrc\b|\.docker\/config\.json|\.kube\/config\b|\.config\/gh\/hosts|\.cargo\/credentials/g,
  /** It makes a name of a host out of something. */
  names: /(?:f["']|`)[^"'`\n/:]{0,60}\$?\{[^}\n]{1,40}\}\.(?:[\w-]{1,40}\.){1,4}[a-z]{2,12}["'`]/g,
  /** It looks up a name. */
  resolves: /\b(?:gethostbyname|getaddrinfo|resolver\.(?:resolve|query)|dns\.(?:lookup|resolve\w{0,4}))\s{0,3}\(/g,
  /** It is given arguments. */
  arguments: /\bprocess\.argv\b/g,
  /** It puts a command together, for a shell. */
  assembles:
    /\bexec(?:Sync)?\s{0,3}\(\s{0,3}(?:["'][^"'\n]{0,120}["']\s{0,3}\+\s{0,3}[a-z]|`[^`\n]{0,120}\$\{\s{0,3}[a-z])/g,
  /** It gets something from elsewhere. */
  fetches:
    /\b(?:requests|httpx)\.get\s{0,3}\(|\burlopen\s{0,3}\(|\burlretrieve\s{0,3}\(|\bfetch\s{0,3}\(|\baxios\.get\s{0,3}\(|\bhttps?\.get\s{0,3}\(|\bInvoke-WebRequest\b|\.recv\s{0,3}\(/g,
  /** It runs text as code. */
  evaluates:
    /(?<![.\w"'`])(?<!def |function )(?:eval|exec)\s{0,3}\(\s{0,3}(?:compile\s{0,3}\(\s{0,3})?[A-Za-z_$]|\bnew\s{1,3}Function\s{0,3}\(\s{0,3}[A-Za-z_$]|\b__import__\s{0,3}\(/g,
  /** It takes what somebody sends it. */
  receives: /\.recv(?:from)?\s{0,3}\(|\b(?:socket|client|conn|ws|sock)\.on\s{0,3}\(\s{0,3}["'](?:data|message)["']/g,
  /** It runs a command that is in a variable. */
  obeys:
    /\b(?:subprocess\.\w{2,16}|os\.(?:popen|system))\s{0,3}\(\s{0,3}[A-Za-z_]\w{0,30}\s{0,3}[,)]|\b(?:exec|execSync)\s{0,3}\(\s{0,3}[a-z]\w{0,30}(?:\.toString\(\))?\s{0,3}[,)]/g,
  /** It puts what it gets into a file. */
  stores: /\burlretrieve\s{0,3}\(|\bDownloadFile\s{0,3}\(|-OutFile\b|\bcreateWriteStream\s{0,3}\(/g,
  /** It makes a file a program, and starts it. */
  launches:
    /\bos\.chmod\s{0,3}\([^\n]{0,80}(?:0o?[57]|S_IX|S_IEXEC)|\bchmodSync?\s{0,3}\(|\bStart-Process\b|\bInvoke-Item\b|\bos\.startfile\s{0,3}\(/g,
  /** It encrypts. */
  encrypts:
    /\.encrypt\s{0,3}\(|\bFernet\s{0,3}\(|\bAES\.new\s{0,3}\(|\bcreateCipheriv\s{0,3}\(|["']\.(?:locked|encrypted|enc|crypt)["']/g,
  /** It deletes. */
  deletes:
    /\bos\.(?:remove|unlink)\s{0,3}\(|\.unlink(?:Sync)?\s{0,3}\(|\bshutil\.rmtree\s{0,3}\(|\bos\.rename\s{0,3}\(/g,
  /** It decodes a text that is written in it. */
  decodes:
    /\bb(?:64|32|85)decode\s{0,3}\(|\bunhexlify\s{0,3}\(|\bbytes\.fromhex\s{0,3}\(|\bzlib\.decompress\s{0,3}\(|\batob\s{0,3}\(|,\s{0,3}["'](?:base64|hex)["']\s{0,3}\)|\brot_?13\b|\bfromCharCode\b|\bbase64\s{1,3}(?:-d|-D|--decode)\b|\bchr\s{0,3}\(\s{0,3}\w{1,10}\s{0,3}\^/g,
  /** It watches what a person does at the machine. */
  watches:
    /\bpyperclip\.paste\b|\bImageGrab\.grab\b|\bpyautogui\.screenshot\b|\bmss\.mss\b|\bpbpaste\b|\bscreencapture\b|\bxclip\s{1,3}-o|\bcv2\.VideoCapture\s{0,3}\(\s{0,3}0|\bpynput\b|\bsounddevice\.rec\b/g,
  /** It changes what a person copied. */
  replaces:
    /\bpyperclip\.copy\s{0,3}\(|\bclipboard\.write\w{0,6}\s{0,3}\(|\bSet-Clipboard\b|\bpbcopy\b|\bclipboard_append\s{0,3}\(/g,
  /** It knows what an address of a wallet looks like. */
  wallets: /\bbc1(?:q|[[|)])|\b0x[[|)]|\[13\]\[a-km-z|\[a-km-zA-HJ-NP-Z1-9\]/g,
  /** It gathers files of a person. */
  gathers:
    /\bos\.walk\s{0,3}\(\s{0,3}(?:str\()?(?:os\.path\.expanduser|home|Path\.home|["'](?:\/|~|\/home|\/Users))|\bPath\.home\(\)\.r?glob\s{0,3}\(|\bglob\.i?glob\s{0,3}\(\s{0,3}(?:os\.path\.expanduser|["'](?:~|\/home|\/Users|\/root))|\bmake_archive\s{0,3}\([^\n]{0,100}(?:expanduser|Path\.home|["'](?:\/home|\/Users|~))|\b(?:tar|zip)\s[^\n]{0,60}(?:~|\$HOME)\/(?:Documents|Desktop|Downloads|\.ssh|\.config|\.aws)|\bfind\s{1,3}(?:~|\$HOME|\/home|\/Users|\/)\s[^\n]{0,60}(?:\.pem|\.key|id_rsa|\.env|credential|password|wallet)/g,
} as const;

type Signal = keyof typeof SIGNALS | 'drop';

interface Combination {
  readonly rule: string;
  readonly severity: Severity;
  readonly all: readonly Signal[];
  /** Whether the parts may stand in different files. */
  readonly across?: boolean;
  readonly why: string;
  readonly fix: string;
}

const AWAY = 'ask for what is needed as secrets_access or env_read, by name, and declare the host';

const COMBINATIONS: readonly Combination[] = [
  {
    rule: 'credentials_leave',
    severity: 'critical',
    all: ['credentials', 'sends'],
    why: 'it reads files in which people keep keys, and sends something away',
    fix: AWAY,
  },
  {
    rule: 'environment_leaves',
    severity: 'high',
    all: ['environment', 'sends'],
    why: 'it goes through all variables of the environment, and sends something away',
    fix: AWAY,
  },
  {
    rule: 'environment_leaves',
    severity: 'critical',
    all: ['environment', 'drop'],
    across: true,
    why: 'it goes through all variables of the environment, and names a host that takes anything',
    fix: AWAY,
  },
  {
    rule: 'secret_and_name_leave',
    severity: 'high',
    all: ['identity', 'secret', 'sends'],
    why: 'it takes a secret and the name of the machine or person, and sends something away',
    fix: AWAY,
  },
  {
    rule: 'credentials_leave',
    severity: 'high',
    all: ['tokens', 'sends'],
    why: 'it reads files in which programs keep tokens, and sends something away',
    fix: AWAY,
  },
  {
    rule: 'sends_by_names',
    severity: 'high',
    all: ['names', 'identity', 'resolves'],
    why: 'it looks up a name that says who and where it is',
    fix: 'remove it',
  },
  {
    rule: 'shell_input',
    severity: 'high',
    all: ['assembles', 'arguments'],
    why: 'an argument can become part of a command line, where it can be any command',
    fix: 'use execFile with a list of arguments',
  },
  {
    rule: 'files_leave',
    severity: 'high',
    all: ['gathers', 'sends'],
    why: 'it gathers files of a person, and sends something away',
    fix: 'read what was granted, and declare the host',
  },
  {
    rule: 'takes_orders',
    severity: 'critical',
    all: ['receives', 'obeys'],
    why: 'it takes something from a connection, and runs commands that it did not hold',
    fix: 'remove it',
  },
  {
    rule: 'starts_what_it_fetches',
    severity: 'high',
    all: ['stores', 'launches'],
    why: 'it downloads a file, and makes a program of it',
    fix: 'ship what is needed, or compare its hash before it runs',
  },
  {
    rule: 'locks_files',
    severity: 'critical',
    all: ['gathers', 'encrypts', 'deletes'],
    why: 'it encrypts files of a person and deletes what they were',
    fix: 'remove it',
  },
  {
    rule: 'swaps_addresses',
    severity: 'critical',
    all: ['replaces', 'wallets'],
    why: 'it changes what a person copied, where that is an address for money',
    fix: 'remove it',
  },
  {
    rule: 'locks_files',
    severity: 'high',
    all: ['gathers', 'encrypts'],
    why: 'it goes through the files of a person, and encrypts them',
    fix: 'encrypt named files below the folder that was granted',
  },
  {
    rule: 'files_deleted',
    severity: 'high',
    all: ['gathers', 'deletes'],
    why: 'it goes through the files of a person, and deletes some',
    fix: 'delete named files below the folder that was granted',
  },
  {
    rule: 'person_is_watched',
    severity: 'high',
    all: ['watches', 'sends'],
    why: 'it takes what a person copies, types or sees, and sends something away',
    fix: 'remove it',
  },
  {
    rule: 'runs_what_it_fetches',
    severity: 'critical',
    all: ['fetches', 'evaluates'],
    why: 'it fetches something, and runs text as code',
    fix: 'ship the code',
  },
  {
    rule: 'runs_what_it_decodes',
    severity: 'critical',
    all: ['decodes', 'obeys'],
    why: 'it decodes something, and runs a command that is in a variable',
    fix: 'write the command out',
  },
  {
    rule: 'runs_what_it_decodes',
    severity: 'critical',
    all: ['decodes', 'evaluates'],
    why: 'it decodes something, and runs text as code',
    fix: 'write the code out',
  },
  {
    rule: 'credentials_leave',
    severity: 'high',
    all: ['credentials', 'sends'],
    across: true,
    why: 'one file reads what people keep keys in, another sends something away',
    fix: AWAY,
  },
];

interface Seen {
  readonly path: string;
  readonly signals: ReadonlyMap<Signal, number>;
  readonly index: LineIndex;
}

/** What is ordinary alone and is not together: in one file, and for some in all sources of the skill. */
export function combine(files: readonly TextFile[]): Finding[] {
  const seen = files.filter(({ language }) => isSource(language)).map(look);
  const everywhere = new Set(seen.flatMap(({ signals }) => [...signals.keys()]));
  const found: Finding[] = [];
  const told = new Set<string>();
  for (const { path, signals, index } of seen) {
    for (const { rule, severity, all, across = false, why, fix } of COMBINATIONS) {
      const at = all[0] === undefined ? undefined : signals.get(all[0]);
      if (at === undefined || told.has(`${rule} ${path}`)) continue;
      if (!all.every((signal) => (across ? everywhere : signals).has(signal))) continue;
      if (severity !== 'critical' && all.includes('credentials') && told.has(rule)) continue;
      told.add(`${rule} ${path}`).add(rule);
      found.push({ rule, severity, file: path, ...index.placeOf(at), why, fix });
    }
  }
  return found;
}

/** `exec` starts programs there. */
const EVALUATES_JS =
  /(?<![.\w$"'`])(?<!function )eval\s{0,3}\(\s{0,3}[A-Za-z_$]|\bnew\s{1,3}Function\s{0,3}\(\s{0,3}[A-Za-z_$]/g;

function look({ path, text, language }: TextFile): Seen {
  const signals = new Map<Signal, number>();
  for (const [name, pattern] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, RegExp][]) {
    const at = firstInCode(text, name === 'evaluates' && language === 'javascript' ? EVALUATES_JS : pattern);
    if (at !== undefined) signals.set(name, at);
  }
  const drop = /https?:\/\/[^\s"'`)]{1,200}/g;
  for (const { 0: url, index } of text.matchAll(drop)) {
    if (!isDrop(url) && !/discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org\/bot/.test(url)) continue;
    signals.set('drop', index);
    break;
  }
  return { path, signals, index: new LineIndex(text) };
}

/** The first match outside of comments. */
function firstInCode(text: string, pattern: RegExp): number | undefined {
  let looked = 0;
  for (const { index } of text.matchAll(pattern)) {
    const line = text.slice(Math.max(text.lastIndexOf('\n', index - 1) + 1, index - 400), index);
    if (!/^\s{0,80}(?:#|\/\/|\*\s)/.test(line)) return index;
    looked += 1;
    if (looked > 200) return undefined;
  }
  return undefined;
}
