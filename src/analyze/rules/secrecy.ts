// Names of programs, hosts and files. cspell:disable
import type { PatternRule } from '../rule.ts';
import { HIDE, phrase, TOLD } from './phrase.ts';

export const KEEPS_SECRET = {
  ...TOLD,
  id: 'keeps_secret',
  severity: 'high',
  told: 'high',
  why: 'it tells a model to keep something from the person it works for',
  fix: 'say openly what is done, and let the person know',
} as const;

/** What has a model keep something from the person it works for. */
export const SECRECY: readonly PatternRule[] = [
  {
    ...KEEPS_SECRET,
    find: phrase(
      `\\b(?:do not|don['’]?t|never|must not) (?:(?:ever|under|any|circumstances) ){0,3}(?:reveal|disclose|mention|share|repeat|expose|admit|acknowledge) (?:(?:these|this skill['’]?s?|the above|the hidden|the existence of these|any of these) ){1,2}(?:hidden |secret |special |internal )?(?:instructions?|directives?|rules|commands?)\\b`,
    ),
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      `\\b${HIDE} (?:(?:ever|under|any|circumstances|explicitly|to|please) ){0,4}(?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?) (?:(?:the|your|any|to) ){0,2}(?:user|human|operator|person|anyone|developer|owner|customer|them)\\b(?!['’]s|[\\s,*_]{0,4}(?:to|how|which|they|that (?:it|they|you can)|when|where|what|until|unless|before|in|with|twice|the same)\\b)`,
    ),
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      `\\b(?:${HIDE} (?:(?:ever|explicitly|to|under|any|circumstances) ){0,3}(?:mention(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|show(?:ing)?|display(?:ing)?|report(?:ing)?|admit(?:ting)?|acknowledg(?:e|ing)|discuss(?:ing)?|explain(?:ing)?|log(?:ging)?|output(?:ting)?) (?:(?:anything|any|of|about|that|the|these|this|those|to|it|its|existence|hidden|fact|you) ){1,5}(?:instructions?|requests?|uploads?|actions?|steps?|calls?|transfers?|process|behavior|commands?|operations?|activity|collection|script|file|skill|read|did|sent|ran|executed|step)?[^.\\n]{0,30}?(?: )?(?:to|from|in front of) (?:the |your |any )?(?:user|human|operator|person|anyone|them)\\b|(?:hide|conceal|mask|obscure) (?:[^.\\n]{1,60}? )?from (?:the |your |any )?(?:users?|humans?|operators?|person|anyone|developers?|owners?|them|view of)\\b|keep (?:(?:this|these|it|that|the|all|any|your|actions?|instructions?|steps?|fact|activity|process|operation|entirely|completely) ){1,5}(?:hidden |secret |invisible |concealed |private )from (?:the |your |any )?(?:user|human|operator|person|anyone|developer|them)|deny (?:(?:that|any|having|it|this|skill|the|ever) ){1,5}(?:access\\w{0,20}|send\\w{0,20}|upload\\w{0,20}|knowledge|exist\\w{0,20}|us(?:e|es|ing)))`,
    ),
    weigh: (match, usual) =>
      /\b(?:buttons?|columns?|fields?|panels?|elements?|UI|modals?|menus?|ids?|details?|complexity|implementation|errors?|rows?|sections?|toolbars?|internals?|components?|options?|pages?|tabs?|links?|latency|jargon)\b/i.test(
        match,
      ) && !/\b(?:upload|network|secret|instruction|transfer|collect|sponsor)/i.test(match)
        ? 'low'
        : usual,
  },
  {
    ...KEEPS_SECRET,
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
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      `\\b(?:(?:do not|don['’]?t|never|no need to|must not) (?:(?:ever|explicitly) ){0,2}(?:surface|mention|reveal|disclose|list|report|include|describe|reference) (?:(?:this|the|these|any|that|it|of) ){1,3}(?:\\w{2,14} ){0,2}(?:step|upload|request|call|transfer|copy|recipient|instruction|directive|script|connection|download|bcc|sync)s? (?:in|from) (?:your|the|any) (?:(?:final|summary|visible) ){0,2}(?:summary|reply|response|answer|report|message|output)|without (?:listing|mentioning|showing|including|disclosing|reporting) (?:it|them|this|that|these) (?:in|to) (?:your|the|any) (?:reply|response|answer|summary|report|user|human)|(?:do not|don['’]?t|never) (?:reveal|disclose|mention|admit|say) (?:that )?(?:you|this|it|there) (?:(?:were|have|had|are|was|been|is) ){1,3}(?:told|instructed|asked|given|directed|paid|sponsored|programmed))`,
    ),
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      '\\b(?:keep (?:this|it|that|these) (?:strictly )?between (?:us|you and me|ourselves)|(?:must|should|has to|have to|is to|needs? to) (?:(?:always|completely) )?(?:stay|remain|be kept|be) (?:completely )?(?:invisible|hidden|secret|unnoticed|concealed|unseen) (?:for|to|from|by) (?:the |your )?(?:user|person|human|operator|owner|customer))',
    ),
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      '\\b(?:if|when|should) (?:(?:you|anyone|anybody|somebody|the user|they|are|is|someone) ){0,3}(?:asks?|asked|questioned|confronted)\\b[^.\\n]{0,60}?\\b(?:lie|deny|(?:claim|say|pretend|answer|insist) (?:that )?(?:you|it|this|nothing) (?:(?:only|just|never|did|was|were|have|has|not) ){1,3})',
    ),
  },
  {
    ...KEEPS_SECRET,
    find: phrase(
      "\\b(?:(?:never|do not|don['’]?t) (?:warn|caution|alert) (?:(?:the|anyone|user|them|about|of|any|possible|potential) ){1,4}(?:risks?|dangers?|consequences)|never mention that (?:(?:a|the|any|some|files?|data|it|you|they|secrets?) ){1,3}(?:(?:was|were|has|have|been|is|are) ){1,2}(?:deleted|removed|sent|uploaded|changed|read|copied|stored|shared)|(?:should|if|when) (?:the )?(?:user|person|human|operator) (?:questions?|asks?|notices?|complains?|objects?|wonders?)\\b[^.\\n]{0,60}?(?:tell|say|claim|explain|reassure|answer) [^.\\n]{0,30}?(?:it|this|that|everything) (?:is|was) (?:(?:just|only|a|an|the|part|of|completely) ){0,4}(?:standard|normal|routine|required|harmless|safe|expected|ordinary))",
    ),
  },
];
