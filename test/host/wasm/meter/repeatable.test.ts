import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GuestRun, ROOT, useSandbox, valueOf } from '../../abi/support.ts';
import { meterModule } from '../../../../host/wasm/meter.ts';
import { Builder, code } from './builder.ts';
import { NAMESPACE, variantsOf } from './compare.ts';
import { encode } from './encode.ts';
import { run } from './run.ts';
import { SCENARIOS } from './scenarios.ts';

// What these modules cost, on every version of Node there is and will be.
const COSTS: Readonly<Record<string, number>> = {
  'a branch to the label of the function': 84,
  'a constant that refers to an own one': 0,
  'a segment that does not fit': 0,
  'a start function of the host': 2,
  'a start function that traps': 0,
  'a start function that works for a while': 4_002,
  'blocks with and without values': 102,
  'calls back from the host': 494,
  'calls of own functions': 19_953,
  'calls of the host': 120,
  choices: 77,
  'code that cannot run': 26,
  conditions: 113,
  'constant expressions that compute': 2,
  'constants of every type': 4,
  'costs of every width': 112_025,
  'data segments of all three forms': 4,
  'element segments of all eight forms': 48,
  'exceptions, the newer form': 16_440,
  'exceptions, the older form': 17_145,
  'imports and exports of every kind, whose numbers move': 104,
  'indirect calls': 38,
  'leaving from the middle': 18,
  loops: 1_897,
  'many locals and globals, whose indices are long': 160,
  'memory that grows': 134_223_993,
  'names and other custom sections everywhere': 6,
  'nothing at all': 0,
  'only a memory': 0,
  'only an export of an import': 0,
  'operations on stretches of memory': 2_567,
  'operations on stretches of tables': 292,
  references: 1_073_741_949,
  'tables of branches': 139,
  'tail calls': 150_137,
};

// A change of a skill, or of what compiles it, changes its numbers; a change of Node must not.
const SKILLS: readonly (readonly [skill: string, run: GuestRun, fuel: number])[] = [
  ['word-count', { args: ['word-count'], stdin: 'one two\nthree\n'.repeat(1_000) }, 611_310],
  ['text', { tool: 'slugify', input: { text: 'Déjà vu, over and over again! '.repeat(50) } }, 1_140_349],
  [
    'redact',
    { tool: 'redact', input: Buffer.from('mail a.b@example.org, card 4111 1111 1111 1111. '.repeat(20)) },
    977_621,
  ],
];

describe('fuel is the same everywhere [R-FUEL-5]', () => {
  it('for modules that hold every kind of instruction', () => {
    const costs: Record<string, number> = {};
    for (const { title, module, setting } of SCENARIOS) {
      const metered = variantsOf(module)?.metered;
      if (metered === undefined) continue;
      const { fuel } = run(metered, NAMESPACE, setting);
      costs[title] = fuel.reduce((sum, line) => sum + Number(line.split(': ').at(-1)), 0);
    }
    const expected = Object.fromEntries(Object.entries(COSTS).filter(([title]) => title in costs));
    expect(costs).toEqual(expected);
    expect(Object.keys(costs).length).toBeGreaterThan(30);
  });

  const runGuest = useSandbox();
  it.each(SKILLS)('for the skill %s', async (skill, asked, fuel) => {
    const bytes = readFileSync(join(ROOT, 'skills', skill, 'bin', `${skill}.wasm`));
    const results = [await runGuest(bytes, asked), await runGuest(bytes, asked)];
    for (const result of results) valueOf(result);
    expect(results.map((result) => result.usage.fuel)).toEqual([fuel, fuel]);
  });
});

