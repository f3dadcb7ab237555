import { Builder, code } from './builder.ts';
import type { Cell } from './js-api.ts';
import { OPCODES } from './opcodes.ts';
import type { Call } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Instruction, ValueType } from './tree.ts';

type Number4 = 'i' | 'l' | 'f' | 'd';
const NUMBERS: readonly Number4[] = ['i', 'l', 'f', 'd'];

// What makes the bits of a NaN visible is left out: they are up to the engine.
const SIMPLE = OPCODES.filter(
  ({ name, type, immediates, prefix }) =>
    prefix !== 0xfd &&
    type !== undefined &&
    immediates.length === 0 &&
    type.results.length === 1 &&
    !/reinterpret|copysign/.test(name),
);

/** Loops and calls a run may make before it is sent home. */
const BUDGET = 400;
const SPEND = code('global.get 0, i32.const 1, i32.sub, global.set 0, global.get 0, i32.const 0, i32.lt_s');

/** Decisions read off a list of bytes; when they run out, the first choice of each. A shorter list is a simpler module. */
class Choices {
  readonly #bytes: ArrayLike<number>;
  #at = 0;

  constructor(bytes: ArrayLike<number>) {
    this.#bytes = bytes;
  }

  get areOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  below(count: number): number {
    const low = this.#bytes[this.#at++] ?? 0;
    return count <= 256 ? low % count : (low * 256 + (this.#bytes[this.#at++] ?? 0)) % count;
  }

  from<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

interface FunctionShape {
  readonly index: number;
  readonly params: readonly Number4[];
  readonly results: readonly Number4[];
}

/** A well-typed module with random control flow, and calls of all its functions. It always comes to an end. */
export function randomModule(bytes: ArrayLike<number>): Scenario {
  const choices = new Choices(bytes);
  const b = new Builder();
  const log = b.importFunction('log', 'i>');
  const fail = b.importFunction('fail', 'i>');
  b.memory(1, 3, 'memory');
  b.table('r', 8, 12, 'table');
  b.export('budget', 'global', b.global('i', true, ['i32.const', 0]));
  const globals: Record<Number4, number> = {
    i: b.global('i', true, ['i32.const', 5]),
    l: b.global('l', true, ['i64.const', 6n]),
    f: b.global('f', true, ['f32.const', 7.5]),
    d: b.global('d', true, ['f64.const', -8.25]),
  };
  for (const type of NUMBERS) b.export(`global ${type}`, 'global', globals[type]);
  const tag = b.tag('i');
  const handlers = choices.from(['none', 'older', 'newer'] as const);
  const shapes = Array.from({ length: 1 + choices.below(4) }, (_, i): FunctionShape => ({
    index: b.nextFunction + i,
    params: Array.from({ length: choices.below(4) }, () => choices.from(NUMBERS)),
    results: Array.from({ length: choices.below(3) }, () => choices.from(NUMBERS)),
  }));
  b.add({
    elements: [{ form: 0, offset: code('i32.const 0'), functions: shapes.map(({ index }) => index) }],
    data: [{ form: 1, bytes: Uint8Array.from({ length: 300 }, (_, i) => i) }],
  });
  const surroundings = { choices, b, globals, shapes, log, fail, tag, handlers };
  for (const shape of shapes) new BodyWriter(surroundings, shape).write();
  const args: Record<Number4, readonly unknown[]> = {
    i: [0, 3, -1],
    l: [0n, 4n, -1n],
    f: [0, 1.5, -1],
    d: [1, 0, NaN],
  };
  const calls = shapes.flatMap(({ index, params }) =>
    [0, 1, 2].map((round): Call => ({
      name: `f${index}`,
      args: params.map((type) => args[type][round]),
      before: (exports) => void ((exports['budget'] as Cell).value = BUDGET),
    })),
  );
  return {
    title: 'random',
    module: b.build(),
    setting: {
      calls,
      imports: (host) => ({
        env: {
          log: host('log'),
          fail: host('fail', (x: number) => {
            if (x % 3 === 0) throw new TypeError('the host failed');
          }),
        },
      }),
    },
  };
}

interface Surroundings {
  readonly choices: Choices;
  readonly b: Builder;
  readonly globals: Readonly<Record<Number4, number>>;
  readonly shapes: readonly FunctionShape[];
  readonly log: number;
  readonly fail: number;
  readonly tag: number;
  readonly handlers: 'none' | 'older' | 'newer';
}

/** Writes one function: statements leave the stack as it is, values put one value on it. */
class BodyWriter {
  readonly #in: Surroundings;
  readonly #shape: FunctionShape;
  readonly #out: Instruction[] = [];
  /** What a branch to each open label takes, outermost first. */
  readonly #labels: (readonly Number4[])[];

  constructor(surroundings: Surroundings, shape: FunctionShape) {
    this.#in = surroundings;
    this.#shape = shape;
    this.#labels = [shape.results];
  }

  write(): void {
    const { b } = this.#in;
    const { params, results, index } = this.#shape;
    this.#spend();
    this.#statements(5);
    for (const type of results) this.#value(type, 3);
    b.function(
      { type: `${params.join('')}>${results.join('')}`, locals: 'ilfdilfd', export: `f${index}` },
      ...this.#out,
    );
  }

  #emit(...instructions: readonly Instruction[]): void {
    this.#out.push(...instructions);
  }

  /** Leaves the function when the budget is used up. */
  #spend(): void {
    const zeros = this.#shape.results.map((type): Instruction => constantOf(type, 0));
    this.#emit(...SPEND, ['if', 'none'], ...zeros, ['return'], ['end']);
  }

  #statements(depth: number): void {
    for (let left = this.#in.choices.below(5); left > 0 && !this.#in.choices.areOver; left--) this.#statement(depth);
  }

  #inside(label: readonly Number4[], write: () => void): void {
    this.#labels.push(label);
    write();
    this.#labels.pop();
    this.#emit(['end']);
  }

