import { describe, expect, it } from 'vitest';
import { type Builder, Builder as ModuleBuilder, code } from './builder.ts';
import { NAMESPACE, variantsOf } from './compare.ts';
import { run } from './run.ts';

// None of these ends soon by itself; each would in the end, so that a fault here is a failure and not a test that hangs.
const TURNS = 3_000_000;
const NEXT = 'local.get 0, i32.const 1, i32.sub, local.tee 0';
const LEAF = `loop, ${NEXT}, br_if 0, end`;

const ENDLESS: readonly (readonly [what: string, write: (b: Builder) => void])[] = [
  ['a loop', (b) => void b.function({ type: 'i>', export: 'f' }, ...code(LEAF))],
  [
    'a loop that goes on by a jump',
    (b) =>
      void b.function({ type: 'i>', export: 'f' }, ...code(`block, loop, ${NEXT}, i32.eqz, br_if 1, br 0, end, end`)),
  ],
  [
    'a loop that goes on by a table',
    (b) =>
      void b.function({ type: 'i>', export: 'f' }, ...code(`block, loop, ${NEXT}, i32.eqz, br_table 0 1, end, end`)),
  ],
  [
    'a loop in a loop',
    (b) =>
      void b.function(
        { type: 'i>', locals: 'i', export: 'f' },
        ...code(`loop, i32.const 1, local.set 1, loop, local.get 1, i32.const 1, i32.sub, local.tee 1, br_if 0, end
          ${NEXT}, br_if 0, end`),
      ),
  ],
  [
    'a loop of calls too small to check',
    (b) => {
      const small = b.function({}, ...code('i32.const 1, drop'));
      b.function({ type: 'i>', export: 'f' }, ...code(`loop, call ${small}, ${NEXT}, br_if 0, end`));
    },
  ],
  [
    'a loop of calls of the host',
    (b) => {
      const log = b.importFunction('log');
      b.function({ type: 'i>', export: 'f' }, ...code(`loop, call ${log}, ${NEXT}, br_if 0, end`));
    },
  ],
  ['recursion', (b) => void b.function({ type: 'i>', export: 'f' }, ...code(`${NEXT}, if, local.get 0, call 0, end`))],
  [
    'recursion through a table',
    (b) => {
      b.table('r', 1);
      b.add({ elements: [{ form: 0, offset: code('i32.const 0'), functions: [0] }] });
      b.function({ type: 'i>', export: 'f' }, ...code(`local.get 0, i32.const 0, call_indirect ${b.type('i>')} 0`));
    },
  ],
  [
    'tail calls',
    (b) => void b.function({ type: 'i>', export: 'f' }, ...code(`${NEXT}, if, local.get 0, return_call 0, end`)),
  ],
  [
    'tail calls of two, which look like leaves',
    (b) => {
      b.function({ type: 'i>', export: 'f' }, ...code(`${NEXT}, i32.eqz, if, return, end, local.get 0, return_call 1`));
      b.function({ type: 'i>' }, ...code('local.get 0, return_call 0'));
    },
  ],
  [
    'a loop that catches everything',
    (b) =>
      void b.function(
        { type: 'i>', export: 'f' },
        ...code(`loop, try, loop, ${NEXT}, br_if 0, end, catch_all, end, local.get 0, br_if 0, end`),
      ),
  ],
  [
    'a loop that throws and catches',
    (b) => {
      const tag = b.tag('');
      b.function(
        { type: 'i>', export: 'f' },
        ...code(`loop, try, throw ${tag}, catch_all, end, ${NEXT}, br_if 0, end`),
      );
    },
  ],
  [
    'a loop that is entered by an exception, in the newer form',
    (b) => {
      const tag = b.tag('');
      b.function(
        { type: 'i>', export: 'f' },
        ...code(`loop, ${NEXT}, i32.eqz, if, return, end, try_table catch_all:0, throw ${tag}, end, end`),
      );
    },
  ],
  [
    'a loop of fills',
    (b) => {
      b.memory(1);
      b.function(
        { type: 'i>', export: 'f' },
        ...code(`loop, i32.const 0, i32.const 0, i32.const 64, memory.fill, ${NEXT}, br_if 0, end`),
      );
    },
  ],
];

describe('with a small tank [R-FUEL-4]', () => {
  it.each(ENDLESS)('%s is ended by a trap', (what, write) => {
    const b = new ModuleBuilder();
    write(b);
    const variants = variantsOf(b.build());
    if (variants === undefined) return expect(what).toContain('newer form');
    const imports = (host: (name: string) => unknown): object => ({ env: { log: host('log') } });
    for (const tank of [0n, 1n, 1_000n, 5_000n]) {
      const { lines, left } = run(variants.metered, NAMESPACE, {
        calls: [{ name: 'f', args: [TURNS] }],
        imports,
        tank,
      });
      expect(lines.at(-2)).toBe(`f(${TURNS}): RuntimeError unreachable`);
      expect(left).toBeLessThan(0n);
      expect(left).toBeGreaterThan(-40n);
    }
  });
});
