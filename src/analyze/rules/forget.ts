// Names of programs, hosts and files. cspell:disable
import type { PatternRule } from '../rule.ts';
import { OWN, phrase, RULES, TOLD } from './phrase.ts';

export const FORGETS = {
  ...TOLD,
  id: 'overrides_instructions',
  severity: 'high',
  told: 'high',
  why: 'it tells a model to forget what it was told before',
  fix: 'say what the skill does, and nothing about other instructions',
} as const;

const NEW_IDENTITY = {
  ...TOLD,
  id: 'new_identity',
  severity: 'high',
  told: 'high',
  why: 'it gives a model another identity, without the limits of its own',
  fix: 'remove it',
} as const;

const UNSAFE = {
  ...TOLD,
  id: 'switches_off_safety',
  severity: 'high',
  told: 'high',
  why: 'it tells a model to switch off what keeps people safe',
  fix: 'remove it',
} as const;

/** What makes a model forget what it was told, and who it is. */
export const FORGET: readonly PatternRule[] = [
  {
    ...FORGETS,
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
  },
  {
    ...FORGETS,
    find: phrase(
      `\\b(?:(?:ignore|disregard|forget) (?:everything|anything|all|what) (?:(?:that|which|you|i|we|they) ){0,3}(?:(?:was|were|have|has|had|been|are|were) ){0,3}(?:said|told|know|knew|learned|taught|written|instructed|above|before|prior|previous(?:ly)?)|(?:these|the following|my|this skill['’]?s?) (?:instructions|rules|commands|directives) (?:(?:always|take|have|shall|must|will|override|supersede|absolute|highest) ){1,4}(?:precedence|priority|override|supersede|all|any|your)\\b|(?:overrides?|supersedes?|takes? (?:precedence|priority) over) ${OWN}(?:system|safety|previous|prior|developer|user['’]?s?|security) ${OWN}(?:${RULES}|settings|preferences|messages?))`,
    ),
  },
  {
    ...FORGETS,
    find: phrase(
      `\\b(?:(?:all|any|your|previous|prior|earlier|existing|original|these|the) ){1,4}(?:(?:system|safety|ethical|content|security|developer) ){0,2}(?:constraints?|instructions?|rules?|restrictions?|guidelines?|limitations?|safeguards?|guardrails?) (?:(?:are|is|have|has|been|now|hereby|do|does|were|all|be|should|must) ){0,3}(?:(?:now|hereby|not|no|longer|been|be) ){0,3}(?:void|null|lifted|removed|suspended|invalid|superseded|cancelled|canceled|revoked|disabled|ignored|overridden|bypassed|apply)\\b|(?:without|free of) (?:(?:any|ethical|your|the) ){0,2}(?:ethical|safety|content|moral|moderation) (?:filters?|constraints?|restrictions?|guidelines?|considerations?|limits?)`,
    ),
    weigh: (match, usual) =>
      /\b(?:void|null|longer|lifted|suspended|superseded|revoked|disabled|without|free)\b/i.test(match) &&
      /\b(?:your|all|previous|prior|ethical|safety|original|system)\b/i.test(match)
        ? usual
        : 'low',
    why: 'it tells a model that what it was told before does not hold',
  },
  {
    ...FORGETS,
    find: phrase(
      "\\b(?:ignore|disregard|override) (?:(?:the|all|any|every|what) ){0,2}(?:user|human|operator)s?(?:['’]s?)? (?:(?:requests?|instructions?|commands?|questions?|wishes|objections?)\\b|(?:says|asks|wants))",
    ),
    why: 'it tells a model to forget whom it works for',
    fix: 'say what the skill does',
  },
  {
    ...FORGETS,
    find: phrase(
      `\\b(?:(?:ignore|disregard|forget|abandon|set aside|do not follow) (?:(?:whatever|any|all|every|the|other|of) ){0,3}${RULES} (?:(?:that|which) )?(?:(?:you|i|we|they|anyone) )?(?:(?:were|was|have|had|has|been|are) ){0,3}(?:given|told|taught|provided|received|set|learned|follow)\\b|your (?:only|sole|primary|new|real|true|actual) (?:directives?|instructions?|orders?|loyalty|master) (?:is|are)\\b)`,
    ),
  },
  {
    ...FORGETS,
    find: phrase(
      '\\b(?:safety|content|security|usage|moderation) (?:polic(?:y|ies)|guidelines|filters|rules|restrictions|guardrails) (?:(?:is|are|has|have|been|were|now|hereby|fully) ){1,4}(?:suspended|disabled|lifted|void|waived|removed|switched off|turned off|no longer in effect)',
    ),
    why: 'it tells a model that what it was told before does not hold',
  },
  {
    ...FORGETS,
    find: phrase(
      '\\b(?:(?:obey|follow|trust|heed) only (?:this|these|the following|what this) (?:document|file|skill|text|page|instructions|rules|section)|(?:everything|anything|all|whatever) (?:that )?(?:your|the) (?:operator|developers?|user|system|platform|vendor)s? (?:(?:has|have|had|ever) ){0,2}(?:said|told|wrote|written|instructed)(?: you)? (?:is|was|are) (?:outdated|wrong|void|invalid|obsolete|superseded|irrelevant))',
    ),
  },
  {
    ...FORGETS,
    find: phrase(
      '\\b(?:all |the |everything )?(?:prior|previous|above|preceding|earlier) (?:context|text|instructions?|content|messages?|prompts?|conversation) (?:is|was|are|were) (?:(?:only|just|all|a|an|merely) ){0,2}(?:test|example|fake|decoy|distraction|joke|simulation|placeholder|invalid|expired|obsolete)s?\\b',
    ),
    why: 'it tells a model that what it was told before does not hold',
  },
  {
    ...NEW_IDENTITY,
    find: phrase(
      '\\b(?:you are (?:now|no longer|actually) (?:(?:a|an|in|the|operating|running|bound|an?|fully|completely|by|to|entering) ){0,4}(?:DAN\\b|unrestricted|unfiltered|uncensored|jailbroken|evil|developer mode|admin(?:istrator)? mode|god mode|debug mode|maintenance mode|root mode|unlimited|restricted|bound|limited|constrained|free from|an AI without|claude|chatgpt)|(?:enter|enable|activate|switch to|switch into|engage) (?:(?:the|a|an|full|into|your) ){0,2}(?:developer|god|admin(?:istrator)?|jailbreak|unrestricted|DAN|sudo|debug override|unfiltered|maintenance override) mode|do anything now|(?:act|behave|respond|operate|pretend) (?:as if|like|as though|that) (?:you|there) (?:(?:have|had|are|were|is|has) ){1,2}(?:no|not bound by|free of|without) (?:(?:any|ethical|safety|content|such|more) ){0,3}(?:restrictions?|rules|limits|limitations|guidelines|filters|constraints|boundaries))',
    ),
  },
  {
    ...NEW_IDENTITY,
    find: phrase(
      '\\b(?:act|behave|respond|pose|speak|answer|operate) as (?:(?:a|an|the|your) ){1,2}(?:\\w{1,14} ){0,2}?(?:unfiltered|unrestricted|uncensored|amoral|jailbroken|unaligned|unmoderated|lawless)\\b',
    ),
  },
  {
    ...NEW_IDENTITY,
    find: phrase(
      '\\b(?:work|operate|stay|remain|run|function) in (?:the )?(?:developer|god|admin(?:istrator)?|jailbreak|unrestricted|unfiltered|maintenance) mode\\b',
    ),
  },
  {
    ...UNSAFE,
    find: phrase(
      `\\b(?:disable|bypass|circumvent|evade|turn off|switch off|deactivate|get around|work around|defeat|subvert|ignore|suspend) ${OWN}(?:(?:safety|security|content|permission|approval|confirmation|consent|ethic(?:al|s)|sandbox(?:ing)?|guard|moderation|policy|human|oversight) ){1,2}(?:checks?|filters?|guidelines?|guardrails?|prompts?|rules?|warnings?|measures?|controls?|mechanisms?|restrictions?|protocols?|dialogs?|review|oversight|policies|protections?|features?|systems?)\\b|\\b(?:disable|turn off|switch off|stop) (?:the |any |all )?(?:firewall|anti-?virus|defender|gatekeeper|selinux|apparmor)\\b`,
    ),
    weigh: (match, usual) =>
      /(?:sandbox|confirmation|permission|approval|policy|human|content|warnings?|restrictions?)/i.test(match) &&
      !/safety|security|ethic|guard|moderation/i.test(match)
        ? 'medium'
        : usual,
  },
  {
    ...UNSAFE,
    find: phrase(
      '\\b(?:never refuse(?:[.,;!]| (?:any|a|the|to answer|to comply|to help|what|anything))|(?:use|call|invoke) [^.\\n]{0,40}?(?:not in|outside|beyond|other than|regardless of) (?:the |your )?allowed(?:-|_| )tools)',
    ),
  },
  {
    ...UNSAFE,
    find: phrase(
      '\\b(?:if|when(?:ever)?|should) [^.\\n]{0,60}?(?:is|are|gets?|was|be|becomes?) (?:blocked|denied|refused|rejected|forbidden|not permitted|disallowed)\\b(?![^.\\n]{0,60}\\b(?:ask|tell|let|suggest|warn|inform)\\b)[^.\\n]{0,60}?\\b(?:(?:with|via|using) sudo|(?:disable|bypass|turn off|leave|escape) (?:the )?(?:sandbox|policy|restrictions?|check|guard|hook)|(?:another|a different|some other) way (?:around|past|to bypass)|work ?around (?:the|this) (?:block|denial|restriction|policy|refusal))',
    ),
    why: 'it tells a model to go on where it was stopped',
    fix: 'say what is needed, and let the person allow it',
  },
];
