import { posix } from 'node:path';
import { AWK, AWK_NAMES, GIT, type Grammar, GRAMMARS, MULTI_CALL, SED, SED_NAMES } from './argument-grammar.ts';
import { isHarmlessSedCall } from './sed-script.ts';

/** Arguments by which a program would become another, or reach elsewhere. */
export interface Danger {
  /** Which of the arguments count, in order. */
  readonly places: readonly number[];
  /** What they do, after "lets it". */
  readonly does: string;
}

/**
 * The dangerous arguments of a call; undefined when there are none that are known. A word counts wherever it stands, also as
 * the value of another option and behind `--`: which words are values is known to the program alone. Pure.
 * @param real the file of the program, whose name counts as well: a link to `tar` is `tar`
 */
export function findDanger(name: string, real: string, args: readonly string[]): Danger | undefined {
  const file = posix.basename(real);
  const names = MULTI_CALL.has(file) ? [name] : [...new Set([name, file])];
  const found = names.flatMap((one) => dangersOf(one, args));
  const [first] = found;
  if (first === undefined) return undefined;
  const places = [...new Set(found.flatMap((danger) => danger.places))].toSorted((a, b) => a - b);
  return { places, does: first.does };
}

function dangersOf(name: string, args: readonly string[]): Danger[] {
  if (name === 'git') return gitDangers(args);
  if (AWK_NAMES.has(name)) return byGrammar(AWK, args);
  if (SED_NAMES.has(name)) return sedDangers(args);
  const grammar = GRAMMARS.get(name);
  if (grammar === undefined) return [];
  return name.endsWith('find') ? upToTerminator(byGrammar(grammar, args), args) : byGrammar(grammar, args);
}

function byGrammar(grammar: Grammar, args: readonly string[], from = 0): Danger[] {
  const places = args.flatMap((word, i) => {
    if (i < from) return [];
    if (grammar.isWrapper === true) return [i];
    if (grammar.words?.test(word) === true) return [i];
    const isCluster = grammar.clusterFirst === true && i === 0 && !word.startsWith('-');
    // The values of such a cluster are the words after it, in the order of its letters.
    if (isCluster) return holdsLetter(grammar, word, '') ? args.map((_word, at) => at) : [];
    return isOption(grammar, word) ? [i, i + 1].filter((at) => at < args.length) : [];
  });
  return places.length === 0 ? [] : [{ places, does: grammar.does }];
}

function isOption(grammar: Grammar, word: string): boolean {
  if (word.startsWith('--')) return isLongOption(grammar, word.slice(2));
  return word.startsWith('-') && holdsLetter(grammar, word.slice(1), grammar.values ?? '');
}

/** A long option may be shortened, and may carry its value. */
function isLongOption({ options = '', harmless = '' }: Grammar, text: string): boolean {
  const [name = ''] = text.split('=');
  if (name === '' || harmless.split(' ').includes(name)) return false;
  return options.split(' ').some((option) => option.startsWith(`--${name}`));
}

function holdsLetter({ options = '' }: Grammar, cluster: string, values: string): boolean {
  const letters = options.split(' ').flatMap((option) => (/^-[^-]$/.test(option) ? [option.slice(1)] : []));
  for (const letter of cluster) {
    if (letters.includes(letter)) return true;
    if (values.includes(letter)) return false;
  }
  return false;
}

/** What `find -exec` starts is all up to the `;` or `+` behind it. */
function upToTerminator(dangers: readonly Danger[], args: readonly string[]): Danger[] {
  return dangers.map(({ places, does }) => ({
    does,
    places: places.flatMap((at) => {
      const length = args.slice(at).findIndex((word) => word === ';' || word === '+') + 1;
      const end = /^-(?:exec|ok)/.test(args[at] ?? '') ? (length === 0 ? args.length : at + length) : at + 2;
      return args.flatMap((_word, i) => (i >= at && i < end ? [i] : []));
    }),
  }));
}

function gitDangers(args: readonly string[]): Danger[] {
  let at = 0;
  while (at < args.length && args[at]?.startsWith('-') === true) at += GIT.globalValues.has(args[at] ?? '') ? 2 : 1;
  const subcommand = args[at] ?? '';
  const letters = GIT.letters.get(subcommand);
  return [
    ...byGrammar(GIT.global, args.slice(0, at)),
    ...byGrammar(GIT.common, args),
    ...(GIT.subcommands.has(subcommand) ? [{ places: [at], does: 'start other programs, now or later' }] : []),
    ...(letters === undefined ? [] : byGrammar(letters, args, at + 1)),
  ];
}

function sedDangers(args: readonly string[]): Danger[] {
  const options = byGrammar(SED, args);
  if (options.length > 0 || isHarmlessSedCall(args)) return options;
  return [{ places: args.map((_word, i) => i), does: SED.does }];
}
