import { describe, expect, it } from 'vitest';
import { SkillError } from '../../../../host/errors.ts';
import { meterModule } from '../../../../host/wasm/meter.ts';
import { wat } from '../../../fixtures/wat.ts';
import { mutate, randomFrom } from '../../component/mutate.ts';
import { Builder, code } from './builder.ts';
import { NAMESPACE } from './compare.ts';
import { encode } from './encode.ts';
import { wasm } from './js-api.ts';
import { opcodeOf, type Immediate } from './opcodes.ts';
import { SCENARIOS } from './scenarios.ts';
import { countImports, type Instruction, type Kind, type Operand, type Tree } from './tree.ts';

/** What becomes of a module: its refusal, or whether what comes out is valid. */
function outcomeOf(bytes: Uint8Array): 'refused' | 'valid' | 'invalid' | `foreign error: ${string}` {
  try {
    return wasm.validate(meterModule(bytes, NAMESPACE)) ? 'valid' : 'invalid';
  } catch (error) {
    if (error instanceof SkillError && /^E_MODULE(_LIMIT)?$/.test(error.code)) return 'refused';
    return `foreign error: ${String(error)}`;
  }
}

/** How many of each there are, for the immediates that are indices. */
function countsOf(module: Tree): Readonly<Partial<Record<Immediate, number>>> {
  const all = (kind: Kind, own: readonly unknown[]): number => countImports(module, kind) + own.length;
  return {
    function: all('function', module.functions),
    global: all('global', module.globals),
    table: all('table', module.tables),
    memory: all('memory', module.memories),
    tag: all('tag', module.tags),
    type: module.types.length,
    'block type': module.types.length,
    'element segment': module.elements.length,
    'data segment': module.data.length,
  };
}

/** Every module that has one index of one instruction put just past the end: where metering adds its own. */
function* withAddedIndices(module: Tree): Generator<readonly [what: string, bytes: Uint8Array]> {
  const counts = countsOf(module);
  for (const [f, { type, locals, body }] of module.functions.entries()) {
    const localCount = locals.reduce((sum, [count]) => sum + count, module.types[type]?.params.length ?? 0);
    let depth = 0;
    for (const [at, [name, ...operands]] of body.slice(0, 300).entries()) {
      const { immediates } = opcodeOf(name);
      const limitOf = (kind: Immediate, operand: Operand): number | undefined => {
        if (kind === 'local') return localCount;
        if (kind === 'label') return depth + 1;
        if (kind === 'block type' && typeof operand !== 'number') return undefined;
        return counts[kind];
      };
      for (const [i, kind] of immediates.entries()) {
        const limit = limitOf(kind, operands[i] ?? 0);
        if (limit === undefined) continue;
        for (const past of [0, 1, 2, 3]) {
          const changed: Instruction = [name, ...operands.map((operand, j) => (j === i ? limit + past : operand))];
          yield [`${name} ${kind} ${limit}+${past}`, encode(withInstruction(module, { f, at, changed }))];
        }
      }
      if (['block', 'loop', 'if', 'try', 'try_table'].includes(name)) depth++;
      if (name === 'end' || name === 'delegate') depth--;
    }
  }
}

function withInstruction(module: Tree, { f, at, changed }: { f: number; at: number; changed: Instruction }): Tree {
  const functions = module.functions.map((one, i) =>
    i === f ? { ...one, body: one.body.map((instruction, j) => (j === at ? changed : instruction)) } : one,
  );
  return { ...module, functions };
}

// Each of them is encoded some hundred times.
const SMALL = SCENARIOS.filter(({ module }) => encode(module).length < 5_000);

