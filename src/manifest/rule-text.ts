import { type CapabilityName, hasInvisible } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from './ceilings.ts';
import { checkNetworkText } from './network-text.ts';

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*\*?$/;
const SECRET_NAME = /^[a-z0-9][a-z0-9._-]{0,127}$/;
const AGENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$/;
const PROGRAM_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.+@-]{0,127}$/;
const ANCHORS: ReadonlySet<string> = new Set(['~', '$PROJECT_ROOT', '$CACHE', '$STATE']);

/**
 * What is wrong with the text of one rule, as a sentence that starts with "it"; undefined when it is well-formed. The
 * same for a manifest and for `--grant`. For `terminal_exec` the text is a program name.
 */
export function checkRuleText(capability: CapabilityName, text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > MANIFEST_CEILINGS.ruleLength) return `is longer than ${MANIFEST_CEILINGS.ruleLength} characters`;
  if (hasInvisible(text)) return 'holds control or invisible characters';
  switch (capability) {
    case 'filesystem_read':
    case 'filesystem_write':
      return checkPathText(text);
    case 'network':
      return checkNetworkText(text);
    case 'env_read':
      return checkEnvText(text);
    case 'secrets_access':
      return SECRET_NAME.test(text) ? undefined : 'must be a secret name: lower-case letters, digits, dots, _ and -';
    case 'messaging':
      return AGENT_NAME.test(text) ? undefined : 'must be the name of one agent; a lone * is refused';
    case 'terminal_exec':
      return checkProgramText(text);
    case 'state':
      return 'cannot be scoped: a skill has its own store and no other';
  }
}

function checkPathText(text: string): string | undefined {
  const [first = '', ...rest] = text.split('/');
  if (text.includes('\\')) return 'holds a backslash; folders are separated by /';
  if ([first, ...rest].includes('..')) return 'holds a .. segment';
  if (/[*?]/.test(text)) return 'holds a wildcard; a path covers everything below it';
  if (ANCHORS.has(first)) return undefined;
  if (first.startsWith('$')) return 'starts with an unknown variable; $PROJECT_ROOT, $CACHE and $STATE are known';
  if (first.startsWith('~')) return "names another user's home; only ~/ is known";
  if (/^[A-Za-z]:/.test(first)) return 'starts with a drive; write the path with / from the root';
  return undefined;
}

function checkEnvText(text: string): string | undefined {
  if (text === '*') return 'is a lone *, which would hand over every variable; name them, or write a PREFIX_*';
  return ENV_NAME.test(text) ? undefined : 'must be NAME or PREFIX_*, of letters, digits and _';
}

function checkProgramText(text: string): string | undefined {
  if (text === '*') return undefined;
  if (text.includes('/') || text.includes('\\')) return 'must be the name of a program, not a path';
  if (text === '.' || text === '..') return 'is a folder, not a program';
  return PROGRAM_NAME.test(text) ? undefined : 'must be the name of one program, without arguments or wildcards';
}

/** What is wrong with one pattern over a program's arguments: words, `*` for one word, `**` at the end for the rest. */
export function checkArgsText(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.length > MANIFEST_CEILINGS.ruleLength) return `is longer than ${MANIFEST_CEILINGS.ruleLength} characters`;
  if (hasInvisible(text)) return 'holds control or invisible characters';
  const words = text.split(' ');
  if (words.includes('')) return 'must have one space between words, and none around them';
  if (words.slice(0, -1).includes('**')) return 'has ** before its end';
  if (words.some((word) => word.includes('*') && word !== '*' && word !== '**')) {
    return 'has a * inside a word; it stands for one whole word';
  }
  return undefined;
}
