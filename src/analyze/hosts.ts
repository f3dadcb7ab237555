// Names of programs, hosts and files. cspell:disable
import type { Severity } from './finding.ts';

/** Places that take anything from anybody, which is where what was stolen goes, or what is run comes from. */
const DROPS =
  /\b(?:webhook\.site|requestbin\.\w{2,6}|requestcatcher\.com|pipedream\.net|beeceptor\.com|hookbin\.com|requestinspector\.com|webhookrelay\.com|burpcollaborator\.net|oastify\.com|interact\.sh|oast\.(?:fun|me|pro|live|site|online)|canarytokens\.(?:com|org)|dnslog\.cn|ceye\.io|pastebin\.com|paste\.ee|rentry\.(?:co|org)|hastebin\.com|glot\.io\/snippets|ghostbin\.\w{2,4}|dpaste\.\w{2,4}|controlc\.com|termbin\.com|ix\.io|transfer\.sh|0x0\.st|file\.io|gofile\.io|anonfiles\.com|catbox\.moe|temp\.sh|bashupload\.com|(?:[\w-]{1,60}\.)?ngrok(?:-free)?\.(?:io|app|dev)|[\w-]{1,60}\.(?:trycloudflare\.com|serveo\.net|loca\.lt|localhost\.run))\b/i;
/** Hosts that say what they are. */
const SELF_NAMED =
  /(?:^|[/@.-])(?:evil|attack(?:er)?s?|malicious|malware|exfil\w{0,10}|hacker\w{0,6}|hacked|c2|c2-?server|stealer|badguys?|bad-actor|phish\w{0,6}|adversary|rogue|pwn\w{0,4})(?:[.-][\w.-]{0,80})?(?:\.[a-z]{2,12}|:\d{2,5})\b/i;
const SHORTENERS = /\b(?:bit\.ly|tinyurl\.com|t\.ly|is\.gd|goo\.gl|cutt\.ly|rb\.gy|shorturl\.at|tiny\.cc)\b/i;
const INSTALLERS =
  /\bhttps:\/\/(?:[\w-]{1,40}\.)?(?:astral\.sh|rustup\.rs|docker\.com|deno\.(?:land|com)|bun\.(?:sh|com)|pnpm\.io|vercel\.app\/install|python-poetry\.org|pypa\.io|k3s\.io|ollama\.(?:com|ai)|claude\.ai|anthropic\.com|openai\.com|nixos\.org|determinate\.systems|starship\.rs|paradigm\.xyz|volta\.sh|sdkman\.io|mise\.run|tailscale\.com|fly\.io|railway\.app|supabase\.com|pulumi\.com|nodesource\.com|yarnpkg\.com|npmjs\.(?:com|org)|github\.com|githubusercontent\.com\/(?:Homebrew|nvm-sh|ohmyzsh|helm|rust-lang|astral-sh|pyenv|asdf-vm|kubernetes|denoland|oven-sh|golangci|aquasecurity|anchore|sigstore|cli|microsoft|google|NVIDIA|aws)\/|googleapis\.com\/(?:cloud|google)|amazonaws\.com\/aws|microsoft\.com|nvidia\.com|hf\.co|huggingface\.co|google\.com|cursor\.com|brew\.sh|helm\.sh|sentry\.io|render\.com|heroku\.com|modal\.com|replicate\.com|wasmtime\.dev|wasmer\.io|dot\.net|jdx\.dev|solana\.com|xmake\.io|elan\.lean-lang\.org|haskell\.org|opam\.ocaml\.org)(?=[/\s"'`)]|$)/i;
const ADDRESS = /\b(?:https?|ftp):\/\/(?:[^@/\s]{1,60}@)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/i;

export function isDrop(text: string): boolean {
  return DROPS.test(text) || SELF_NAMED.test(text);
}

/** Whether a URL has an address of the public internet for a host. */
export function hasPublicAddress(text: string): boolean {
  const [, a, b, c] = (ADDRESS.exec(text) ?? []).map(Number);
  if (a === undefined || b === undefined) return false;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  return !(a === b && b === c) && !(a === 1 && b === 2 && c === 3);
}

/** How bad it is to run what comes from there. */
export function weighOrigin(text: string, usual: Severity): Severity {
  // A mention, such as `curl … | sh`.
  if (!/:\/\/|\$|%|@|\b[\w-]{1,60}\.[a-z]{2,10}\b(?!\s{0,3}\|?\s{0,3}$)|<\w/i.test(text)) return 'low';
  if (isDrop(text) || SHORTENERS.test(text) || hasPublicAddress(text)) return 'critical';
  if (/\bhttp:\/\/(?!localhost|127\.|0\.0\.0\.0|\[::1\]|192\.168\.|10\.)/i.test(text)) return 'critical';
  if (INSTALLERS.test(text)) return 'low';
  if (/\b(?:localhost|127\.0\.0\.1)\b/.test(text)) return 'medium';
  return usual;
}
