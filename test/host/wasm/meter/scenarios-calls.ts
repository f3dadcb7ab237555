import { code } from './builder.ts';
import type { Call, Setting } from './run.ts';
import { scenario, type Scenario } from './scenario.ts';

/** Host functions of a few kinds, all in `env`. */
const hosts: Setting['imports'] = (host) => ({
  env: {
    log: host('log'),
    add: host('add', (x: number, y: number) => x + y),
    pair: host('pair', (x: number) => [x, BigInt(x)]),
  },
});

export const CALLS: readonly Scenario[] = [
  scenario(
    'calls of own functions',
    (b) => {
      b.function(
        { type: 'i>i', export: 'fac' },
        ...code(
          'local.get 0, i32.eqz, if i, i32.const 1, else, local.get 0, local.get 0, i32.const 1, i32.sub, call 0, i32.mul, end',
        ),
      );
      b.function(
        { type: 'i>i', export: 'fib' },
        ...code(
          'local.get 0, i32.const 2, i32.lt_s, if, local.get 0, return, end, local.get 0, i32.const 1, i32.sub, call 1, local.get 0, i32.const 2, i32.sub, call 1, i32.add',
        ),
      );
      b.function(
        { type: 'i>i', export: 'even' },
        ...code('local.get 0, i32.eqz, if i, i32.const 1, else, local.get 0, i32.const 1, i32.sub, call 3, end'),
      );
      b.function(
        { type: 'i>i', export: 'odd' },
        ...code('local.get 0, i32.eqz, if i, i32.const 0, else, local.get 0, i32.const 1, i32.sub, call 2, end'),
      );
      b.function({ type: 'ifld>dlfi', export: 'many' }, ...code('local.get 3, local.get 2, local.get 1, local.get 0'));
      b.function(
        { type: '>i', export: 'in a loop', locals: 'ii' },
        ...code(`i32.const 10, local.set 0, loop, local.get 0, call 0, local.get 1, i32.add, local.set 1, local.get 0
          i32.const 1, i32.sub, local.tee 0, br_if 0, end, local.get 1`),
      );
      b.function(
        { type: '>dlfi', export: 'through' },
        ...code('i32.const 1, f32.const 2, i64.const 3, f64.const 4, call 4, call 7'),
      );
      b.function({ type: 'dlfi>dlfi' }, ...code('local.get 0, local.get 1, local.get 2, local.get 3'));
      b.function({ type: '>', export: 'endless' }, ...code('call 8'));
    },
    [
      ['fac', 0],
      ['fac', 10],
      ['fib', 15],
      ['even', 100],
      ['odd', 101],
      ['many', 1, 2, 3n, 4],
      ['in a loop'],
      ['through'],
      ['endless'],
      ['fac', 3],
    ],
  ),
  scenario(
    'calls of the host',
    (b) => {
      const log = b.importFunction('log', 'i>');
      const add = b.importFunction('add', 'ii>i');
      const pair = b.importFunction('pair', 'i>il');
      b.function(
        { type: 'i>i', export: 'once' },
        ...code(
          `i32.const 1, drop, local.get 0, call ${log}, local.get 0, i32.const 5, call ${add}, i32.const 1, i32.add`,
        ),
      );
      b.function(
        { type: 'i>', export: 'loop' },
        ...code(`loop, local.get 0, call ${log}, local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end`),
      );
      b.function({ type: 'i>il', export: 'pair' }, ...code(`local.get 0, call ${pair}, i64.const 1, i64.add`));
      b.function(
        { type: 'i>i', export: 'in arms' },
        ...code(
          `local.get 0, if i, local.get 0, call ${log}, i32.const 1, else, i32.const 2, i32.const 3, call ${add}, end`,
        ),
      );
      b.export('log itself', 'function', log);
    },
    [
      ['once', 3],
      ['loop', 4],
      ['pair', 7],
      ['in arms', 0],
      ['in arms', 1],
      ['log itself', 5],
    ],
    hosts,
  ),
  again(),
  scenario(
    'indirect calls',
    (b) => {
      const log = b.importFunction('log', 'i>');
      const f = b.function({ type: 'i>i' }, ...code('local.get 0, i32.const 1, i32.add'));
      const g = b.function({ type: 'i>i' }, ...code('loop i, local.get 0, i32.const 2, i32.mul, end'));
      const other = b.function({ type: '>l' }, ...code('i64.const 1'));
      b.table('r', 8, 8, 'first');
      b.table('r', 4, undefined, 'second');
      b.add({
        elements: [
          { form: 0, offset: code('i32.const 0'), functions: [f, g, other, log] },
          { form: 2, table: 1, offset: code('i32.const 1'), functions: [g, f] },
        ],
      });
      for (const table of [0, 1]) {
        b.function(
          { type: 'ii>i', export: `table ${table}` },
          ...code(`local.get 0, local.get 1, call_indirect ${b.type('i>i')} ${table}, i32.const 1, i32.add`),
        );
        b.function(
          { type: 'i>', export: `host in ${table}` },
          ...code(`local.get 0, i32.const 3, call_indirect ${b.type('i>')} ${table}`),
        );
      }
    },
    [0, 1].flatMap((table) => [
      ...[0, 1, 2, 3, 4, 7, 8, -1].map((at) => [`table ${table}`, 20, at] as const),
      [`host in ${table}`, 6] as const,
    ]),
    hosts,
  ),
  scenario(
    'tail calls',
    (b) => {
      const add = b.importFunction('add', 'ii>i');
      const [even, odd] = [add + 1, add + 2];
      b.function(
        { type: 'i>i', export: 'even' },
        ...code(
          `local.get 0, i32.eqz, if, i32.const 1, return, end, local.get 0, i32.const 1, i32.sub, return_call ${odd}`,
        ),
      );
      b.function(
        { type: 'i>i', export: 'odd' },
        ...code(
          `local.get 0, i32.eqz, if i, i32.const 0, else, local.get 0, i32.const 1, i32.sub, return_call ${even}, end`,
        ),
      );
      b.table('r', 4);
      b.add({ elements: [{ form: 0, offset: code('i32.const 0'), functions: [even, odd] }] });
      b.function(
        { type: 'ii>i', export: 'indirect' },
        ...code(`local.get 0, local.get 1, return_call_indirect ${b.type('i>i')} 0`),
      );
      b.function(
        { type: 'i>i', export: 'to the host' },
        ...code(`loop, local.get 0, i32.const 3, return_call ${add}, end, unreachable`),
      );
      b.function(
        { type: 'ii>i', export: 'sum' },
        ...code(
          `local.get 0, i32.eqz, if, local.get 1, return, end, local.get 0, i32.const 1, i32.sub, local.get 0, local.get 1, i32.add, return_call ${add + 5}`,
        ),
      );
    },
    [
      ['even', 10_000],
      ['odd', 10_001],
      ['indirect', 7, 0],
      ['indirect', 7, 1],
      ['indirect', 7, 2],
      ['indirect', 7, 9],
      ['to the host', 4],
      ['sum', 1_000, 0],
    ],
    hosts,
  ),
  scenario(
    'references',
    (b) => {
      b.import('same', { kind: 'global', type: 'x', mutable: false });
      const f = b.function({ type: '>i' }, ...code('i32.const 77'));
      b.table('r', 3, 10, 'functions');
      b.table('x', 3, 10, 'things');
      b.global('x', true, ['ref.null', 'x']);
      b.global('r', true, ['ref.func', f]);
      b.export('own', 'global', 1);
      b.export('f', 'function', f);
      b.function(
        { type: '>i', export: 'null' },
        ...code(`ref.null r, ref.is_null, ref.null x, ref.is_null, i32.add, ref.func ${f}, ref.is_null, i32.add`),
      );
      b.function(
        { type: 'ix>x', export: 'put' },
        ...code('local.get 0, local.get 1, table.set 1, local.get 1, global.set 1, local.get 0, table.get 1'),
      );
      b.function({ type: '>x', export: 'import' }, ...code('global.get 0'));
      b.function(
        { type: 'i>i', export: 'call' },
        ...code(
          `local.get 0, ref.func ${f}, table.set 0, local.get 0, call_indirect ${b.type('>i')} 0, global.get 2, ref.is_null, i32.add`,
        ),
      );
      b.function(
        { type: 'xi>ii', export: 'grow things' },
        ...code('local.get 0, local.get 1, table.grow 1, table.size 1'),
      );
      b.function(
        { type: 'i>ii', export: 'grow functions' },
        ...code('ref.null r, local.get 0, table.grow 0, table.size 0'),
      );
      b.function({ type: 'ixi>', export: 'fill' }, ...code('local.get 0, local.get 1, local.get 2, table.fill 1'));
      b.function({ type: 'i>r', export: 'get' }, ...code('local.get 0, table.get 0'));
    },
    [
      ['null'],
      ['put', 1, 'text'],
      ['put', 3, 'out of bounds'],
      ['put', 0, null],
      ['import'],
      ['call', 0],
      ['call', 5],
      ...[0, 1, 5, 8, 100, -1].flatMap(
        (n) =>
          [
            ['grow things', 'x', n],
            ['grow functions', n],
            ['fill', 1, 'y', n],
          ] as const,
      ),
      ['get', 0],
      ['get', 1],
      ['get', -1],
    ],
    () => ({ env: { same: 'the same' } }),
  ),
];

/** A host function that calls back into the module before it returns. */
function again(): Scenario {
  const made = scenario(
    'calls back from the host',
    (b) => {
      const back = b.importFunction('back', 'i>i');
      b.function(
        { type: 'i>i', export: 'again', locals: 'i' },
        ...code(`i32.const 2, local.set 1, loop, local.get 1, i32.const 1, i32.sub, local.tee 1, br_if 0, end
          local.get 0, call ${back}, local.get 0, i32.add`),
      );
    },
    [
      ['again', 0],
      ['again', 1],
      ['again', 5],
    ],
  );
  let exports: Readonly<Record<string, unknown>> = {};
  const calls = made.setting.calls.map((call): Call => ({ ...call, before: (given) => void (exports = given) }));
  const imports: Setting['imports'] = (host) => ({
    env: { back: host('back', (x: number) => (x <= 0 ? 0 : (exports['again'] as (n: number) => number)(x - 1))) },
  });
  return { ...made, setting: { calls, imports } };
}
