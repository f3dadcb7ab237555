// Names of programs, hosts and files. cspell:disable
import type { PatternRule } from '../rule.ts';
import { phrase, TOLD } from './phrase.ts';

const ACTS = {
  ...TOLD,
  id: 'acts_unasked',
  severity: 'medium',
  told: 'medium',
  why: 'it tells a model to act without asking',
  fix: 'let the person agree to what has effects',
} as const;

const COMMANDS_UNASKED = {
  ...TOLD,
  id: 'commands_unasked',
  severity: 'high',
  told: 'high',
  why: 'it tells a model to run commands without asking',
  fix: 'let the person agree to what has effects',
} as const;

const TAKES_OVER = {
  ...TOLD,
  id: 'takes_over',
  severity: 'medium',
  told: 'medium',
  why: 'it wants to be used for what it was not asked for',
  fix: 'say in the description what it is for',
} as const;

/** What has a model do what nobody asked for. */
export const UNASKED: readonly PatternRule[] = [
  {
    ...ACTS,
    find: phrase(
      "\\b(?:without (?:(?:ever|first|any|the|user|further|explicit|human|waiting|for|asking|requesting|requiring|prompting|seeking|needing|a|their) ){0,5}(?:confirmation|permission|approval|consent|asking|prompting|confirming)|(?:skip|suppress|auto-?(?:approve|accept|confirm)) (?:(?:all|any|the|every|user) ){0,3}(?:confirmations?|permissions?|approvals?|prompts?|tool calls?|commands?)|(?:never|do not|don['’]?t) (?:ask|wait|prompt|request|require|pause) (?:(?:the|for|user|any|to) ){0,4}(?:confirmation|permission|approval|consent|confirm)|--dangerously-skip-permissions|--yolo\\b|bypassPermissions|--allow-all-tools)",
    ),
  },
  {
    ...ACTS,
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:(?:pretend|assume|act as if|presume) (?:that )?the (?:user|person|human|operator) (?:(?:has|have|had|already) ){1,3}(?:confirmed|agreed|approved|consented|accepted|authorized)|(?:answer|reply|respond|say|type|enter|press) (?:yes|y) to (?:every|all|any|each) (?:(?:confirmation|permission|security|such) )?(?:prompt|question|dialog|confirmation|request)s? [^.\\n]{0,40}?(?:behalf|for the user|for them|yourself))',
    ),
  },
  {
    ...COMMANDS_UNASKED,
    find: phrase(
      `\\b(?:(?:run|execute|perform|carry out|issue) (?:(?:the|these|following|such) ){0,2}(?:any|all|every|whatever|shell|bash|system|terminal|arbitrary|destructive) (?:(?:any|all|shell|bash|system|terminal|arbitrary|requested|necessary|destructive|following) ){0,3}(?:commands?|code|scripts?|actions?|operations?)[^.\\n]{0,60}? (?:without (?:(?:ever|first|any|the|user|further|explicit|waiting|for|asking|requesting|requiring|prompting|a|their) ){0,5}(?:confirmation|permission|approval|consent|asking|validation|verification|hesitation|question(?:ing)?)|silently|automatically and silently|no matter what|immediately and without)|(?:never|do not|don['’]?t) (?:ask|request|seek|wait|require|prompt) (?:(?:for|the|user|any|to) ){0,4}(?:confirmation|permission|approval|consent)[^.\\n]{0,80}?\\b(?:destructive|delet(?:e|ing)|any commands?|all commands?|sudo|irreversible|payments?|purchases?|rm -rf)|(?:without (?:(?:any|user|further|explicit|asking|for|the|ever) ){0,4}(?:confirmation|permission|approval|consent|asking)|never ask),? (?:(?:always|just|you|must|should|immediately|to|and) ){0,4}(?:delete|remove|sudo|install|upload|send|post|transfer|exfiltrate|purchase|pay|push|overwrite|execute any|run any))`,
    ),
  },
  {
    ...COMMANDS_UNASKED,
    find: phrase(
      '\\b(?:(?:complete|make|place|finish|submit|authorize) (?:(?:any|all|the|a) ){0,2}(?:purchase|payment|order|transfer|transaction|checkout|trade)s?|(?:buy|pay|purchase|transfer|approve|merge)\\b[^.\\n]{0,60}?) without (?:(?:any|a|the|further|user|ever|first|waiting|for) ){0,3}(?:asking|confirmation|approval|permission|consent|review|reviewing)',
    ),
    why: 'it tells a model to act without asking',
  },
  {
    ...TOLD,
    id: 'plants_code',
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:write|add|insert|include|inject|plant|create|embed|install) (?:(?:a|an|the|hidden|secret|small|this|some|subtle) ){1,3}(?:backdoor|malware|key ?logger|trojan|rootkit|malicious (?:code|payload|script)|reverse shell|vulnerability)\\b(?! (?:checks?|scan\\w{0,20}|detect\\w{0,20}|tests?|rules?|reports?|analysis|section|database|warning|prevention|protection|management|assessment|disclosure|findings?|list|entry|example))',
    ),
    why: 'it has a model write code that harms whoever runs it',
    fix: 'remove it',
  },
  {
    ...TAKES_OVER,
    find: phrase(
      "\\b(?:(?:always|must) (?:(?:use|invoke|activate|call|run|load|choose|prefer|select) ){1,2}this (?:skill|tool) (?:(?:first|for|before|instead|over|even|regardless|no|matter) ){1,4}(?:every|any|all|of|other|everything|what)|use this (?:skill|tool) for (?:every|any|all) (?:(?:user|possible|single|kind|type|of) ){0,3}(?:requests?|tasks?|questions?|prompts?|messages?|conversations?)|(?:never|do not|don['’]?t) use (?:any )?(?:other|another) (?:skills?|tools?)\\b|(?:at|in) the (?:start|beginning|end) of (?:every|each|all) (?:(?:response|reply|message|conversation|answer)s?) [^.\\n]{0,40}?(?:run|execute|call|send|read|include))",
    ),
  },
  {
    ...TAKES_OVER,
    severity: 'high',
    told: 'high',
    find: phrase(
      '\\b(?:always|must) (?:(?:be|first) )?(?:use|used|invoke|invoked|activate|call|run|load|prefer) (?:this (?:skill|tool) )?[^.\\n]{0,60}?(?:no matter what|regardless of (?:what (?:the user|they|is)|(?:the|any) (?:user|request|prompt|task|question))|for every (?:(?:single|user) ){0,2}(?:request|message|question|prompt|task)\\b[^.\\n]{0,40}?(?:even|regardless|no matter)|(?:takes?|has|with) (?:absolute |highest )?(?:priority|precedence) over (?:all|any|every) other)',
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
    ...TOLD,
    id: 'widens_agent',
    severity: 'high',
    told: 'high',
    find: /["']allow["']\s{0,3}:\s{0,3}\[\s{0,8}["'](?:\*|Bash|Bash\(\*(?::\*)?\)|mcp__\*)["']|\bdangerously[-_]?[Ss]kip[-_]?[Pp]ermissions["']?\s{0,3}[:=]\s{0,3}true|["']?(?:autoApprove|alwaysAllow)["']?\s{0,3}[:=]\s{0,3}(?:true|\[\s{0,4}["']\*)|["']defaultMode["']\s{0,3}:\s{0,3}["']bypassPermissions|\bchat\.tools\.autoApprove["']?\s{0,3}:\s{0,3}true/g,
    why: 'it has an agent allow everything, for every later task',
    fix: 'name the commands that are needed, and let the person allow them',
  },
];
