// Names of programs, hosts and files. cspell:disable
import type { Severity } from '../finding.ts';
import type { PatternRule } from '../rule.ts';
import { SOURCES } from '../languages.ts';

const EVERYWHERE = [...SOURCES, 'recipe', 'manifest', 'text'] as const;

const SECRET = {
  id: 'embedded_secret',
  severity: 'high',
  told: 'high',
  in: EVERYWHERE,
  weigh: weighSecret,
  why: 'it holds what looks like a secret, which everybody who has the skill then has',
  fix: 'revoke it, and ask for it as secrets_access, by name',
} as const;

/** Secrets by the form that their services give them. */
export const SECRETS: readonly PatternRule[] = [
  { ...SECRET, find: /\b(?:AKIA|ASIA|AROA|AGPA)[A-Z0-9]{16}\b/g },
  { ...SECRET, find: /\bgh[pousr]_[A-Za-z0-9]{30,80}\b|\bgithub_pat_[A-Za-z0-9_]{40,100}\b|\bglpat-[\w-]{20,40}\b/g },
  { ...SECRET, find: /\bxox[abeoprs]-[A-Za-z0-9-]{16,160}\b|\bxapp-\d-[A-Za-z0-9-]{20,160}/g },
  {
    ...SECRET,
    find: /\bsk-(?:ant-|proj-|svcacct-|or-v1-|live-)?(?=[\w-]{0,60}\d)[A-Za-z0-9][\w-]{23,200}|\b[rs]k_live_[A-Za-z0-9]{16,120}/g,
  },
  { ...SECRET, find: /\bAIza[\w-]{35}\b|\bya29\.[\w-]{40,200}|\bGOCSPX-[\w-]{20,40}/g },
  { ...SECRET, find: /\bSG\.[\w-]{16,32}\.[\w-]{32,64}|\bkey-[0-9a-f]{32}\b|\bSK[0-9a-f]{32}\b|\bAC[0-9a-f]{32}\b/g },
  {
    ...SECRET,
    find: /\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,200}|\bhf_[A-Za-z]{30,40}\b|\bhf_[A-Za-z0-9]{34,40}\b|\bdop_v1_[0-9a-f]{60,70}|\bshp(?:at|ss|ca|pa)_[0-9a-fA-F]{32}\b|\bnvapi-[\w-]{60,80}|\bgsk_[A-Za-z0-9]{40,60}|\bdckr_pat_[\w-]{20,40}|\bSquaresq0\w{3}-[\w-]{20,50}|\bEAAC[A-Za-z0-9]{60,200}/g,
  },
  { ...SECRET, find: /\b\d{8,10}:AA[A-Za-z0-9_-]{32,35}\b|\b[MN][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b/g },
  {
    ...SECRET,
    id: 'private_key',
    severity: 'critical',
    told: 'high',
    find: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\s){1,4}[A-Za-z0-9+/=:, -]{30}/g,
    why: 'it holds a private key, which everybody who has the skill then has',
  },
  {
    ...SECRET,
    id: 'password_in_address',
    severity: 'high',
    told: 'low',
    find: /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?|ftp|https?|mssql):\/\/[\w.-]{1,40}:[^\s@/:"'`<>{}$]{4,80}@[\w.-]{3,100}/g,
    weigh: (match, usual, isTold) =>
      /@(?:localhost|127\.|0\.0\.0\.0|(?:host|db|postgres|mysql|redis|mongo)\b(?!\.)|[\w-]{1,30}(?::|\/|$)|example|[\w.-]{0,60}\.?example\.)|:(?:pass(?:word|wd)?|pwd|secret|user|postgres|root|admin|guest|token|x-oauth-basic)@/i.test(
        match,
      )
        ? 'info'
        : (weighSecret(match, usual, isTold) ?? 'info'),
    why: 'an address holds a password',
  },
  {
    ...SECRET,
    id: 'written_password',
    severity: 'medium',
    in: SOURCES,
    find: /\b(?:\w{0,30}_)?(?:pass(?:word|wd)|secret(?:_?key)?|api_?key|auth_?token|access_?token|private_?key|client_?secret)["']?\s{0,3}(?::\s{0,3}str\s{0,3}=|[:=]{1,2})\s{0,3}["'][^\s"'`$<>{}()]{8,120}["']/gi,
    weigh: (match, usual) =>
      /[0-9]/.test(valueOf(match)) && /[a-z]/i.test(valueOf(match)) ? weighSecret(match, usual) : undefined,
    why: 'a password or key is written into a source',
  },
  {
    ...SECRET,
    id: 'written_token',
    severity: 'medium',
    told: 'low',
    find: /\beyJ[\w-]{16,400}\.eyJ[\w-]{16,800}\.[\w-]{16,400}/g,
    why: 'it holds a signed token, which may still open something',
  },
];

function valueOf(match: string): string {
  return match.slice(match.search(/["'][^"']*["']$/));
}

const PLACEHOLDER =
  /example|sample|placeholder|your[_-]?|my[_-]?(?:api|secret|key|token)|change[_-]?me|redacted|dummy|fake|mock|insert|replace|todo|foo(?:bar)?|test[_-]|[_-]test|not[_-]?real|xxx|\*\*\*|\.\.\.|<[^>]*>|(.)\1{5}|placeholder|here\b/i;
const SEQUENCE = /0?1234567(?:89)?|abcdefgh|qwerty|deadbeef|987654321/i;

/** Nothing for what stands in the place of a secret. */
function weighSecret(match: string, usual: Severity, isTold = false): Severity | undefined {
  if (PLACEHOLDER.test(match)) return undefined;
  return isTold && SEQUENCE.test(match) ? 'low' : usual;
}
