// cspell:ignore gtar prog
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../../../host/capability/decide.ts';
import { findDanger } from '../../../host/capability/judge-arguments.ts';
import type { Layer } from '../../../host/capability/layer.ts';
import { isHarmlessScript } from '../../../host/capability/sed-script.ts';
import { layerOf, type Rules } from '../function/scope-fixture.ts';
import { type Call, callsOf, DANGEROUS, HARMLESS } from './dangerous-calls.ts';

/** A layer in which a program is granted by name, as if it were installed. */
function layer(name: string, rules: Rules): Layer {
  const made = layerOf(name, rules, { cwd: '/work' });
  return { ...made, commands: made.commands.map((one) => ({ ...one, real: `/usr/bin/${one.name}` })) };
}

function judge({ name, args }: Call, voices: readonly Rules[] = [{ commands: [name] }]): Decision {
  const layers = voices.map((rules, i) => layer(`voice-${i}`, rules));
  return decide({ capability: 'terminal_exec', name, real: `/usr/bin/${name}`, args }, layers);
}

const shown = ({ name, args }: Call): string => [name, ...args].join(' ');
const dangerous = callsOf(DANGEROUS);
const harmless = callsOf(HARMLESS);

describe('a program that is granted by name', () => {
  it('is tried with several hundred calls [R-COMMAND-5]', () => {
    expect(dangerous.length).toBeGreaterThan(180);
    expect(harmless.length).toBeGreaterThan(100);
  });

  it.each(dangerous.map((call) => [shown(call), call] as const))('is refused %s [R-COMMAND-5]', (_text, call) => {
    const decision = judge(call);
    expect(decision).toMatchObject({ allowed: false, layer: 'gate' });
    expect(decision.rule).toContain(`terminal_exec.args.${call.name} = [`);
    expect(decision.rule).toMatch(/ lets \S+ (?:start|read)/);
  });

  it.each(harmless.map((call) => [shown(call), call] as const))('may be called %s [R-COMMAND-5]', (_text, call) => {
    expect(judge(call)).toMatchObject({ allowed: true });
  });

  it.each(dangerous.map((call) => [shown(call), call] as const))(
    'may be called %s when that is spelled out, and not by way of a star [R-COMMAND-5]',
    (_text, call) => {
      const { name, args } = call;
      const commands = [name];
      if (args.length > 0 && !args.includes('')) {
        const spelled = { commands, args: { [name]: [args.join(' ')] } };
        expect(judge(call, [spelled])).toMatchObject({ allowed: true });
        expect(judge(call, [{ commands }, spelled])).toMatchObject({ allowed: true });
      }
      for (const pattern of ['**', '* **', `${args.slice(0, -1).join(' ')} *`, args.map(() => '*').join(' ')])
        expect(judge(call, [{ commands, args: { [name]: [pattern] } }]).allowed).toBe(spellsOut(pattern, call));
    },
  );

  /** Whether the words before the last star hold all that is dangerous. */
  function spellsOut(pattern: string, { name, args }: Call): boolean {
    const words = pattern.split(' ').filter((word) => word !== '');
    const places = findDanger(name, '', args)?.places ?? [];
    return (
      words.length === args.length &&
      words.every((word, i) => (word === '*' ? !args[i]?.startsWith('-') : word === args[i])) &&
      places.every((at) => words[at] !== '*')
    );
  }
});

