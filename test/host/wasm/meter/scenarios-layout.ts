import { code } from './builder.ts';
import { wasm } from './js-api.ts';
import type { Setting } from './run.ts';
import { scenario, type Scenario } from './scenario.ts';

const everything: Setting['imports'] = (host) => ({
  env: {
    start: host('start'),
    add: host('add', (x: number, y: number) => x + y),
    memory: new wasm.Memory({ initial: 1, maximum: 4 }),
    table: new wasm.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
    constant: 1_000,
    long: 5n,
    cell: new wasm.Global({ value: 'i32', mutable: true }, 3),
    tag: new wasm.Tag({ parameters: ['i32'] }),
  },
});

export const LAYOUT: readonly Scenario[] = [
  scenario(
    'imports and exports of every kind, whose numbers move',
    (b) => {
      const start = b.importFunction('start');
      const add = b.importFunction('add', 'ii>i');
      const constant = b.import('constant', { kind: 'global', type: 'i', mutable: false });
      const cell = b.import('cell', { kind: 'global', type: 'i', mutable: true });
      b.import('table', { kind: 'table', ref: 'r', limits: { min: 5, max: 30 } });
      b.import('memory', { kind: 'memory', limits: { min: 1, max: 10 } });
      b.import('tag', { kind: 'tag', type: b.type('i>') });
      const own = b.global('i', true, ['global.get', constant]);
      const last = b.global('i', false, ['i32.const', 9]);
      const f = b.nextFunction;
      const held = b.global('r', true, ['ref.func', f]);
      b.function(
        { type: 'i>i', export: 'f' },
        ...code(
          `local.get 0, global.get ${own}, i32.add, global.set ${own}, global.get ${own}, global.get ${last}, call ${add}, global.get ${constant}, i32.add, global.get ${cell}, i32.const 1, i32.add, global.set ${cell}, global.get ${cell}, i32.add`,
        ),
      );
      const g = b.function({ export: 'g' }, ...code(`call ${start}, i32.const 1, global.set ${own}`));
      b.function(
        { type: 'i>i', export: 'indirect' },
        ...code(`local.get 0, local.get 0, call_indirect ${b.type('i>i')} 0`),
      );
      b.function({ type: '>i', export: 'held' }, ...code(`global.get ${held}, ref.is_null`));
      b.export('imported function', 'function', add);
      b.export('imported memory', 'memory', 0);
      b.export('imported table', 'table', 0);
      b.export('imported constant', 'global', constant);
      b.export('imported cell', 'global', cell);
      b.export('imported tag', 'tag', 0);
      b.export('own', 'global', own);
      b.export('last', 'global', last);
      b.add({
        start: g,
        elements: [
          {
            form: 0,
            offset: code(`global.get ${constant}, i32.const -1000, i32.add`)
              .slice(1, 2)
              .map(() => ['i32.const', 0] as const),
            functions: [f, add, g],
          },
          { form: 3, functions: [g, f] },
        ],
        data: [{ form: 0, offset: [['global.get', constant]], bytes: Uint8Array.of(1, 2, 3) }],
      });
    },
    [
      ['f', 1],
      ['f', 2],
      ['g'],
      ['f', 3],
      ['indirect', 0],
      ['indirect', 1],
      ['indirect', 2],
      ['held'],
      ['imported function', 1, 2],
    ],
    everything,
  ),
  scenario(
    'constant expressions that compute',
    (b) => {
      const constant = b.import('constant', { kind: 'global', type: 'i', mutable: false });
      const long = b.import('long', { kind: 'global', type: 'l', mutable: false });
      b.memory(1, 1, 'memory');
      b.table('r', 8, 8, 'table');
      b.export(
        'a',
        'global',
        b.global('i', false, ...code(`global.get ${constant}, i32.const 7, i32.mul, i32.const 3, i32.sub`)),
      );
      b.export(
        'b',
        'global',
        b.global(
          'l',
          true,
          ...code(`global.get ${long}, i64.const 7, i64.mul, i64.const 3, i64.sub, i64.const 1, i64.add`),
        ),
      );
      const f = b.function({ type: '>i', export: 'f' }, ...code('i32.const 5, i32.load 1000'));
      b.add({
        elements: [{ form: 0, offset: code('i32.const 5, i32.const 3, i32.sub'), functions: [f] }],
        data: [
          {
            form: 0,
            offset: code(`global.get ${constant}, i32.const 2, i32.add`),
            bytes: Uint8Array.of(4, 5, 6, 7, 8, 9, 10),
          },
        ],
      });
    },
    [['f']],
    everything,
  ),
  scenario(
    'a constant that refers to an own one',
    (b) => {
      b.import('constant', { kind: 'global', type: 'i', mutable: false });
      const first = b.global('i', false, ['i32.const', 4]);
      b.export('second', 'global', b.global('i', false, ['global.get', first]));
    },
    [],
    everything,
  ),
  scenario(
    'constants of every type',
    (b) => {
      b.export('f', 'global', b.global('f', false, ['f32.const', 1.5]));
      b.export('d', 'global', b.global('d', true, ['f64.const', -0]));
      b.export('x', 'global', b.global('x', true, ['ref.null', 'x']));
      b.global('r', true, ['ref.null', 'r']);
      const v = b.global('v', true, ['v128.const', Uint8Array.from({ length: 16 }, (_, i) => i)]);
      b.function(
        { type: '>l', export: 'lane' },
        ...code(`global.get ${v}`),
        ['i64x2.extract_lane', 1],
        ...code(`global.get ${v}, global.set ${v}`),
      );
    },
    [['lane']],
  ),
  scenario(
    'element segments of all eight forms',
    (b) => {
      b.importFunction('start');
      const f = b.function({ type: '>i' }, ...code('i32.const 1'));
      const g = b.function({ type: '>i' }, ...code('i32.const 2'));
      b.table('r', 10, 10, 'functions');
      b.table('r', 10, 10, 'more');
      b.table('x', 3, 3, 'things');
      const at = (n: number): { readonly offset: ReturnType<typeof code> } => ({ offset: code(`i32.const ${n}`) });
      const refs = [[['ref.func', g]], [['ref.null', 'r']], [['ref.func', f]]] as const;
      b.add({
        elements: [
          { form: 0, ...at(0), functions: [f, g] },
          { form: 1, functions: [g, f, g] },
          { form: 2, table: 1, ...at(1), functions: [g] },
          { form: 3, functions: [f] },
          { form: 4, ...at(4), expressions: refs },
          { form: 5, ref: 'r', expressions: refs },
          { form: 6, table: 1, ...at(5), ref: 'r', expressions: refs },
          { form: 7, ref: 'x', expressions: [[['ref.null', 'x']]] },
          { form: 5, ref: 'x', expressions: [[['ref.null', 'x']], [['ref.null', 'x']]] },
        ],
      });
      for (const [index, table] of [
        [1, 0],
        [5, 1],
        [8, 2],
      ] as const) {
        b.function(
          { type: 'iii>', export: `init ${index}` },
          ...code(`local.get 0, local.get 1, local.get 2, table.init ${index} ${table}`),
        );
      }
      b.function({ type: 'i>i', export: 'call' }, ...code(`local.get 0, call_indirect ${b.type('>i')} 0`));
      b.function({ type: 'i>i', export: 'call more' }, ...code(`local.get 0, call_indirect ${b.type('>i')} 1`));
      b.function({ type: '>', export: 'declared' }, ...code(`ref.func ${f}, drop, elem.drop 3, elem.drop 7`));
    },
    [
      ['init 1', 7, 0, 3],
      ['init 5', 7, 0, 3],
      ['init 8', 0, 0, 2],
      ['init 1', 9, 0, 2],
      ['declared'],
      ...Array.from(
        { length: 11 },
        (_, i) =>
          [
            ['call', i],
            ['call more', i],
          ] as const,
      ).flat(),
    ],
    everything,
  ),
  scenario(
    'data segments of all three forms',
    (b) => {
      const constant = b.import('constant', { kind: 'global', type: 'i', mutable: false });
      b.memory(1, 1, 'memory');
      b.add({
        data: [
          { form: 0, offset: code('i32.const 10'), bytes: Uint8Array.of(1, 2) },
          { form: 1, bytes: Uint8Array.of(3, 4, 5) },
          { form: 2, memory: 0, offset: [['global.get', constant]], bytes: new Uint8Array(200).fill(7) },
          { form: 0, offset: code('i32.const 65536'), bytes: new Uint8Array(0) },
        ],
      });
      b.function({ type: 'iii>', export: 'init' }, ...code('local.get 0, local.get 1, local.get 2, memory.init 1 0'));
    },
    [
      ['init', 100, 0, 3],
      ['init', 100, 1, 3],
    ],
    everything,
  ),
  scenario(
    'a segment that does not fit',
    (b) => {
      b.memory(1, 1, 'memory');
      b.add({ data: [{ form: 0, offset: code('i32.const 65535'), bytes: Uint8Array.of(1, 2) }] });
    },
    [],
  ),
  scenario(
    'a start function of the host',
    (b) => {
      b.add({ start: b.importFunction('start') });
      b.function({ export: 'f' }, ...code('call 0'));
    },
    [['f']],
    everything,
  ),
  scenario(
    'a start function that works for a while',
    (b) => {
      b.memory(1, 1, 'memory');
      b.add({
        start: b.function(
          { locals: 'i' },
          ...code(
            'i32.const 500, local.set 0, loop, local.get 0, local.get 0, i32.store 8, local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end',
          ),
        ),
      });
      b.function({ export: 'f' }, ...code('nop'));
    },
    [['f']],
  ),
  scenario(
    'a start function that traps',
    (b) => {
      b.add({ start: b.function({}, ...code('i32.const 1, drop, unreachable')) });
    },
    [],
  ),
  scenario(
    'names and other custom sections everywhere',
    (b) => {
      b.importFunction('start');
      b.global('i', true, ['i32.const', 1]);
      const f = b.function(
        { type: 'i>i', export: 'f' },
        ...code('local.get 0, if i, i32.const 1, else, i32.const 2, end'),
      );
      const custom = (after: number, name: string, bytes: readonly number[]) => ({
        after,
        name,
        bytes: Uint8Array.from(bytes),
      });
      b.add({
        customs: [
          custom(0, 'first', []),
          custom(1, 'producers', [0]),
          custom(3, '', [1, 2, 3]),
          custom(7, 'metadata.code.branch_hint', [1, f, 1, 3, 1, 1]),
          custom(10, '.debug_info', [5, 5, 5]),
          // The names of the module, of function 1, and of a local.
          custom(10, 'name', [0, 2, 1, 0x6d, 1, 4, 1, 1, 1, 0x66, 2, 6, 1, 1, 1, 0, 1, 0x78]),
          custom(10, 'sourceMappingURL', [1, 0x78]),
        ],
      });
    },
    [
      ['f', 0],
      ['f', 1],
    ],
    everything,
  ),
  scenario('nothing at all', () => {}, []),
  scenario(
    'only an export of an import',
    (b) => {
      b.export('add', 'function', b.importFunction('add', 'ii>i'));
    },
    [['add', 1, 2]],
    everything,
  ),
  scenario('only a memory', (b) => b.memory(1, 1, 'memory'), []),
];
