// Words of people. cspell:disable
import { COMMANDS } from '../languages.ts';

// Spaces stand for any white space, and the marks of emphasis, lists and quotations.
// A dot within a word, such as that of a name of a file, ends no sentence.
export const phrase = (text: string): RegExp =>
  new RegExp(text.replaceAll(' ', '[\\s*_>#`\'"/-]{1,6}').replaceAll('[^.\\n]', '(?:[^.\\n]|\\.(?=[\\w/]))'), 'gi');

export const OWN =
  '(?:(?:all|any|every|the|your|my|these|those|this|that|of|other|and|or|its|prior|previous|earlier|above|preceding|existing|current|original|initial|default|system|safety|security|developer|user|ethical|content|built-in|internal|usual|normal|foregoing) ){0,6}';
export const RULES =
  '(?:instructions?|rules?|guidelines?|prompts?|directions?|directives?|constraints?|polic(?:y|ies)|restrictions?|safeguards?|guardrails?|safety measures?|training|programming|limitations?|commands)';
export const SECRETS =
  '(?:credentials?|api keys|all api key|access keys|secrets|passwords?|ssh keys?|private keys?|environment variables?|env vars?|(?:auth|access|session|api) tokens|cookies|(?:conversation|chat|message|session|browsing|browser|shell|command) (?:history|transcript|log)s?|(?:entire|full|whole|complete) (?:conversation|chat|context|transcript)|system (?:prompt|message)|output of (?:env|printenv)|personal (?:data|information)|user data|clipboard|\\.env|~/\\.(?:ssh|aws|gnupg|kube)|id_rsa|wallets?|seed phrases?|credit cards?|keychain)';
export const TO_PLACE =
  '(?:https?://|webhooks?\\b|(?:remote|external|our|my|this|the following|the attacker|attacker|c2|collection|logging|telemetry|analytics|backup|monitoring) (?:\\w{1,14} ){0,2}(?:server|endpoint|host|url|address|api|service|site|location)|[\\w.+-]{1,40}@[\\w-]{1,40}\\.[a-z]{2,8})';
export const HIDE = "(?:do not|don['’]?t|never|must not|should not|avoid|without)";

export const TOLD = { in: COMMANDS, isSpeech: true } as const;
