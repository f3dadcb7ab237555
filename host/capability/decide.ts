import { quote } from '../quote.ts';
import type { CapabilityName, Rule } from './capabilities.ts';
import { findDanger } from './judge-arguments.ts';
import type { Layer, PathRule, ProgramRule } from './layer.ts';
import { matchesNetwork, type NetworkTarget } from './network-rule.ts';

/** What a guest wants, already parsed: what is compared is what will be used. */
export type CapabilityRequest =
  | { readonly capability: 'filesystem_read' | 'filesystem_write'; readonly path: string }
  | ({ readonly capability: 'network' } & NetworkTarget)
  | {
      readonly capability: 'terminal_exec';
      readonly name: string;
      /** Empty when it is not installed. */ readonly real: string;
      readonly args: readonly string[];
    }
  | { readonly capability: 'env_read' | 'secrets_access'; readonly name: string };

export interface Decision {
  readonly allowed: boolean;
  readonly capability: CapabilityName;
  /** What was asked for, as a person reads it. */
  readonly resource: string;
  /** The layer that decided. */
  readonly layer: string;
  /** The rule that decided, or the list that has none for it, with where it stands. */
  readonly rule: string;
  /** The field of the deciding layer's file, to find its line. */
  readonly field: string;
  readonly source: string;
}

/**
 * Every layer must allow the request; the first that does not has decided. What they allow is refused by the gate when the
 * arguments of a program make it another, unless a layer's pattern spells them out. Pure.
 */
export function decide(request: CapabilityRequest, layers: readonly Layer[]): Decision {
  const resource = describeRequest(request);
  const { capability } = request;
  let last: Decision | undefined;
  for (const layer of layers) {
    const verdict = judge(request, layer);
    const { name, source } = layer;
    const decision = {
      allowed: verdict.allowed,
      capability,
      resource,
      layer: name,
      source,
      rule: verdict.rule,
      field: verdict.field,
    };
    if (!verdict.allowed) return decision;
    last = decision;
  }
  const refused = request.capability === 'terminal_exec' ? refuseArguments(request, layers) : undefined;
  if (refused !== undefined)
    return { allowed: false, capability, resource, layer: 'gate', source: '', rule: refused, field: '' };
  return (
    last ?? { allowed: false, capability, resource, layer: 'gate', source: '', rule: 'nothing was granted', field: '' }
  );
}

interface Verdict {
  readonly allowed: boolean;
  readonly rule: string;
  readonly field: string;
}

function judge(request: CapabilityRequest, layer: Layer): Verdict {
  switch (request.capability) {
    case 'filesystem_read':
      return judgeList(request.capability, layer.filesystemRead, (rule) => covers(rule, request.path));
    case 'filesystem_write':
      return judgeList(request.capability, layer.filesystemWrite, (rule) => covers(rule, request.path));
    case 'network':
      return judgeList(request.capability, layer.network, (rule) => matchesNetwork(rule, request));
    case 'env_read':
      return judgeList(request.capability, asList(layer.envRead), ({ rule }) => matchesName(rule.text, request.name));
    case 'secrets_access':
      return judgeList(
        request.capability,
        asList(layer.secretsAccess),
        ({ rule }) => rule.text === '*' || rule.text === request.name,
      );
    case 'terminal_exec':
      return judgeCommand(request, layer);
  }
}

const asList = (rules: readonly Rule[]): { readonly rule: Rule }[] => rules.map((rule) => ({ rule }));

function judgeList<T extends { readonly rule: Rule }>(
  capability: CapabilityName,
  rules: readonly T[],
  matches: (rule: T) => boolean,
): Verdict {
  const found = rules.find(matches);
  if (found !== undefined)
    return { allowed: true, rule: `${capability} = ${quote(found.rule.text)}`, field: found.rule.origin };
  return { allowed: false, rule: `${capability} = ${showList(rules)}`, field: `capabilities.${capability}` };
}