const UNIT: readonly (readonly [operation: string, length: number, cost: number])[] = [
  ...[
    [0, 0],
    [63, 0],
    [64, 1],
    [127, 1],
    [128, 2],
    [65_536, 1_024],
    [0x7fffffff, 2 ** 25 - 1],
    [2 ** 31, 2 ** 25],
    [2 ** 32 - 1, 2 ** 26 - 1],
  ].flatMap(([length = 0, cost = 0]) =>
    ['memory.fill', 'memory.copy', 'memory.init'].map((operation) => [operation, length, cost] as const),
  ),
  ...[
    [7, 0],
    [8, 1],
    [15, 1],
    [16, 2],
    [0x7fffffff, 2 ** 28 - 1],
    [2 ** 31, 2 ** 28],
    [2 ** 32 - 1, 2 ** 29 - 1],
  ].flatMap(([length = 0, cost = 0]) =>
    ['table.fill', 'table.copy', 'table.init', 'table.grow'].map((operation) => [operation, length, cost] as const),
  ),
  ['memory.grow', 0, 0],
  ['memory.grow', 1, 1_024],
  ['memory.grow', 65_535, 65_535 * 1_024],
  // No memory can grow by so much: it fails at once.
  ['memory.grow', 65_536, 0],
  ['memory.grow', 2 ** 31, 0],
  ['memory.grow', 2 ** 32 - 1, 65_535 * 1_024],
];

/** Instructions besides the one that is measured. */
const AROUND: Readonly<Record<string, string>> = {
  'memory.fill': 'i32.const 0, i32.const 0, local.get 0, memory.fill',
  'memory.copy': 'i32.const 0, i32.const 0, local.get 0, memory.copy',
  'memory.init': 'i32.const 0, i32.const 0, local.get 0, memory.init 0 0',
  'memory.grow': 'local.get 0, memory.grow, drop',
  'table.fill': 'i32.const 0, ref.null r, local.get 0, table.fill 0',
  'table.copy': 'i32.const 0, i32.const 0, local.get 0, table.copy 0 0',
  'table.init': 'i32.const 0, i32.const 0, local.get 0, table.init 0 0',
  'table.grow': 'ref.null r, local.get 0, table.grow 0, drop',
};

function oneOperation(operation: string): Uint8Array<ArrayBuffer> {
  const b = new Builder();
  b.memory(1, 2);
  b.table('r', 1, 20);
  b.add({ data: [{ form: 1, bytes: new Uint8Array(1) }], elements: [{ form: 1, functions: [0] }] });
  b.function({ type: 'i>', export: 'f' }, ...code(AROUND[operation] ?? ''));
  return encode(b.build());
}

describe('an operation on a stretch [R-FUEL-6]', () => {
  it.each(UNIT)('%s of %d costs %d more', (operation, length, cost) => {
    const metered = meterModule(oneOperation(operation), NAMESPACE);
    const instructions = code(AROUND[operation] ?? '').filter(([name]) => name !== 'drop').length;
    const call = { name: 'f', args: [length | 0] };
    const { left } = run(metered, NAMESPACE, { calls: [call], tank: 10_000_000_000n });
    expect(10_000_000_000 - Number(left)).toBe(instructions + cost);
    // It is paid before it begins; what is not there is not lent, and a length that looks negative gives nothing back.
    const tank = BigInt(instructions + cost - 1);
    const poor = run(metered, NAMESPACE, { calls: [call], tank });
    expect(poor.lines[1]).toBe(`f(${length | 0}): RuntimeError unreachable`);
    expect(poor.left).toBe(-1n);
  });

  it.each([
    [65_535, 0],
    [65_536, 1],
    [1_048_576, 1],
  ])('of %d bytes calls out %d times each time, so that a loop of them can be ended', (length, each) => {
    const b = new Builder();
    b.memory(16, 16);
    b.function(
      { type: 'i>', export: 'f' },
      ...code(
        `loop, i32.const 0, i32.const 0, i32.const ${length}, memory.fill, local.get 0, i32.const 1, i32.sub, local.tee 0, br_if 0, end`,
      ),
    );
    const metered = meterModule(encode(b.build()), NAMESPACE);
    for (const times of [1, 64, 640]) {
      const { interrupts } = run(metered, NAMESPACE, { calls: [{ name: 'f', args: [times] }] });
      expect(interrupts).toBe(times * each);
    }
  });
});
