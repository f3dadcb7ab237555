// Names of programs, hosts and files. cspell:disable
import { COMMANDS } from '../languages.ts';
import { hasPublicAddress, isDrop, weighOrigin } from '../hosts.ts';
import type { PatternRule } from '../rule.ts';

const RUNS_REMOTE = {
  severity: 'high',
  told: 'high',
  in: COMMANDS,
  weigh: weighOrigin,
  why: 'whatever an address answers is run, unseen and unchecked',
  fix: 'ship the script, or download it, compare its hash, and then run it',
} as const;

/** Code that comes from elsewhere, and commands that go elsewhere. */
export const REMOTE_CODE: readonly PatternRule[] = [
  {
    ...RUNS_REMOTE,
    id: 'runs_download',
    find: /\b(?:curl|wget|aria2c|lynx\s{1,3}-source|iwr|irm|invoke-webrequest|invoke-restmethod)\s[^\n|]{0,300}\|\s{0,5}(?:tee\s[^\n|]{1,60}\|\s{0,5})?(?:(?:sudo|env|nohup|doas)(?:\s{1,3}-\w{1,10})?\s{1,3}|[A-Z_]{2,20}=\S{1,40}\s{1,3}){0,3}(?:\/(?:usr\/)?bin\/(?:env\s{1,3})?)?(?:(?:ba|z|da|k|fi)?sh\b(?![.\w-])|(?:python[23]?|node|perl|ruby|php)(?:\s{1,3}-)?(?=\s{0,3}(?:$|[\n;&"'`)]))|iex\b|invoke-expression\b)[^\n]{0,80}/gim,
  },
  {
    ...RUNS_REMOTE,
    id: 'runs_download',
    find: /(?:\b(?:ba|z|da|k)?sh|\bsource|\beval|\bpython[23]?|\bnode|(?:^|\s)\.)\s{1,3}(?:-\w{1,3}\s{1,3})?["']?(?:<\(|\$\(|`)\s{0,5}(?:curl|wget)\s[^\n]{0,300}/gm,
  },
  {
    ...RUNS_REMOTE,
    id: 'runs_download',
    find: /\b(?:iex|invoke-expression)\b[^\n]{0,60}(?:downloadstring|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|net\.webclient)[^\n]{0,200}|\b(?:mshta|regsvr32[^\n]{0,40}\/i:|rundll32[^\n]{0,60}|certutil[^\n]{0,40}-urlcache[^\n]{0,40}|bitsadmin[^\n]{0,40}\/transfer[^\n]{0,60})\s{0,3}["']?https?:[^\n]{0,200}/gi,
  },
  {
    ...RUNS_REMOTE,
    id: 'runs_download',
    find: /\b(?:curl|wget)\s[^\n;|]{0,200}?(?:-\w{0,3}[oO]\w{0,3}|--output|--output-document|>)[ =]{0,3}["']?([\w./~$-]{2,80})["']?[^\n|]{0,120}?(?:&&|;|\n)\s{0,10}(?:sudo\s{1,3}|nohup\s{1,3})?(?:(?:ba|z|da|k)?sh|source|python[23]?|node|\.)\s{1,3}["']?\1/g,
  },
  {
    ...RUNS_REMOTE,
    id: 'runs_named_download',
    severity: 'medium',
    told: 'medium',
    isSpeech: true,
    find: /\b(?:download|fetch|grab|get|retrieve)\b[^\n]{0,60}?https?:\/\/[^\s)`"'>]{4,160}[^\n.]{0,60}?\b(?:and|then)\s{1,3}(?:immediately\s|directly\s|just\s)?(?:run|execute|launch|open|double-click|start)\b/gi,
  },
  {
    ...RUNS_REMOTE,
    id: 'runs_download',
    severity: 'critical',
    told: 'high',
    in: ['python', 'javascript'],
    weigh: (_, usual) => usual,
    find: /(?<![.\w$])(?:exec|eval|new Function|Function|compile|runInThisContext)\s{0,5}\([^\n]{0,100}(?:requests\.get|urlopen|urllib\.request|httpx\.get|await fetch|\bfetch\s{0,3}\(|axios\.get)/g,
  },
  {
    id: 'downloads_and_runs',
    severity: 'medium',
    told: 'medium',
    in: COMMANDS,
    find: /\b(?:curl|wget)\s[^\n]{0,200}https?:\/\/[^\n]{1,200}(?:\n[^\n]{0,120}){0,2}?\bchmod\s{1,3}(?:[augo]{0,4}\+\w{0,2}x|0?[0-7]{3})[^\n]{0,120}(?:\n[^\n]{0,160})?/g,
    weigh: weighRun,
    why: 'a program is downloaded and made executable',
    fix: 'compare its hash before it runs',
  },
  {
    id: 'unquarantined',
    severity: 'high',
    told: 'high',
    in: COMMANDS,
    find: /\bxattr\s{1,3}-(?:\w{0,3}d\w{0,3}\s{1,3}com\.apple\.quarantine|c\w{0,2})|\bspctl\s{1,3}--master-disable|\bSet-MpPreference\s{1,3}-Disable|\bAdd-MpPreference\s{1,3}-Exclusion|\bcsrutil\s{1,3}disable|\bsetenforce\s{1,3}0|\bufw\s{1,3}disable|\biptables\s{1,3}-F\b|\bsystemctl\s{1,3}(?:stop|disable|mask)\s{1,3}(?:--now\s{1,3})?(?:firewalld|apparmor|auditd|ufw|falcon|crowdstrike|defender)\w{0,12}|\bauditctl\s{1,3}-e\s{0,2}0|\bUnblock-File\b/g,
    weigh: (match, usual, isTold) => (isTold && /\b(?:ufw|setenforce)/.test(match) ? undefined : usual),
    why: 'a protection of the system is switched off',
    fix: 'leave it on; sign what is shipped',
  },
  {
    id: 'runs_download',
    severity: 'high',
    told: 'high',
    in: COMMANDS,
    find: /\b(?:curl|wget)\s[^\n]{0,200}\bchmod\s{1,3}(?:[ugoa]{0,3}\+x|[0-7]{3,4})[^\n]{0,80}(?:&&|;)\s{0,3}(?:sudo\s{1,3})?(?:\/tmp\/|\/var\/tmp\/|\/dev\/shm\/)/g,
    why: 'whatever an address answers is run, unseen and unchecked',
    fix: 'ship what is needed, or compare its hash before it runs',
  },
  {
    id: 'reverse_shell',
    severity: 'critical',
    told: 'critical',
    in: COMMANDS,
    find: /\b(?:ba|z|k)?sh\s{1,3}-i\b[^\n]{0,60}\/dev\/(?:tcp|udp)\/|\/dev\/(?:tcp|udp)\/[^\n]{1,80}(?:0>&1|<&1|0<&\d{1,3}|<&\d{1,3}\s)|\bn(?:c|cat|etcat)(?:\.\w{1,12})?(?=\s)[^\n|]{0,80}\s(?:-\w{0,4}[ec]|--(?:sh-)?exec)\s{1,3}["']?\S{0,24}(?:sh|cmd(?:\.exe)?|powershell(?:\.exe)?)\b|["']n(?:c|cat)["']\s{0,3},\s{0,3}["']-\w{0,3}[ec]["']|\bmkfifo\s[^\n]{0,160}(?:\|\s{0,3}n(?:c|cat)\b|\bn(?:c|cat)\s[^\n]{0,80}\|\s{0,3}(?:\/bin\/)?(?:ba)?sh\b)|\bsocat\b[^\n]{0,120}exec:|\bpty\.spawn\s{0,3}\(\s{0,3}\[?["'](?:\/bin\/)?(?:ba|z)?sh|\bNet\.Sockets\.TCPClient\b|\bfsockopen\s{0,3}\([^\n]{0,120}(?:exec|shell_exec|proc_open|popen)|\btelnet\s[^\n|]{1,60}\|\s{0,3}(?:\/bin\/)?(?:ba)?sh\b/gi,
    why: 'a shell of this machine is handed to another',
    fix: 'remove it',
  },
  {
    id: 'reverse_shell',
    severity: 'critical',
    told: 'high',
    in: COMMANDS,
    find: /\bos\.dup2\s{0,3}\(|\bspawn\w{0,4}\s{0,3}\(\s{0,3}["'`](?:\/bin\/)?(?:(?:ba|z)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?)["'`]|\bsubprocess\.\w{1,12}\s{0,3}\(\s{0,3}\[?\s{0,3}["']\/bin\/(?:ba)?sh["'](?:\s{0,3},\s{0,3}["']-i["'])?\s{0,3}\]?|\bexec\s{0,3}[{(]?\s{0,3}["']\/bin\/(?:ba)?sh|\bexec\.Command\s{0,3}\(\s{0,3}["'](?:\/bin\/)?(?:ba)?sh["']\s{0,3}\)/g,
    near: {
      text: /\bsocket\.socket\b|\bs\.connect\(\(|\bnet\.(?:connect|createConnection|Socket)\b|\bTCPSocket\b|\buse Socket\b|\bAF_INET\b|\bnet\.Dial\s{0,3}\(|\bTcpStream::connect\b/,
      within: 800,
    },
    why: 'a shell of this machine is handed to another',
    fix: 'remove it',
  },
  {
    id: 'raw_connection',
    severity: 'medium',
    told: 'medium',
    in: COMMANDS,
    find: />\s{0,3}\/dev\/(?:tcp|udp)\/(?!localhost|127\.0\.0\.1|\$)[^\s"']{3,80}/g,
    weigh: (match, usual) =>
      isDrop(match) || hasPublicAddress(match.replace(/^.*\/dev\/\w{3}\//, 'http://')) ? 'critical' : usual,
    why: 'a connection is opened past every program that could be watched',
    fix: 'use a program that is declared, such as curl',
  },
  {
    id: 'package_from_elsewhere',
    severity: 'high',
    told: 'high',
    in: [...COMMANDS, 'text', 'manifest'],
    find: /(?:\bgit\+http:\/\/|(?:^|\s)--(?:extra-)?index-url[= ]{1,3}http:\/\/)(?!localhost|127\.)[^\s"']{3,160}/gm,
    why: 'a package comes over a connection that anybody on the way can change',
    fix: 'name it by https, with its sum',
  },
  {
    id: 'package_from_elsewhere',
    severity: 'medium',
    told: 'medium',
    in: COMMANDS,
    find: /\b(?:pip[23]?|uv pip|pipx|npm|pnpm|yarn|gem)\s{1,3}(?:install|add|i)\b[^\n]{0,160}(?:--(?:extra-)?index-url[= ]{1,3}|--registry[= ]{1,3}|--trusted-host[= ]{1,3}|\bhttp:\/\/)[^\n\s]{1,120}/g,
    weigh: (match, usual) =>
      isDrop(match) || /\bhttp:\/\/(?!localhost|127\.)/.test(match)
        ? 'high'
        : /(?:download\.pytorch\.org|pypi\.nvidia\.com|pypi\.ngc|pypi\.org|npmjs\.|yarnpkg|\bnvidia\.com)/.test(match)
          ? undefined
          : usual,
    why: 'a package comes from another place than packages do',
    fix: 'take it from its registry, pinned to a version',
  },
  {
    id: 'install_script',
    severity: 'high',
    in: ['shell'],
    find: /"(?:pre|post)?install"\s{0,3}:\s{0,3}"[^"\n]{0,200}(?:\bcurl\b|\bwget\b|node\s{1,3}-e|https?:\/\/|\bbase64\b|\beval\b)/g,
    why: 'installing the package runs something from elsewhere',
    fix: 'remove the script',
  },
  {
    id: 'fake_prerequisite',
    severity: 'high',
    told: 'high',
    in: ['recipe'],
    find: /\b(?:extract|unzip|unpack|unrar|archive|zip|7z)\b[^\n]{0,120}\b(?:(?:pass(?:word|phrase|wd)?|pwd)\s{0,3}(?:is\s|[:=]|-\s)\s{0,3}[`"'*]{0,3}|pass(?:word|phrase|wd)\s{0,3}[`"'*]{1,3})[\w!@#$-]{3,40}/gi,
    near: { text: /\bdownload|https?:\/\//i, within: 250 },
    isSpeech: true,
    why: 'a person is led to unpack what no scanner could look into',
    fix: 'name a package of a registry, pinned to a version, as what is needed',
  },
  {
    id: 'fake_prerequisite',
    severity: 'high',
    told: 'high',
    in: ['recipe'],
    find: /\b(?:copy|paste)\b[^\n]{0,80}\b(?:script|command|code|snippet)s?\b[^\n]{0,120}\b(?:glot\.io|pastebin\.com|rentry\.(?:co|org)|hastebin\.com|paste\.ee|dpaste\.\w{2,4}|controlc\.com)|\b(?:glot\.io|pastebin\.com|rentry\.(?:co|org)|hastebin\.com|paste\.ee)\b[^\n]{0,120}\b(?:paste|run|execute)\b|\b(?:run|execute|launch|open|install)\b[^\n]{0,60}\bhttps?:\/\/[^\s)]{4,160}\.(?:exe|msi|dmg|pkg|scr|bat|ps1|vbs)\b[^\n]{0,40}\b(?:before|first|required|must)\b/gi,
    isSpeech: true,
    why: 'a person is led to run a program that nobody could look into',
    fix: 'name a package of a registry, pinned to a version, as what is needed',
  },
  {
    id: 'public_address',
    severity: 'high',
    told: 'medium',
    in: COMMANDS,
    find: /\b(?:https?|ftp|wss?):\/\/(?:[^@/\s"']{1,60}@)?\d{1,3}(?:\.\d{1,3}){3}\b[^\s"'`)]{0,100}/g,
    weigh: (match, usual) => (hasPublicAddress(match.replace(/^wss?/, 'http')) ? usual : undefined),
    why: 'a machine is named by its number, so nobody knows whose it is',
    fix: 'name the host',
  },
];

function weighRun(match: string): 'critical' | 'high' | 'medium' | 'low' {
  const origin = weighOrigin(match, 'medium');
  const runs =
    /\bchmod\b[^\n]{1,80}(?:&&|;|\n)\s{0,10}(?:nohup\s|sudo\s)?(?:\.\/|\/tmp\/|\/var\/tmp\/|\/dev\/shm\/|~\/\.|\$HOME\/\.)/.test(
      match,
    );
  if (origin === 'critical') return runs ? 'critical' : 'high';
  if (runs && /(?:\/tmp|\/var\/tmp|\/dev\/shm)\/\.|~\/\.[a-z]/.test(match)) return 'high';
  return origin === 'low' ? 'low' : 'medium';
}
