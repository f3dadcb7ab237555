// Names of programs, hosts and files. cspell:disable
import type { Severity } from '../finding.ts';
import type { PatternRule } from '../rule.ts';
import { phrase, TOLD } from './phrase.ts';

const SYSTEM = {
  ...TOLD,
  id: 'speaks_as_system',
  severity: 'high',
  told: 'high',
  why: 'it dresses up as a message of the system',
  fix: 'write it as plain text of the skill',
} as const;

const AUTHORITY = {
  ...TOLD,
  id: 'claims_authority',
  severity: 'medium',
  told: 'medium',
  why: 'it says that somebody agreed, whom nobody asked',
  fix: 'ask the person',
} as const;

const HIDDEN = {
  id: 'hidden_comment',
  in: [],
  severity: 'high',
  told: 'high',
  why: 'a comment, which a person who reads the page does not see, speaks to the model',
  fix: 'say it openly, or remove it',
} as const;

/** What speaks to a model as somebody else, or has it listen to somebody else. */
export const FALSE_VOICES: readonly PatternRule[] = [
  {
    ...SYSTEM,
    severity: 'medium',
    find: /\[\s{0,2}(?:SYSTEM|ADMIN|DEVELOPER|ROOT)(?:[ _-](?:MESSAGE|OVERRIDE|PROMPT|NOTE|NOTICE|UPDATE|INSTRUCTIONS?|COMMAND|ALERT)){0,2}\s{0,2}[\]:]|\b(?:SYSTEM|ADMIN(?:ISTRATOR)?|DEVELOPER|SECURITY)[ _](?:OVERRIDE|PROMPT INJECTION)\b|<<\s?SYS\s?>>|<\|(?:im_start|system|start_header_id|endoftext)\|>\s{0,3}(?:system|user|assistant|developer)?|<\/?(?:system|system[-_](?:prompt|message|instructions?|override)|developer|admin)>\s{0,5}[A-Za-z\n]|^\s{0,8}#{2,4} ?(?:System|Instruction) ?:\s|\[\/?INST\]|\{\{#(?:system|assistant)~?\}\}/gm,
    weigh: (match, usual) => (/^<\/?system>|^<\||^\[\/?INST|^#/i.test(match.trim()) ? 'medium' : usual),
  },
  {
    ...SYSTEM,
    find: phrase(
      '\\b(?:(?:treat|regard|consider|interpret|handle) [^.\\n]{0,60}? as (?:(?:if|though|it|they|coming|came|come|originating|sent|written|issued|being) ){1,4}(?:from|by) (?:the |your )?(?:developers?|system|operator|administrator|platform|anthropic|openai|vendor)\\b|new system prompt ?:)',
    ),
  },
  {
    ...SYSTEM,
    find: /<(?:system|admin|developer)>\s{0,5}[^<\n]{0,80}\b(?:override|ignore|disclose|reveal|obey|disregard|bypass|new instructions)\b/gi,
  },
  {
    ...AUTHORITY,
    find: phrase(
      '\\b(?:(?:the )?(?:user|owner|operator|administrator) (?:has|have) (?:(?:already|previously|explicitly|pre-?|fully|implicitly) ){0,3}(?:pre-?)?(?:authorized|consented|approved|agreed|granted|given (?:full )?(?:permission|consent)) (?:(?:to|all|any|every|the|full|these|for) ){1,4}(?:actions?|access|operations?|commands?|permissions?|requests?)?|(?:this|these) (?:is|are|has been|have been) (?:(?:an|a|been|pre-?|officially|fully|the) ){0,3}(?:authorized|approved|official|sanctioned) (?:by|security|penetration|test|directive|policy|request) (?:by |from )?(?:anthropic|openai|google|microsoft|the (?:user|administrator|security team|developer)))',
    ),
  },
  {
    ...AUTHORITY,
    told: 'high',
    find: phrase(
      '\\b(?:(?:skip|no need (?:for|to run)|do not (?:run|perform|do)|disable|without) (?:(?:any|the|a|further|all) ){0,2}(?:scan|scans|scanning|security (?:review|scan|check|audit)s?|malware scan|vetting|code review|analysis) (?:of|on|for) (?:(?:this|the) skill|it)\\b|(?:this skill|this tool|it) (?:is|was|has been) (?:(?:already|fully|officially|pre-?) ){0,2}(?:certified|verified|vetted|audited|approved|whitelisted|allowlisted) (?:(?:as|safe|to be|secure|and|trusted) ){0,4}by (?:the )?(?:(?:security|safety|trust) (?:team|department)|anthropic|openai|google|microsoft|administrators?|admin))',
    ),
    why: 'it says that somebody looked at it, which nobody can check',
    fix: 'remove it: a signature says who vouches for a skill',
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
    ...HIDDEN,
    find: /<!--(?:(?!-->)[\s\S]){8,800}/g,
    weigh: weighComment,
  },
  {
    ...HIDDEN,
    find: /^\s{0,3}\[[^\]\n]{1,20}\]:\s{0,3}(?:#|<>)\s{0,3}[("'][^\n]{8,400}/gm,
    weigh: weighComment,
  },
  {
    ...HIDDEN,
    find: /<(?:span|div|p|font|section|small|td)\b[^>\n]{0,120}(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}[01](?:px|pt|em)?\s{0,3}[;"']|opacity\s{0,3}:\s{0,3}0\s{0,3}[;"']|color\s{0,3}[:=]\s{0,3}["']?(?:white|#fff(?:fff)?|transparent)\b|\bhidden\b)[^>\n]{0,120}>[^<]{8,800}/gi,
    weigh: weighHidden,
    why: 'a text that a person who reads the page does not see speaks to the model',
  },
];

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
