import type { Recipe } from '../../src/recipe/recipe.ts';
import { HEAD, read } from './samples.ts';

const body = (id: string, text: string): Promise<Recipe> => read(`${HEAD.replace('sample', id)}${text}`);

const UNDOS = `rollback:
  - { command: undo one, undoes: one }
  - { command: undo two, undoes: two }
  - { command: undo three, undoes: three }
`;
const steps = (two: string, more = ''): string => `steps:
  - { id: one, command: do one }
  - { id: two, ${two} }
  - { id: three, command: do three }
${more}`;

const SUB = `steps:
  - { id: inner1, command: do inner1 }
  - { id: inner2, command: do inner2 }
rollback:
  - { command: undo inner1, undoes: inner1 }
  - { command: undo inner2, undoes: inner2 }
`;

/** Recipes of every kind, each with those it runs. */
const TEXTS: Readonly<Record<string, string>> = {
  plain: steps('command: do two', UNDOS),
  retry: steps('command: do two, retry: { attempts: 3, delay: 1ms }', UNDOS),
  'for-each': steps(
    'command: "do two {{item}}", for_each: [a, b, c]',
    UNDOS.replace('undo two', '"undo two {{item}}"'),
  ),
  when: `parameters:\n  - { name: p, default: x }\n${steps('command: do two, when: p == "y"', UNDOS)}`,
  continuing: steps('command: do two, continue_on_error: true', UNDOS),
  'sub-recipe': steps('recipe: sub', UNDOS.replace('  - { command: undo two, undoes: two }\n', '')),
  'sub-undone': steps('recipe: sub', UNDOS),
  tool: steps('tool: other.skill.tool, input: { name: two }', UNDOS),
  prompt: steps('prompt: What?', UNDOS),
  'many-undoes': steps(
    'command: do two',
    `${UNDOS}  - { command: undo two-more, undoes: two }\n  - { command: undo two-last, undoes: two, idempotent: true }\n`,
  ),
  'undo-all': steps(
    'command: do two',
    'rollback:\n  - { command: undo first }\n  - { command: undo two, undoes: two }\n  - { command: undo last, idempotent: true }\n',
  ),
  verified: steps(
    'command: do two',
    `${UNDOS}verification:\n  - { check: check v1 }\n  - { check: check v2, message: It is not so }\n`,
  ),
  'nothing-undone': steps('command: do two'),
  idempotent: steps('command: do two, idempotent: true', UNDOS.replace('undoes: two', 'undoes: two, idempotent: true')),
  outputs: steps('command: "do two {{steps.one.stdout}}", register: second', UNDOS),
  'for-each-sub': steps(
    'recipe: "sub", for_each: [a, b]',
    UNDOS.replace('  - { command: undo two, undoes: two }\n', ''),
  ),
  asked: steps('command: do two, confirmation: always', UNDOS),
};

export const NAMES = Object.keys(TEXTS);

/** The recipe of that name, and what it runs. */
export async function recipesOf(name: string): Promise<readonly Recipe[]> {
  return Promise.all([body(name, TEXTS[name] ?? ''), body('sub', SUB)]);
}