  #local(type: Number4): number {
    return this.#shape.params.length + NUMBERS.indexOf(type) + 4 * this.#in.choices.below(2);
  }

  #statement(depth: number): void {
    const { choices, globals, log, fail, tag, handlers } = this.#in;
    const type = choices.from(NUMBERS);
    const next = depth - 1;
    const kind = choices.below(depth > 0 ? 24 : 6);
    switch (kind) {
      case 0:
        this.#value(type, next);
        return this.#emit(['local.set', this.#local(type)]);
      case 1:
        this.#value(type, next);
        return this.#emit(['global.set', globals[type]]);
      case 2:
        return this.#emit(['nop']);
      case 3:
        this.#value(type, next);
        return this.#emit(['drop']);
      case 4:
        this.#value('i', next);
        return this.#emit(['call', choices.below(4) === 0 ? fail : log]);
      case 5:
        return void this.#call(next, []);
      case 6:
        this.#address();
        this.#value('i', next);
        return this.#emit(['i32.store8', { align: 0, offset: 4 }]);
      case 7:
        this.#emit(['block', 'none']);
        return this.#inside([], () => this.#statements(next));
      case 8:
      case 9:
        this.#emit(['loop', 'none']);
        return this.#inside([], () => {
          this.#spend();
          this.#statements(next);
          if (choices.below(2) === 0) return;
          this.#value('i', next);
          this.#emit(['br_if', 0]);
        });
      case 10:
      case 11:
        this.#value('i', next);
        this.#emit(['if', 'none']);
        return this.#inside([], () => {
          this.#statements(next);
          if (choices.below(2) === 0) return;
          this.#emit(['else']);
          this.#statements(next);
        });
      case 12:
      case 13: {
        const label = choices.below(this.#labels.length);
        const taken = this.#labels.at(-1 - label) ?? [];
        for (const each of taken) this.#value(each, next);
        this.#value('i', next);
        return this.#emit(['br_if', label], ...taken.map((): Instruction => ['drop']));
      }
      case 14: {
        const label = choices.below(this.#labels.length);
        for (const each of this.#labels.at(-1 - label) ?? []) this.#value(each, next);
        return this.#emit(['br', label]);
      }
      case 15: {
        const empty = this.#labels.flatMap((taken, i) => (taken.length === 0 ? [this.#labels.length - 1 - i] : []));
        if (empty.length === 0) return this.#emit(['nop']);
        this.#value('i', next);
        return this.#emit(['br_table', Array.from({ length: 1 + choices.below(5) }, () => choices.from(empty))]);
      }
      case 16:
        for (const each of this.#shape.results) this.#value(each, next);
        return this.#emit(['return']);
      case 17:
        return this.#bulk();
      case 18:
        this.#value('i', next);
        return handlers === 'none' ? this.#emit(['drop']) : this.#emit(['throw', tag]);
      case 19:
      case 20:
      case 21:
        return this.#try(next);
      case 22:
        return choices.below(6) === 0 ? this.#emit(['unreachable']) : void this.#call(next, []);
      default: {
        const shape = choices.from(this.#in.shapes);
        if (shape.results.join('') !== this.#shape.results.join('')) return void this.#call(next, []);
        for (const each of shape.params) this.#value(each, next);
        return this.#emit(['return_call', shape.index]);
      }
    }
  }

  #try(depth: number): void {
    const { choices, handlers, tag } = this.#in;
    if (handlers === 'older') {
      this.#emit(['try', 'none']);
      return this.#inside([], () => {
        this.#statements(depth);
        const kind = choices.below(3);
        if (kind < 2) {
          this.#emit(['catch', tag], ['local.set', this.#local('i')]);
          this.#statements(depth);
        }
        if (kind > 0) {
          this.#emit(['catch_all']);
          this.#statements(depth);
          if (choices.below(4) === 0) this.#emit(['rethrow', 0]);
        }
      });
    }
    if (handlers === 'none') return this.#statement(depth);
    this.#emit(['block', 'none'], ['block', 'i']);
    this.#labels.push([], ['i']);
    this.#emit([
      'try_table',
      'none',
      choices.below(2) === 0
        ? [
            { kind: 'catch', tag, label: 0 },
            { kind: 'catch_all', tag: 0, label: 1 },
          ]
        : [{ kind: 'catch_all', tag: 0, label: 1 }],
    ]);
    this.#inside([], () => this.#statements(depth));
    this.#emit(['br', 1], ['end'], ['local.set', this.#local('i')]);
    this.#labels.pop();
    this.#statements(depth);
    this.#labels.pop();
    this.#emit(['end']);
  }

  /** A number below 1,024, which any address or length here may be. */
  #address(): void {
    this.#value('i', 1);
    this.#emit(['i32.const', 1_023], ['i32.and']);
  }

  #bulk(): void {
    const { choices } = this.#in;
    this.#address();
    this.#address();
    this.#address();
    const kind = choices.below(6);
    if (kind === 0) return this.#emit(['memory.fill', 0]);
    if (kind === 1) return this.#emit(['memory.copy', 0, 0]);
    if (kind === 2) return this.#emit(['i32.const', 7], ['i32.and'], ['memory.init', 0, 0]);
    if (kind === 3)
      return this.#emit(
        ['drop'],
        ['drop'],
        ['drop'],
        ['i32.const', 0],
        ['i32.const', 2],
        ['i32.const', 6],
        ['table.copy', 0, 0],
      );
    if (kind === 4) return this.#emit(['drop'], ['i32.const', 1], ['i32.and'], ['memory.grow', 0], ['drop'], ['drop']);
    return this.#emit(['drop'], ['drop'], ['drop'], ['ref.null', 'r'], ['i32.const', 1], ['table.grow', 0], ['drop']);
  }

  /** Calls something with the results wanted, or drops what it gets. */
  #call(depth: number, wanted: readonly Number4[]): boolean {
    const { choices, shapes, b } = this.#in;
    const fitting = wanted.length === 0 ? shapes : shapes.filter(({ results }) => results.join('') === wanted.join(''));
    if (fitting.length === 0) return false;
    const shape = choices.from(fitting);
    for (const each of shape.params) this.#value(each, depth);
    if (choices.below(3) === 0) {
      this.#value('i', depth);
      const type = b.type(`${shape.params.join('')}>${shape.results.join('')}`);
      this.#emit(['i32.const', 7], ['i32.and'], ['call_indirect', type, 0]);
    } else this.#emit(['call', shape.index]);
    if (wanted.length === 0) this.#emit(...shape.results.map((): Instruction => ['drop']));
    return true;
  }

  #value(type: Number4, depth: number): void {
    const { choices, globals, b } = this.#in;
    const next = depth - 1;
    switch (choices.below(depth > 0 ? 12 : 3)) {
      case 0:
        return this.#emit(constantOf(type, choices.below(256) - 128));
      case 1:
        return this.#emit(['local.get', this.#local(type)]);
      case 2:
        return this.#emit(['global.get', globals[type]]);
      case 3:
      case 4:
      case 5: {
        const opcode = choices.from(SIMPLE.filter((each) => each.type?.results[0] === type));
        for (const operand of opcode.type?.params ?? []) this.#value(operand as Number4, next);
        return this.#emit([opcode.name]);
      }
      case 6:
        this.#emit([choices.from(['block', 'loop'] as const), type]);
        return this.#inside(this.#out.at(-1)?.[0] === 'loop' ? [] : [type], () => {
          if (this.#out.at(-1)?.[0] === 'loop') this.#spend();
          this.#statements(next);
          this.#value(type, next);
        });
      case 7:
        this.#value('i', next);
        this.#emit(['if', type]);
        return this.#inside([type], () => {
          this.#statements(next);
          this.#value(type, next);
          this.#emit(['else']);
          this.#value(type, next);
        });
      case 8:
        if (!this.#call(next, [type])) this.#emit(constantOf(type, 1));
        return;
      case 9:
        this.#value(type, next);
        return this.#emit(['local.tee', this.#local(type)]);
      case 10:
        this.#value(type, next);
        this.#value(type, next);
        this.#value('i', next);
        return this.#emit(['select']);
      default: {
        // Two values through a block with a type of its own.
        const other = choices.from(NUMBERS);
        this.#value(type, next);
        this.#value(other, next);
        this.#emit(['block', b.type(`${type}${other}>${type}`)]);
        return this.#inside([type], () => {
          this.#emit(['drop']);
          this.#statements(next);
        });
      }
    }
  }
}

function constantOf(type: ValueType, value: number): Instruction {
  if (type === 'l') return ['i64.const', BigInt(value)];
  return [`${type === 'i' ? 'i32' : type === 'f' ? 'f32' : 'f64'}.const`, type === 'i' ? value : value / 4];
}
