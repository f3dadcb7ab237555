import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/recipe/perform.ts';
import { performCommand } from '../../src/recipe/perform.ts';
import type { Ports } from '../../src/recipe/ports.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import type { Value } from '../../src/recipe/value.ts';
import { Values } from '../../src/recipe/values.ts';
import { door, type Door } from '../host/command/command-fixture.ts';
import { injections, OPTIONS } from './injections.ts';
import { HEAD, read } from './samples.ts';

const SHELL_PATH = '/usr/bin:/bin';
/** Where each value starts programs of its own, every third is tried. */
const SLOW = 3;

/** Everything but commands is out of reach. */
function portsOf({ commands }: Door): Ports {
  const never = (): never => {
    throw new Error('nobody is asked');
  };
  return {
    commands,
    asker: { confirm: never, answer: never, settle: never },
    callTool: never,
    onProgress: () => undefined,
    redact: (text) => text,
    sleep: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
}

async function perform(here: Door, recipe: Recipe, given: Readonly<Record<string, Value>>, step = 0): Promise<Outcome> {
  const { action, manner, expect: wanted } = recipe.steps[step] ?? {};
  if (
    action === undefined ||
    manner === undefined ||
    wanted === undefined ||
    !('words' in action || 'script' in action)
  )
    throw new Error('no command');
  const parameters = new Map(Object.entries(given));
  const values = new Values({ recipe, parameters, outputs: new Map(), variable: () => undefined });
  return performCommand(action, manner, { values, expect: wanted }, portsOf(here));
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** A recipe with parameters `v0`, `v1`, …, and one step. */
function recipeOf(count: number, step: string, allow = ''): Promise<Recipe> {
  const parameters = Array.from({ length: count }, (_, i) => `  - { name: v${i}${allow} }\n`).join('');
  return read(`${HEAD}parameters:\n${parameters}steps:\n  - id: one\n${step}`);
}

const each = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join(' ');
const named = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, i) => [`v${i}`, value]));