describe('what spells out a dangerous word', () => {
  const fetch: Call = { name: 'git', args: ['-c', 'a=b', 'fetch', 'origin'] };

  it.each<[name: string, voices: readonly Rules[], isAllowed: boolean]>([
    ['no pattern', [{ commands: ['git'] }], false],
    ['a pattern with a star elsewhere', [{ commands: ['git'], args: { git: ['-c a=b fetch *'] } }], true],
    ['a pattern with stars behind', [{ commands: ['git'], args: { git: ['-c a=b **'] } }], true],
    ['one of many', [{ commands: ['git'], args: { git: ['status', '**', '-c a=b fetch origin'] } }], true],
    ['a star for the value', [{ commands: ['git'], args: { git: ['-c * fetch origin'] } }], false],
    ['stars for all', [{ commands: ['git'], args: { git: ['**'] } }], false],
    ['another value', [{ commands: ['git'], args: { git: ['-c a=c fetch origin'] } }], false],
    ['a pattern of another program', [{ commands: ['git'], args: { tar: ['-c a=b fetch origin'] } }], false],
    [
      'one layer, and none by the other',
      [{ commands: ['git'], args: { git: ['-c a=b **'] } }, { commands: ['git'] }],
      true,
    ],
    [
      'one layer, and stars by the other',
      [
        { commands: ['git'], args: { git: ['-c a=b **'] } },
        { commands: ['git'], args: { git: ['**'] } },
      ],
      false,
    ],
    [
      'both layers',
      [
        { commands: ['git'], args: { git: ['-c a=b **'] } },
        { commands: ['git'], args: { git: ['-c a=b fetch *'] } },
      ],
      true,
    ],
    ['a grant of every program', [{ commands: ['*'] }], true],
    ['a grant of every program but one', [{ commands: ['*'], blocked: ['rm'] }], false],
    ['a grant of every program by one of two', [{ commands: ['*'] }, { commands: ['git'] }], false],
  ])('is %s: %j → %s [R-COMMAND-5]', (_name, voices, isAllowed) => {
    expect(judge(fetch, voices).allowed).toBe(isAllowed);
  });

  it('covers the whole of what find starts [R-COMMAND-5]', () => {
    const call: Call = { name: 'find', args: ['.', '-exec', 'rm', '{}', ';', '-print'] };
    const by = (pattern: string): boolean => judge(call, [{ commands: ['find'], args: { find: [pattern] } }]).allowed;
    expect(['. -exec rm {} ; **', '* -exec rm {} ; -print', '. -exec * {} ; **', '. -exec rm **'].map(by)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a program', () => {
  const ask = (name: string, real: string, args: readonly string[]): boolean =>
    findDanger(name, real, args) !== undefined;

  it('is known by its file as well as by its name [R-COMMAND-5]', () => {
    expect(ask('archive', '/usr/bin/tar', ['--to-command=x'])).toBe(true);
    expect(ask('awk', '/usr/bin/mawk', ['-f', 'x'])).toBe(true);
    expect(ask('my-env', '/usr/bin/env', ['sh'])).toBe(true);
    expect(ask('other', '/opt/other', ['--to-command=x'])).toBe(false);
  });

  it('of many names is the one it was started by [R-COMMAND-5]', () => {
    expect(ask('ls', '/bin/busybox', ['-l'])).toBe(false);
    expect(ask('find', '/bin/busybox', ['-exec', 'x', ';'])).toBe(true);
    expect(ask('busybox', '/bin/busybox', ['ls'])).toBe(true);
  });

  it('is refused a dangerous option wherever it stands, by any of its shorter forms [R-COMMAND-5]', () => {
    const plain = fc.constantFrom('a', '.', '-v', '--', '-m', 'x=y');
    const option = fc.constantFrom<readonly [string, string]>(
      ['tar', '--to-command'],
      ['tar', '--use-compress-program'],
      ['rsync', '--rsync-path'],
      ['git', '--upload-pack'],
      ['curl', '--output'],
      ['sort', '--compress-program'],
    );
    fc.assert(
      fc.property(
        option,
        fc.array(plain),
        fc.array(plain),
        fc.nat(),
        fc.boolean(),
        (one, before, after, cut, joined) => {
          const [name, long] = one;
          const short = long.slice(0, 5 + (cut % (long.length - 4)));
          const words = joined ? [`${short}=prog`] : [short, 'prog'];
          expect(ask(name, '', ['a', ...before, ...words, ...after])).toBe(true);
        },
      ),
    );
  });

  it('that is not in the table is never refused, whatever its arguments [R-COMMAND-5]', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(ask('constructor', '/x/toString', args)).toBe(false);
      }),
    );
  });

  it('is judged in time linear in its arguments [R-COMMAND-5]', () => {
    const long = 'a|'.repeat(30_000);
    for (const name of ['git', 'tar', 'awk', 'sed', 'curl', 'find', 'xargs', 'make'])
      for (const word of [long, `-${long}`, `--${long}`, `s/${long}/`, 's/a/b/;'.repeat(8_000), 'print'.repeat(12_000)])
        ask(name, '', [word]);
    expect(isHarmlessScript('p;'.repeat(30_000))).toBe(true);
  });
});
