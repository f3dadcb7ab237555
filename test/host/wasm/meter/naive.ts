import { opcodeOf, type Immediate } from './opcodes.ts';
import { countImports, type Elements, type FunctionBody, type Instruction, type Operand, type Tree } from './tree.ts';

/** Instructions that cost nothing; every other costs 1. */
const FREE: ReadonlySet<string> = new Set(
  'nop drop unreachable return block loop else end try catch catch_all delegate try_table'.split(' '),
);

const SHIFTS: Readonly<Record<string, readonly [opcode: 'i64.shr_u' | 'i64.shl', bits: bigint]>> = {
  'memory.fill': ['i64.shr_u', 6n],
  'memory.copy': ['i64.shr_u', 6n],
  'memory.init': ['i64.shr_u', 6n],
  'table.fill': ['i64.shr_u', 3n],
  'table.copy': ['i64.shr_u', 3n],
  'table.init': ['i64.shr_u', 3n],
  'table.grow': ['i64.shr_u', 3n],
  'memory.grow': ['i64.shl', 10n],
};

/**
 * The same module, counting naively: before every instruction it takes the cost from an imported global. It imports
 * one more thing, `(global (mut i64))` named `fuel` in `namespace`, after its own imports; nothing is ever checked.
 */
export function meterNaively(module: Tree, namespace: string): Tree {
  const fuel = countImports(module, 'global');
  const expression = (instructions: readonly Instruction[]): Instruction[] =>
    instructions.map((instruction) => moveGlobals(instruction, fuel));
  return {
    ...module,
    imports: [...module.imports, { module: namespace, name: 'fuel', is: { kind: 'global', type: 'l', mutable: true } }],
    functions: module.functions.map((body) => meterBody(module, body, fuel)),
    globals: module.globals.map((global) => ({ ...global, init: expression(global.init) })),
    exports: module.exports.map((entry) =>
      entry.kind === 'global' ? { ...entry, index: shift(entry.index, fuel) } : entry,
    ),
    elements: module.elements.map((segment): Elements => ({
      ...segment,
      ...(segment.offset === undefined ? {} : { offset: expression(segment.offset) }),
      ...(segment.expressions === undefined ? {} : { expressions: segment.expressions.map(expression) }),
    })),
    data: module.data.map((segment) =>
      segment.offset === undefined ? segment : { ...segment, offset: expression(segment.offset) },
    ),
  };
}

const shift = (index: number, fuel: number): number => (index >= fuel ? index + 1 : index);

function moveGlobals(instruction: Instruction, fuel: number): Instruction {
  const [name, ...operands] = instruction;
  const { immediates } = opcodeOf(name);
  if (!immediates.includes('global')) return instruction;
  const moved = (kind: Immediate | undefined, operand: Operand): Operand =>
    kind === 'global' ? shift(operand as number, fuel) : operand;
  return [name, ...operands.map((operand, i) => moved(immediates[i], operand))];
}

function meterBody(module: Tree, { type, locals, body }: FunctionBody, fuel: number): FunctionBody {
  const count = locals.reduce((sum, [group]) => sum + group, module.types[type]?.params.length ?? 0);
  const metered: Instruction[] = [];
  const take = (...cost: Instruction[]): void => {
    metered.push(['global.get', fuel], ...cost, ['i64.sub'], ['global.set', fuel]);
  };
  for (const instruction of body) {
    const [name] = instruction;
    if (!FREE.has(name)) take(['i64.const', 1n]);
    const by = SHIFTS[name];
    if (by !== undefined) {
      const pages: Instruction[] = name === 'memory.grow' ? [['i64.const', 0xffffn], ['i64.and']] : [];
      metered.push(['local.tee', count]);
      take(['local.get', count], ['i64.extend_i32_u'], ...pages, ['i64.const', by[1]], [by[0]]);
    }
    metered.push(moveGlobals(instruction, fuel));
  }
  return { type, locals: [...locals, [1, 'i']], body: metered };
}
