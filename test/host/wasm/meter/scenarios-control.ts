import { code } from './builder.ts';
import { scenario, type Scenario } from './scenario.ts';
import type { Instruction } from './tree.ts';

const over = (name: string, values: readonly unknown[]): (readonly [string, unknown])[] =>
  values.map((value) => [name, value] as const);

const repeat = (count: number, text: string): Instruction[] => Array.from({ length: count }, () => code(text)).flat();

export const CONTROL: readonly Scenario[] = [
  scenario(
    'blocks with and without values',
    (b) => {
      b.function({ type: 'i>i', export: 'value' }, ...code('block i, local.get 0, end, i32.const 1, i32.add'));
      b.function(
        { type: 'i>i', export: 'branched' },
        ...code('block i, i32.const 7, local.get 0, br_if 0, drop, i32.const 8, i32.const 9, drop, end'),
      );
      b.function(
        { type: 'i>i', export: 'parameters' },
        ...code('local.get 0, i32.const 3'),
        ['block', b.type('ii>i')],
        ...code('i32.mul, local.get 0, i32.eqz, if, i32.const 5, return, end, end'),
      );
      b.function(
        { type: 'i>i', export: 'nested' },
        ...code(`block, block, block, local.get 0, br_table 0 1 2 1, end, i32.const 10, return, end, i32.const 11, return
          end, i32.const 12`),
      );
      b.function(
        { type: 'i>il', export: 'pair' },
        ['block', b.type('>il')],
        ...code('i32.const 1, i64.const 2, local.get 0, br_if 0, local.get 0, br_if 1, i64.const 40, i64.add, end'),
      );
      b.function({ type: '>', export: 'empty' }, ...code('block, end, block, block, end, end, nop, nop'));
      b.function(
        { type: 'i>i', export: 'unused label' },
        ...code(
          'block, local.get 0, drop, end, block, i32.const 1, drop, local.get 0, if, i32.const 3, br 2, end, end, i32.const 4',
        ),
      );
    },
    ['value', 'branched', 'parameters', 'nested', 'pair', 'empty'].flatMap((name) => over(name, [0, 1, 2, 3, -1])),
  ),
  scenario(
    'a branch to the label of the function',
    (b) => {
      b.function({ type: 'i>i', export: 'br' }, ...code('local.get 0, br 0, i32.const 9'));
      b.function({ type: 'i>i', export: 'br_if' }, ...code('i32.const 5, local.get 0, br_if 0, drop, i32.const 6'));
      b.function(
        { type: 'i>i', export: 'br_table' },
        ...code('block i, i32.const 5, local.get 0, br_table 0 1 0 1, end, i32.const 70, i32.add'),
      );
      b.function(
        { type: 'i>il', export: 'out of a loop' },
        ...code(`loop, i32.const 3, i64.const 4, local.get 0, br_if 1, drop, drop, local.get 0, i32.const 1, i32.add
          local.set 0, br 0, end, unreachable`),
      );
      b.function({ type: 'i>', export: 'nothing' }, ...code('local.get 0, br_if 0, i32.const 1, drop, br 0, nop'));
      b.function({ type: 'i>i', export: 'only table' }, ...code('i32.const 8, local.get 0, br_table 0 0 0'));
    },
    ['br', 'br_if', 'br_table', 'out of a loop', 'nothing', 'only table'].flatMap((name) => over(name, [0, 1, 2, -1])),
  ),
  scenario(
    'loops',
    (b) => {
      b.function(
        { type: 'i>i', locals: 'i', export: 'count' },
        ...code(`loop, local.get 1, local.get 0, i32.add, local.set 1, local.get 0, i32.const 1, i32.sub, local.tee 0
          br_if 0, end, local.get 1`),
      );
      b.function(
        { type: 'i>i', locals: 'i', export: 'with values' },
        ...code('local.get 0, i32.const 1'),
        ['loop', b.type('ii>i')],
        ...code(`i32.add, local.get 0, i32.const 1, i32.sub, local.tee 0, local.get 0, br_if 0, drop, end`),
      );
      b.function(
        { type: 'ii>i', locals: 'iii', export: 'nested' },
        ...code(`block, loop, local.get 2, local.get 0, i32.ge_u, br_if 1, i32.const 0, local.set 3
          block, loop, local.get 3, local.get 1, i32.ge_u, br_if 1, local.get 4, local.get 3, i32.xor, local.set 4
          local.get 3, i32.const 1, i32.add, local.set 3, br 0, end, end
          local.get 2, i32.const 1, i32.add, local.set 2, br 0, end, end, local.get 4`),
      );
      b.function(
        { type: 'i>i', export: 'once' },
        ...code('loop i, local.get 0, i32.const 2, i32.mul, end, i32.const 1, i32.add'),
      );
      b.function({ type: '>', export: 'bare' }, ...code('loop, end, loop, loop, end, nop, end'));
      b.function(
        { type: 'i>i', export: 'continue' },
        ...code(`loop i, local.get 0, i32.const 3, i32.sub, local.set 0, local.get 0, i32.const 0, i32.gt_s, br_if 0
          local.get 0, i32.const -2, i32.eq, if, i32.const 2, local.set 0, br 1, end, local.get 0, end`),
      );
    },
    [
      ...over('count', [1, 2, 3, 100]),
      ...over('with values', [1, 2, 5]),
      ['nested', 0, 0],
      ['nested', 3, 4],
      ['nested', 17, 1],
      ['once', 4],
      ['bare'],
      ...over('continue', [1, 2, 3, 10, 11, 12]),
    ],
  ),
  scenario(
    'conditions',
    (b) => {
      b.function({ type: 'i>', export: 'alone' }, ...code('local.get 0, if, nop, i32.const 1, drop, end'));
      b.function(
        { type: 'i>i', export: 'both' },
        ...code('local.get 0, if i, i32.const 1, else, i32.const 2, i32.const 3, i32.add, end'),
      );
      b.function(
        { type: 'ii>i', export: 'parameters' },
        ...code('local.get 1, local.get 0'),
        ['if', b.type('i>i')],
        ...code('i32.const 1, i32.add, else, i32.const 2, i32.mul, i32.const 9, i32.sub, end'),
      );
      b.function(
        { type: 'ii>i', export: 'arms that leave' },
        ...code(`local.get 0, if i, local.get 1, if, i32.const 1, return, end, i32.const 2, br 0, else, local.get 1
          if, i32.const 3, br 2, else, end, i32.const 4, end, i32.const 100, i32.add`),
      );
      b.function(
        { type: 'i>i', export: 'chain' },
        ...code(`local.get 0, i32.eqz, if i, i32.const 10, else, local.get 0, i32.const 1, i32.eq, if i, i32.const 11
          else, local.get 0, i32.const 2, i32.eq, if i, i32.const 12, else, i32.const 13, end, end, end`),
      );
      b.function(
        { type: 'i>i', export: 'without else' },
        ...code('local.get 0'),
        ...code('local.get 0'),
        ['if', b.type('i>i')],
        ...code('i32.const 4, i32.add, end'),
      );
      b.function(
        { type: 'ii>i', export: 'a trap in an arm' },
        ...code('local.get 0, if i, unreachable, else, local.get 1, end'),
      );
    },
    [
      ...over('alone', [0, 1]),
      ...over('both', [0, 1]),
      ...over('chain', [0, 1, 2, 3]),
      ...over('without else', [0, 5]),
      ...['parameters', 'arms that leave', 'a trap in an arm'].flatMap((name) =>
        [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ].map(([x, y]) => [name, x, y] as const),
      ),
    ],
  ),
  scenario(
    'tables of branches',
    (b) => {
      const labels = Array.from({ length: 300 }, (_, i) => i % 3);
      b.function(
        { type: 'i>i', export: 'long' },
        ...code('block, block, block, local.get 0'),
        ['br_table', [...labels, 2]],
        ...code('end, i32.const 1, return, end, i32.const 2, i32.const 3, i32.add, return, end, i32.const 4'),
      );
      b.function({ type: 'i>i', export: 'only default' }, ...code('block, local.get 0, br_table 0, end, i32.const 6'));
      b.function(
        { type: 'i>i', locals: 'i', export: 'into a loop' },
        ...code(`block, loop, local.get 1, i32.const 1, i32.add, local.set 1, local.get 0, local.get 1, i32.add
          i32.const 4, i32.rem_u, br_table 0 0 1 0 1, end, end, local.get 1`),
      );
    },
    [
      ...over('long', [0, 1, 2, 3, 299, 300, 301, -1]),
      ...over('only default', [0, 9, -1]),
      ...over('into a loop', [0, 1, 2, 3]),
    ],
  ),
  scenario(
    'leaving from the middle',
    (b) => {
      b.function(
        { type: 'i>il', export: 'return' },
        ...code(
          'i32.const 1, block, loop, local.get 0, if, i32.const 2, i64.const 3, return, end, end, end, i64.const 4',
        ),
      );
      b.function({ type: '>i', export: 'over leftovers' }, ...code('i64.const 1, f32.const 2, i32.const 3, return'));
      b.function({ type: 'i>', export: 'trap' }, ...code('local.get 0, if, unreachable, end, i32.const 1, drop'));
      b.function({ type: 'i>i', export: 'divide' }, ...code('i32.const 1, local.get 0, i32.div_s'));
    },
    [...over('return', [0, 1]), ['over leftovers'], ...over('trap', [0, 1]), ...over('divide', [0, 1])],
  ),
  scenario(
    'code that cannot run',
    (b) => {
      b.memory(1);
      b.table('r', 1);
      const other = b.function({ type: 'i>i' }, ...code('local.get 0'));
      const dead = `i32.const 1, call ${other}, drop, block, loop, br 0, end, i32.const 1, br_if 0, end, i32.const 0, i32.const 0
        i32.const 64, memory.fill, i32.const 1, memory.grow, drop, i32.const 2, if, i32.const 1, drop, else, nop, end
        global.get 0, global.set 0, ref.func ${other}, drop, i32.const 0, i32.const 0, return_call ${other}`;
      b.global('l', true, ['i64.const', 1n]);
      b.export('f', 'function', other);
      for (const ending of ['unreachable', 'return', 'br 0', 'i32.const 0, br_table 0 0']) {
        b.function(
          { type: 'i>', export: `after ${ending}` },
          ...code(`local.get 0, if, ${ending.replace('br 0', 'br 1')}
          ${dead.replace('return_call', 'call')}, drop, drop, end, i32.const 1, drop`),
        );
      }
      b.function({ type: '>i', export: 'dead to the end' }, ...code(`i32.const 5, return, ${dead}`));
      b.function(
        { type: '>i', export: 'dead block' },
        ...code('block i, i32.const 5, br 0, block, i32.const 1, drop, end, loop, end, end'),
      );
      b.function(
        { type: '>i', export: 'dead after a block' },
        ...code('block, i32.const 5, return, end, i32.const 6, i32.const 7, drop'),
      );
    },
    [
      ...['after unreachable', 'after return', 'after br 0', 'after i32.const 0, br_table 0 0'].flatMap((name) =>
        over(name, [0, 1]),
      ),
      ['dead to the end'],
      ['dead block'],
      ['dead after a block'],
    ],
  ),
  scenario(
    'costs of every width',
    (b) => {
      for (const count of [31, 32, 33, 4_095, 4_096, 4_097, 10_000]) {
        b.function({ type: '>', export: `${count}` }, ...repeat(count, 'i32.const 1, drop, i32.const 2, drop'));
        b.function(
          { type: 'i>', export: `${count} in a loop` },
          ...code('loop'),
          ...repeat(count, 'local.get 0, drop'),
          ...code('local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end'),
        );
      }
    },
    [31, 32, 33, 4_095, 4_096, 4_097, 10_000].flatMap((count) => [[`${count}`], [`${count} in a loop`, 3]] as const),
  ),
  scenario(
    'many locals and globals, whose indices are long',
    (b) => {
      b.memory(1);
      for (let i = 0; i < 130; i++) b.global('i', true, ['i32.const', i]);
      for (const count of [125, 126, 127, 128, 129]) {
        b.function(
          { type: 'i>i', locals: 'i'.repeat(count), export: `${count}` },
          ...code(`local.get 0, local.set ${count}, loop, local.get ${count}, i32.const 1, i32.sub, local.tee ${count}
            br_if 0, end, i32.const 0, i32.const 1, i32.const 200, memory.fill, global.get ${count}, global.get 0, i32.add`),
        );
      }
    },
    [125, 126, 127, 128, 129].map((count) => [`${count}`, 4] as const),
  ),
  scenario(
    'choices',
    (b) => {
      b.global('r', true, ['ref.null', 'r']);
      for (const type of ['i', 'l', 'f', 'd'] as const) {
        b.function(
          { type: `${type}${type}i>${type}`, export: type },
          ...code('local.get 0, local.get 1, local.get 2, select'),
        );
        b.function(
          { type: `${type}${type}i>${type}`, export: `typed ${type}` },
          ...code(`local.get 0, local.get 1, local.get 2, select_t ${type}`),
        );
      }
      b.function({ type: 'xxi>x', export: 'typed x' }, ...code('local.get 0, local.get 1, local.get 2, select_t x'));
      b.function(
        { type: 'i>i', export: 'r' },
        ...code('ref.null r, global.get 0, local.get 0, select_t r, ref.is_null'),
      );
    },
    [
      ...['i', 'typed i', 'f', 'typed f', 'd', 'typed d', 'typed x'].flatMap(
        (name) =>
          [
            [name, 1, 2, 0],
            [name, 1, 2, 1],
          ] as const,
      ),
      ...['l', 'typed l'].flatMap(
        (name) =>
          [
            [name, 1n, 2n, 0],
            [name, 1n, 2n, 1],
          ] as const,
      ),
      ['r', 0],
    ],
  ),
];