describe('a value is one word, whatever it is [R-RECIPE-4]', () => {
  const here = (): Door & { canary: string } => {
    const made = door({ rules: { commands: ['tell', 'sh'] }, path: SHELL_PATH });
    return Object.assign(made, { canary: join(made.root, 'canary') });
  };

  it('in the arguments of a program: byte by byte', async () => {
    const made = here();
    const values = injections(made.canary).filter((value) => !value.startsWith('-'));
    expect(values.length).toBeGreaterThanOrEqual(350);
    for (const batch of batches(values, 60)) {
      const forms: ((i: number) => string)[] = [
        (i) => `{{v${i}}}`,
        (i) => `"{{v${i}}}"`,
        (i) => `'{{ v${i} }}'`,
        (i) => `--x={{v${i}}}`,
        (i) => `"a {{v${i}}} b"`,
      ];
      const args = forms.map((form) => each(batch.length, form)).join(' ');
      const recipe = await recipeOf(batch.length, `    command: >-\n      tell ${args}\n`);
      const { error, output } = await perform(made, recipe, named(batch));
      expect(error).toBeUndefined();
      const { argv } = JSON.parse(output.stdout) as { argv: string[] };
      expect(argv).toEqual([
        ...batch,
        ...batch,
        ...batch,
        ...batch.map((value) => `--x=${value}`),
        ...batch.map((value) => `a ${value} b`),
      ]);
    }
    expect(existsSync(made.canary)).toBe(false);
  });

  it('in the environment of a program: byte by byte', async () => {
    const made = here();
    for (const batch of batches(injections(made.canary), 60)) {
      const env = batch.map((_, i) => `      V${i}: "{{v${i}}}"\n`).join('');
      const recipe = await recipeOf(batch.length, `    command: tell\n    env:\n${env}`);
      const { output } = await perform(made, recipe, named(batch));
      const told = JSON.parse(output.stdout) as { env: Record<string, string> };
      expect(batch.map((_, i) => told.env[`V${i}`])).toEqual(batch);
    }
    expect(existsSync(made.canary)).toBe(false);
  });

  it.each<[what: string, script: (i: number) => string]>([
    ['as a word', (i) => `printf '%s\\n--\\n' {{v${i}}}`],
    ['behind other text', (i) => `printf '%s\\n--\\n' ''{{v${i}}}`],
    ['in a command substitution', (i) => `printf '%s\\n--\\n' "$(printf %s. {{v${i}}} | sed '$s/\\.$//')"`],
    ['in a subshell', (i) => `(printf '%s\\n--\\n' {{v${i}}})`],
    ['in a pipe', (i) => `printf '%s\\n' {{v${i}}} | cat; echo --`],
    ['assigned', (i) => `X={{v${i}}}; printf '%s\\n--\\n' "$X"`],
    ['behind a comment with quotes', (i) => `# don't "do\nprintf '%s\\n--\\n' {{v${i}}}`],
    ['in a condition', (i) => `if [ x = x{{v${i}}} ]; then echo; else printf '%s\\n' {{v${i}}}; fi; echo --`],
    ['in a loop', (i) => `for x in {{v${i}}}; do printf '%s\\n--\\n' "$x"; done`],
  ])('in a script, %s: byte by byte', async (what, script) => {
    const made = here();
    // A command substitution drops the ends of lines, and that is all it does.
    const isTrimmed = what.includes('substitution');
    const isSlow = /substitution|subshell|pipe/.test(what);
    const values = injections(made.canary)
      .filter((value) => value !== '' && !(isTrimmed && value.endsWith('\n')))
      .filter((_, i) => !isSlow || i % SLOW === 0);
    for (const batch of batches(values, 100)) {
      const lines = batch.map((_, i) => script(i)).join('\n');
      const recipe = await recipeOf(
        batch.length,
        `    shell: true\n    command: |\n${lines.replaceAll(/^/gm, '      ')}\n`,
      );
      const { error, output } = await perform(made, recipe, named(batch));
      expect(error).toBeUndefined();
      expect(`${output.stdout}\n`).toBe(batch.map((value) => `${value}\n--\n`).join(''));
    }
    expect(existsSync(made.canary)).toBe(false);
  });
});

describe('a value makes no option, and no NUL [R-RECIPE-5]', () => {
  it.each(OPTIONS)('%j', async (value) => {
    const here = door({ rules: { commands: ['tell', 'sh'] }, path: SHELL_PATH });
    for (const step of [
      '    command: tell a {{v0}}\n',
      '    command: ["tell", "{{v0}}x"]\n',
      '    command: echo {{v0}}\n    shell: true\n',
    ]) {
      const { error, mayRetry } = await perform(here, await recipeOf(1, step), { v0: value });
      expect(error).toMatchObject({
        code: 'E_INPUT',
        message: expect.stringContaining('would be read as an option') as string,
      });
      expect(mayRetry).toBe(false);
    }
    expect(here.records).toEqual([]);
    const allowed = await perform(here, await recipeOf(1, '    command: tell {{v0}}\n', ', allow_dash: true'), {
      v0: value,
    });
    expect((JSON.parse(allowed.output.stdout) as { argv: string[] }).argv).toEqual([value]);
  });

  it.each([
    '    command: tell {{v0}}\n',
    '    command: tell\n    env: { A: "{{v0}}" }\n',
    '    command: echo {{v0}}\n    shell: true\n',
  ])('NUL in %j', async (step) => {
    const here = door({ rules: { commands: ['tell', 'sh'] }, path: SHELL_PATH });
    const { error } = await perform(here, await recipeOf(1, step), { v0: 'a\0b' });
    expect(error).toMatchObject({ code: 'E_INPUT', message: expect.stringContaining('holds NUL') as string });
    expect(here.records).toEqual([]);
  });
});
