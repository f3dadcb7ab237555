import { code } from './builder.ts';
import { scenario, type Scenario } from './scenario.ts';

/** Lengths around what one unit of fuel pays for, at the ends of a page, and those that are negative when signed. */
const LENGTHS = [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 1_000, 65_535, 65_536, 65_537, 0x7fffffff, -0x80000000, -1];

const both = (
  name: string,
  ...pairs: readonly (readonly [number, number])[]
): (readonly [string, number, number, number])[] =>
  pairs.flatMap(([x, y]) => LENGTHS.map((length) => [name, x, y, length] as const));

export const BULK: readonly Scenario[] = [
  scenario(
    'operations on stretches of memory',
    (b) => {
      b.memory(1, 2, 'memory');
      b.add({
        data: [
          { form: 0, offset: code('i32.const 3'), bytes: Uint8Array.from({ length: 200 }, (_, i) => i) },
          { form: 1, bytes: Uint8Array.from({ length: 1_000 }, (_, i) => i * 3) },
        ],
      });
      b.function({ type: 'iii>', export: 'fill' }, ...code('local.get 0, local.get 1, local.get 2, memory.fill'));
      b.function({ type: 'iii>', export: 'copy' }, ...code('local.get 0, local.get 1, local.get 2, memory.copy'));
      b.function({ type: 'iii>', export: 'init' }, ...code('local.get 0, local.get 1, local.get 2, memory.init 1 0'));
      b.function({ type: '>', export: 'drop' }, ...code('data.drop 1'));
      b.function(
        { type: 'i>i', export: 'in a loop', locals: 'i' },
        ...code(`i32.const 5, local.set 1, loop, i32.const 8, local.get 1, local.get 0, memory.fill, i32.const 0, i32.const 8
          local.get 0, memory.copy, local.get 1, i32.const 1, i32.sub, local.tee 1, br_if 0, end, i32.const 9, i32.load8_u 0`),
      );
    },
    [
      ...both('fill', [0, 1], [65_535, 2], [65_536, 0]),
      ...both('copy', [0, 100], [100, 0], [65_000, 65_535]),
      ...both('init', [0, 0], [10, 999], [65_536, 0]),
      ['in a loop', 1_000],
      ['drop'],
      ...both('init', [0, 0]),
    ],
  ),
  scenario(
    'memory that grows',
    (b) => {
      b.memory(1, 5, 'memory');
      b.function({ type: 'i>ii', export: 'grow' }, ...code('local.get 0, memory.grow, memory.size'));
      b.function(
        { type: 'i>i', export: 'last' },
        ...code('memory.size, i32.const 65536, i32.mul, i32.const 4, i32.sub, local.get 0, i32.store 0, local.get 0'),
      );
    },
    [0, 1, 0, 2, 3, 65_535, 65_536, 65_537, -1, -0x80000000, 1].flatMap(
      (n) =>
        [
          ['grow', n],
          ['last', 5],
        ] as const,
    ),
  ),
  scenario(
    'operations on stretches of tables',
    (b) => {
      const f = b.function({ type: '>i' }, ...code('i32.const 1'));
      const g = b.function({ type: '>i' }, ...code('i32.const 2'));
      b.table('r', 40, 60, 'one');
      b.table('r', 30, undefined, 'two');
      b.add({
        elements: [
          { form: 1, functions: Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? f : g)) },
          { form: 0, offset: code('i32.const 2'), functions: [f, g, f] },
        ],
      });
      b.function({ type: 'iii>', export: 'copy' }, ...code('local.get 0, local.get 1, local.get 2, table.copy 0 0'));
      b.function({ type: 'iii>', export: 'between' }, ...code('local.get 0, local.get 1, local.get 2, table.copy 1 0'));
      b.function({ type: 'iii>', export: 'init' }, ...code('local.get 0, local.get 1, local.get 2, table.init 0 1'));
      b.function({ type: 'iii>', export: 'fill' }, ...code(`local.get 0, ref.func ${f}, local.get 2, table.fill 1`));
      b.function({ type: '>', export: 'drop' }, ...code('elem.drop 0'));
      b.function({ type: 'i>i', export: 'grow' }, ...code(`ref.func ${g}, local.get 0, table.grow 1`));
    },
    [
      ...both('copy', [0, 2], [30, 0], [40, 40]),
      ...both('between', [0, 2]),
      ...both('init', [0, 0], [12, 5]),
      ...both('fill', [0, 0], [30, 0]),
      ...[0, 1, 8, 9, 16, 1_000].map((n) => ['grow', n] as const),
      ['drop'],
      ...both('init', [0, 0]),
    ],
  ),
];