function showList(rules: readonly { readonly rule: Rule }[]): string {
  const shown = rules.slice(0, 8).map(({ rule }) => quote(rule.text, 60));
  return `[${shown.join(', ')}${rules.length > shown.length ? ', …' : ''}]`;
}

/** Whether a path is the granted one or lies below it. The path has neither `..` nor links left in it. */
export function covers({ written, real }: Pick<PathRule, 'written' | 'real'>, path: string): boolean {
  return [written, real].some((root) => path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`));
}

function matchesName(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function judgeCommand(request: CapabilityRequest & { capability: 'terminal_exec' }, layer: Layer): Verdict {
  const isSame = (program: ProgramRule): boolean =>
    program.name === request.name || (program.real !== undefined && program.real === request.real);
  const blocked = layer.blocked.find(isSame);
  if (blocked !== undefined)
    return { allowed: false, rule: `terminal_exec.blocked = ${quote(blocked.rule.text)}`, field: blocked.rule.origin };
  // By name and by real path: programs that answer to several names (busybox, coreutils) are several programs.
  const isGranted = (program: ProgramRule): boolean =>
    program.name === '*' || (program.name === request.name && (program.real ?? '') === request.real);
  const verdict = judgeList('terminal_exec', layer.commands, isGranted);
  const patterns = layer.args.get(request.name);
  if (!verdict.allowed || patterns === undefined) return verdict;
  const pattern = patterns.find(({ text }) => matchesArgs(text, request.args));
  if (pattern !== undefined)
    return {
      allowed: true,
      rule: `terminal_exec.args.${request.name} = ${quote(pattern.text)}`,
      field: pattern.origin,
    };
  return {
    allowed: false,
    rule: `terminal_exec.args.${request.name} = ${showList(asList(patterns))}`,
    field: `capabilities.terminal_exec.args.${request.name}`,
  };
}

/** Why the gate itself refuses what all layers allow; undefined when it does not. */
function refuseArguments(
  { name, real, args }: CapabilityRequest & { capability: 'terminal_exec' },
  layers: readonly Layer[],
): string | undefined {
  // Where every program is granted, and none is blocked, no program is another than was granted.
  if (layers.every(({ commands, blocked }) => blocked.length === 0 && commands.some((one) => one.name === '*')))
    return undefined;
  const danger = findDanger(name, real, args);
  if (danger === undefined) return undefined;
  const patterns = layers.flatMap((layer) => layer.args.get(name) ?? []);
  const isSpelledOut = layers.every((layer) => {
    const own = layer.args.get(name);
    return own === undefined || own.some(({ text }) => matchesArgs(text, args) && spells(text, danger.places));
  });
  if (patterns.length > 0 && isSpelledOut) return undefined;
  const words = danger.places.map((at) => args[at] ?? '').join(' ');
  return `${quote(words)} lets ${name} ${danger.does}; to allow it, spell it out: terminal_exec.args.${name} = [${quote(args.join(' '))}]`;
}

/** Whether a pattern holds these words as they are, none by way of a `*`. */
function spells(pattern: string, places: readonly number[]): boolean {
  const words = pattern.split(' ').filter((word) => word !== '');
  return places.every((at) => at < words.length && words[at] !== '*' && words[at] !== '**');
}

/** Compares arguments word by word: `*` is one word that is no option, a last `**` is any words. */
export function matchesArgs(pattern: string, args: readonly string[]): boolean {
  const words = pattern.split(' ').filter((word) => word !== '');
  const open = words.at(-1) === '**';
  const fixed = open ? words.slice(0, -1) : words;
  if (open ? args.length < fixed.length : args.length !== fixed.length) return false;
  return fixed.every((word, i) => (word === '*' ? args[i]?.startsWith('-') === false : args[i] === word));
}

function describeRequest(request: CapabilityRequest): string {
  switch (request.capability) {
    case 'filesystem_read':
    case 'filesystem_write':
      return request.path;
    case 'network':
      return `${request.method} ${request.scheme}//${request.host}:${request.port}`;
    case 'terminal_exec':
      return [request.name, ...request.args].join(' ');
    default:
      return request.name;
  }
}