describe('a module that names what metering adds [R-FUEL-3]', () => {
  it.each(SMALL.map((one) => [one.title, one] as const))('in its code is refused: %s', (_title, { module }) => {
    const wrong: string[] = [];
    let tried = 0;
    for (const [what, bytes] of withAddedIndices(module)) {
      // The scratch locals and labels of one module may be fine in another place; V8 says what was wrong from the start.
      if (wasm.validate(bytes)) continue;
      tried++;
      const outcome = outcomeOf(bytes);
      if (outcome !== 'refused') wrong.push(`${what}: ${outcome}`);
    }
    expect(wrong).toEqual([]);
    if (module.functions.some(({ body }) => body.some(([name]) => name === 'local.get')))
      expect(tried).toBeGreaterThan(3);
  });

  it('outside its code is refused', () => {
    const base = (): Builder => {
      const b = new Builder();
      b.importFunction('f');
      b.import('g', { kind: 'global', type: 'l', mutable: true });
      b.memory(1, 1);
      b.table('r', 4, 4);
      b.global('l', true, ['i64.const', 1n]);
      b.function({ type: '>l', export: 'own' }, ...code('i64.const 1'));
      return b;
    };
    const counts = countsOf(base().build());
    const functions = counts.function ?? 0;
    const globals = counts.global ?? 0;
    const cases: (readonly [string, (b: Builder, past: number) => void])[] = [
      ['an exported function', (b, past) => b.export('x', 'function', functions + past)],
      ['an exported global', (b, past) => b.export('x', 'global', globals + past)],
      ['the start function', (b, past) => void b.add({ start: functions + past })],
      [
        'an element',
        (b, past) =>
          void b.add({ elements: [{ form: 0, offset: code('i32.const 0'), functions: [functions + past] }] }),
      ],
      [
        'an element expression',
        (b, past) =>
          void b.add({
            elements: [{ form: 4, offset: code('i32.const 0'), expressions: [[['ref.func', functions + past]]] }],
          }),
      ],
      ['a declared function', (b, past) => void b.add({ elements: [{ form: 3, functions: [functions + past] }] })],
      [
        'an offset',
        (b, past) =>
          void b.add({ data: [{ form: 0, offset: [['global.get', globals + past]], bytes: new Uint8Array(1) }] }),
      ],
      ['an initial value', (b, past) => void b.global('l', false, ['global.get', globals + past + 1])],
      ['an initial reference', (b, past) => void b.global('r', false, ['ref.func', functions + past])],
      [
        'the type of an import',
        (b, past) => void b.import('x', { kind: 'function', type: b.build().types.length + past }),
      ],
      ['the type of a tag', (b, past) => void b.import('x', { kind: 'tag', type: b.build().types.length + past })],
    ];
    const wrong: string[] = [];
    for (const [what, change] of cases) {
      for (const past of [0, 1, 2, 3]) {
        const b = base();
        change(b, past);
        const bytes = encode(b.build());
        if (wasm.validate(bytes)) wrong.push(`${what} +${past} is valid: a fault of this test`);
        const outcome = outcomeOf(bytes);
        if (outcome !== 'refused') wrong.push(`${what} +${past}: ${outcome}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('by importing from the namespace of the meter is refused, and told so', () => {
    for (const name of ['fuel', 'empty', 'anything']) {
      const b = new Builder();
      b.import(name, { kind: 'global', type: 'l', mutable: true });
      const module = b.build();
      const imports = module.imports.map((entry) => ({ ...entry, module: NAMESPACE }));
      expect(() => meterModule(encode({ ...module, imports }), NAMESPACE)).toThrow(/reserved/);
      expect(outcomeOf(encode(module))).toBe('valid');
    }
  });

  it.each([
    [
      'a table with an initial value',
      `(module (import "e" "i" (func)) (func $f (result i32) i32.const 7) (table 2 funcref (ref.func $f))
        (func (export "f") (result i32) (call_indirect (result i32) (i32.const 0))))`,
    ],
    ['value type 0x63', '(module (type $t (func)) (global (mut (ref null $t)) (ref.null $t)))'],
    ['value type 0x63', '(module (type $t (func)) (elem (ref null $t) (ref.null $t)))'],
    ['value type 0x73', '(module (global (mut funcref) (ref.null nofunc)))'],
  ])('is refused for %s', async (what, text) => {
    const bytes = await wat(text);
    expect(() => meterModule(bytes, NAMESPACE)).toThrow(what);
  });

  it('is refused once it has been metered already', () => {
    const [first] = SCENARIOS;
    const metered = meterModule(encode((first as (typeof SCENARIOS)[number]).module), NAMESPACE);
    expect(outcomeOf(metered)).toBe('refused');
  });
});

describe('modules with changed bytes', () => {
  it('are refused by an error of ours, or come out valid exactly when they went in valid [R-FUEL-3]', () => {
    const random = randomFrom(29);
    const wrong: string[] = [];
    const seen = { valid: 0, refused: 0, refusedThoughValid: 0 };
    for (const { title, module } of SMALL) {
      const bytes = encode(module);
      for (let left = 900; left > 0; left--) {
        const mutant = mutate(bytes, random, [8, bytes.length]);
        const valid = wasm.validate(mutant);
        const outcome = outcomeOf(mutant);
        if (outcome === 'refused') seen[valid ? 'refusedThoughValid' : 'refused']++;
        else if (valid && outcome === 'valid') seen.valid++;
        else
          wrong.push(
            `${title}: ${valid ? 'valid' : 'invalid'} became ${outcome}: ${Buffer.from(mutant).toString('hex').slice(0, 2_000)}`,
          );
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(seen.valid).toBeGreaterThan(500);
    expect(seen.refused).toBeGreaterThan(3_000);
    expect(seen.refusedThoughValid).toBeLessThan(seen.valid);
  });
});
