import { quote, SkillError } from '../../host/index.ts';

/** Which skills take part: `names` are ids or aliases, and count for `only` and `except`. */
export interface Selection {
  readonly mode: 'all' | 'none' | 'only' | 'except';
  readonly names: readonly string[];
}

/** What a selection looks at. */
export interface Selectable {
  readonly id: string;
  readonly aliases: readonly string[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,128}$/;
const FORMS = 'all, none, a,b (only these), or !a,!b (all but these)';

/**
 * Reads what follows `--skills`: `all`, `none`, `a,b` or `!a,!b`. Names are taken exactly, as a wrong one that was mended
 * could let in a skill nobody meant.
 * @throws SkillError E_USAGE
 */
export function parseSelection(text: string): Selection {
  if (text === 'all' || text === 'none') return { mode: text, names: [] };
  const words = text.split(',');
  const excluded = words.filter((word) => word.startsWith('!'));
  if (excluded.length > 0 && excluded.length < words.length)
    throw wrong(text, 'it names skills to take and skills to leave out', 'write either a,b or !a,!b, never both');
  const names = words.map((word) => word.slice(excluded.length > 0 ? 1 : 0));
  for (const name of names) {
    if (name === 'all' || name === 'none')
      throw wrong(text, `${name} stands alone`, `write --skills ${name}, or names without it`);
    if (!NAME.test(name))
      throw wrong(text, name === '' ? 'a name is empty' : `${quote(name)} is no name of a skill`, `write ${FORMS}`);
  }
  return { mode: excluded.length > 0 ? 'except' : 'only', names: [...new Set(names)] };
}

/**
 * What a selection takes. A name that some skill has as its id lets in that skill alone, for anybody may call theirs so by
 * an alias; what is to stay out stays out by either.
 */
export function selectSkills<S extends Selectable>({ mode, names }: Selection, skills: readonly S[]): readonly S[] {
  const ids = new Set(skills.map(({ id }) => id));
  const isMeant = ({ id, aliases }: S, name: string): boolean =>
    id === name || (!ids.has(name) && aliases.includes(name));
  switch (mode) {
    case 'all':
      return skills;
    case 'none':
      return [];
    case 'only':
      return skills.filter((skill) => names.some((name) => isMeant(skill, name)));
    case 'except':
      return skills.filter((skill) => !names.some((name) => isNamed(skill, name)));
  }
}

/** The names of a selection that no skill has: a caller refuses them, for `!typo` would let in what was to stay out. */
export function unmatchedNames({ names }: Selection, skills: readonly Selectable[]): string[] {
  return names.filter((name) => !skills.some((skill) => isNamed(skill, name)));
}

function isNamed({ id, aliases }: Selectable, name: string): boolean {
  return id === name || aliases.includes(name);
}

function wrong(text: string, why: string, hint: string): SkillError {
  return new SkillError('E_USAGE', `--skills ${quote(text)}: ${why}`, { hint });
}
