import { FIXED } from '../limits.ts';
import { type ByteReader, checkCeiling, malformed, unsupported } from './bytes.ts';
import type { BodyScan, Stop } from './body-scan.ts';
import type { CoreModule, FunctionType } from './module.ts';
import { FREE, IMMEDIATE, MISC, type OpcodeSpace, PLAIN, unsupportedOpcode, VECTOR } from './opcodes.ts';

interface Frame {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try';
  /** Height of the operand stack below its parameters. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
  /** It was opened where no code can run. */
  readonly skipped: boolean;
  /** Something branches to its label. */
  targeted: boolean;
  /** How many calls came before it. */
  readonly callsBefore: number;
}

/** Cost of a bulk operation: one for `2 ** -shift` of its length, or `2 ** shift` for each page. */
const BULK_SHIFT = { bytes: -6, elements: -3, pages: 10 } as const;

const LABEL_CATCHES = 3;
// Compared after every instruction.
const MOST = { height: FIXED.operand_height.limit, cost: FIXED.function_cost.limit };

/** Reads one function body: checks the static limits, refuses what cannot be metered, and finds the stops. */
export class BodyScanner {
  readonly #module: CoreModule;
  readonly #reader: ByteReader;
  readonly #stops: Stop[] = [];
  readonly #frames: Frame[] = [];
  readonly #locals: BodyScan['locals'];
  readonly #localCount: number;
  #height = 0;
  #cost = 0;
  #live = true;
  #compileCost = 0;
  #calls = 0;
  #hasLoop = false;
  #hasTightLoop = false;
  #hasBulk = false;
  #catches = false;

  /** @param reader over exactly one function body */
  constructor(module: CoreModule, type: FunctionType, reader: ByteReader) {
    this.#module = module;
    this.#reader = reader;
    const groups = reader.count('locals');
    const start = reader.at;
    let count = type.params.length;
    for (let left = groups; left > 0; left--) {
      count += reader.u32();
      this.#valueType(reader.u8());
      checkCeiling('locals', count);
    }
    this.#locals = { groups, start, end: reader.at };
    this.#localCount = count;
    this.#open('function', { params: 0, results: type.results.length });
  }

  /** @throws SkillError E_MODULE for what is malformed or not metered, E_MODULE_LIMIT over a static limit. */
  scan(): BodyScan {
    const reader = this.#reader;
    while (this.#frames.length > 0) {
      const at = reader.at;
      const op = reader.u8();
      if (this.#live && !FREE[op]) this.#cost++;
      const immediate = PLAIN.immediate[op] ?? IMMEDIATE.unknown;
      if (immediate === IMMEDIATE.special) this.#special(op, at);
      else this.#simple(PLAIN, op, immediate, op);
      if (this.#height > MOST.height) checkCeiling('operand_height', this.#height);
      if (this.#compileCost > MOST.cost) checkCeiling('function_cost', this.#compileCost);
    }
    reader.expectEnd('a function body');
    return {
      locals: this.#locals,
      localCount: this.#localCount,
      end: reader.end,
      stops: this.#stops,
      hasCall: this.#calls > 0,
      hasLoop: this.#hasLoop,
      hasTightLoop: this.#hasTightLoop,
      hasBulk: this.#hasBulk,
      catches: this.#catches,
      compileCost: this.#compileCost,
    };
  }

  #simple(space: OpcodeSpace, code: number, immediate: number, op: number): void {
    const reader = this.#reader;
    switch (immediate) {
      case IMMEDIATE.none:
        break;
      case IMMEDIATE.index:
        reader.u32();
        break;
      case IMMEDIATE.leb:
        reader.skipLeb();
        break;
      case IMMEDIATE.memory:
        this.#memoryOperand();
        break;
      case IMMEDIATE.memoryAndLane:
        this.#memoryOperand();
        reader.skip(1);
        break;
      case IMMEDIATE.lane:
        reader.skip(1);
        break;
      case IMMEDIATE.fourBytes:
        reader.skip(4);
        break;
      case IMMEDIATE.eightBytes:
        reader.skip(8);
        break;
      case IMMEDIATE.sixteenBytes:
        reader.skip(16);
        break;
      default:
        return space === PLAIN ? unsupportedOpcode(code) : unsupportedOpcode(op, code);
    }
    this.#change(space.delta[code] ?? 0);
  }

  #memoryOperand(): void {
    // Bit 6 announces the index of a memory other than the first.
    if (this.#reader.u32() >= 0x40) unsupported('more than one memory in a module');
    this.#reader.u32();
  }

  #special(op: number, at: number): void {
    const reader = this.#reader;
    switch (op) {
      case 0x00:
        return this.#die();
      case 0x02:
        return this.#open('block', this.#blockType());
      case 0x03:
        return this.#openLoop(at);
      case 0x04:
        this.#change(-1);
        this.#stop('charge', at);
        return this.#open('if', this.#blockType());
      case 0x05:
        return this.#next(at, 0);
      case 0x06:
        this.#catches = true;
        return this.#open('try', this.#blockType());
      case 0x07:
        return this.#next(at, this.#tag().params.length);
      case 0x08:
        this.#tag();
        return this.#leave(at);
      case 0x09:
        this.#label();
        return this.#leave(at);
      case 0x0a:
        return this.#leave(at);
      case 0x0b:
        return this.#end(at);
      case 0x0c:
        return this.#branch(at, this.#label());
      case 0x0d:
        this.#change(-1);
        return this.#branchIf(at, this.#label());
      case 0x0e:
        return this.#branchTable(at);
      case 0x0f:
        return this.#leave(at);
      case 0x10:
        return this.#call(at, 'call', reader.u32());
      case 0x11:
        return this.#callIndirect(at, 'call');
      case 0x12:
        return this.#call(at, 'tail-call', reader.u32());
      case 0x13:
        return this.#callIndirect(at, 'tail-call');
      case 0x18:
        this.#label();
        return this.#end(at);
      case 0x19:
        return this.#next(at, 0);
      case 0x1c:
        reader.list((r) => this.#valueType(r.u8()));
        return this.#change(-2);
      case 0x1f:
        return this.#tryTable();
      case 0x23:
        this.#mention('global', at, reader.u32());
        return this.#change(1);
      case 0x24:
        this.#mention('global', at, reader.u32());
        return this.#change(-1);
      case 0x40:
        reader.u32();
        return this.#bulk(at, BULK_SHIFT.pages);
      case 0xd0:
        this.#valueType(reader.u8());
        return this.#change(1);
      case 0xd2:
        this.#mention('function', at, reader.u32());
        return this.#change(1);
      case 0xfc:
        return this.#misc(at, reader.u32());
      default: {
        const code = reader.u32();
        this.#simple(VECTOR, code, VECTOR.immediate[code] ?? IMMEDIATE.unknown, op);
      }
    }
  }

  #misc(at: number, code: number): void {
    const immediate = MISC.immediate[code] ?? IMMEDIATE.unknown;
    if (immediate !== IMMEDIATE.special) return this.#simple(MISC, code, immediate, 0xfc);
    this.#reader.u32();
    // All but fill and grow name two things, of which the second may be a memory.
    if (code === 0x08 || code === 0x0a || code === 0x0c || code === 0x0e) this.#reader.u32();
    this.#bulk(at, code <= 0x0b ? BULK_SHIFT.bytes : BULK_SHIFT.elements);
    this.#change(MISC.delta[code] ?? 0);
  }

  #bulk(at: number, shift: number): void {
    this.#hasBulk = true;
    if (this.#live) this.#stop('bulk', at, { next: at, index: shift });
  }

  #callIndirect(at: number, kind: 'call' | 'tail-call'): void {
    const type = this.#module.types[this.#reader.u32()] ?? malformed('a call of an unknown type', at);
    this.#reader.u32();
    this.#change(-1);
    this.#enter(at, kind, { type, index: -1 });
  }

  #call(at: number, kind: 'call' | 'tail-call', index: number): void {
    const type = this.#module.functions[index] ?? malformed('a call of an unknown function', at);
    this.#enter(at, kind, { type, index });
  }

  #enter(
    at: number,
    kind: 'call' | 'tail-call',
    { type, index }: { readonly type: FunctionType; readonly index: number },
  ): void {
    this.#calls++;
    this.#compileCost += (this.#localCount + this.#height) >> 4;
    if (this.#live) this.#stop(kind, at, { next: this.#reader.at, index });
    else if (index >= 0) this.#mention('function', at, index);
    if (kind === 'tail-call') this.#die();
    else this.#change(type.results.length - type.params.length);
  }

  #openLoop(at: number): void {
    this.#hasLoop = true;
    const type = this.#blockType();
    if (this.#live) this.#stop('loop', at, { next: this.#reader.at });
    this.#open('loop', type);
  }

  #tryTable(): void {
    this.#catches = true;
    const type = this.#blockType();
    for (let left = this.#reader.count(); left > 0; left--) {
      const kind = this.#reader.u8();
      if (kind > LABEL_CATCHES) malformed('an unknown kind of catch', this.#reader.at - 1);
      if (kind < 2) this.#tag();
      this.#label().targeted = true;
    }
    this.#open('try', type);
  }

  #branch(at: number, target: Frame): void {
    this.#stop(target.kind === 'function' ? 'leave' : 'charge', at);
    target.targeted = true;
    this.#die();
  }

  #branchIf(at: number, target: Frame): void {
    this.#stop(target.kind === 'function' ? 'leave' : 'charge', at);
    target.targeted = true;
    this.#compileCost += target.results;
  }

  #branchTable(at: number): void {
    const count = this.#reader.count(Infinity);
    let leaves = false;
    let results = 0;
    for (let left = count; left >= 0; left--) {
      const target = this.#label();
      target.targeted = true;
      leaves ||= target.kind === 'function';
      ({ results } = target);
    }
    this.#compileCost += (count >> 3) + results;
    this.#stop(leaves ? 'leave' : 'charge', at);
    this.#die();
  }

  #leave(at: number): void {
    this.#stop('leave', at);
    this.#die();
  }

  #open(kind: Frame['kind'], { params, results }: { readonly params: number; readonly results: number }): void {
    const below = this.#frames.at(-1)?.base ?? 0;
    if (kind !== 'function') this.#compileCost += (kind === 'if' ? 2 : 1) * (this.#localCount + this.#height);
    const base = Math.max(this.#height - params, below);
    const callsBefore = this.#calls;
    this.#frames.push({ kind, base, params, results, skipped: !this.#live, targeted: false, callsBefore });
  }

  /** The other arm of an `if`, or a handler of a `try`. */
  #next(at: number, operands: number): void {
    const frame = this.#frames.at(-1) ?? malformed('an arm of nothing', at);
    if (frame.kind !== 'if' && frame.kind !== 'try') malformed('an arm of nothing', at);
    this.#stop('charge', at);
    frame.targeted = true;
    this.#live = !frame.skipped;
    this.#height = frame.base + (frame.kind === 'if' ? frame.params : operands);
  }

  #end(at: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.kind === 'function') this.#stop('leave', at);
    else if (frame.kind === 'if' || frame.kind === 'try' || (frame.targeted && frame.kind === 'block'))
      this.#stop('charge', at);
    if (frame.kind === 'loop' && frame.callsBefore === this.#calls) this.#hasTightLoop = true;
    this.#live = !frame.skipped;
    this.#height = frame.base + frame.results;
  }

  /** Nothing runs from here to the end of the block. */
  #die(): void {
    const frame = this.#frames.at(-1);
    this.#live = false;
    this.#cost = 0;
    this.#height = frame?.base ?? 0;
  }

  #stop(kind: Stop['kind'], at: number, { next = at, index = -1 }: Partial<Pick<Stop, 'next' | 'index'>> = {}): void {
    const isNothing = kind === 'charge' && this.#cost === 0;
    if (this.#live && !isNothing) this.#stops.push({ kind, at, next, cost: this.#cost, index });
    this.#cost = 0;
  }

  /** An index to be renumbered, where code runs or not. */
  #mention(kind: 'function' | 'global', at: number, index: number): void {
    this.#stops.push({ kind, at, next: this.#reader.at, cost: 0, index });
  }

  #change(delta: number): void {
    this.#height = Math.max(this.#height + delta, this.#frames.at(-1)?.base ?? 0);
  }

  #label(): Frame {
    const depth = this.#reader.u32();
    return this.#frames.at(-1 - depth) ?? malformed(`a branch out of ${depth} blocks`, this.#reader.at);
  }

  #tag(): FunctionType {
    return this.#module.tags[this.#reader.u32()] ?? malformed('an unknown tag', this.#reader.at);
  }

  #valueType(code: number): void {
    if (!VALUE_TYPES.has(code)) unsupported(`value type 0x${code.toString(16)}`);
  }

  #blockType(): { readonly params: number; readonly results: number } {
    const reader = this.#reader;
    const code = reader.peek();
    if (code === NO_RESULT) {
      reader.u8();
      return { params: 0, results: 0 };
    }
    // One byte with bit 6 set is a negative number, which stands for a value type.
    if (code >= 0x40 && code < 0x80) {
      this.#valueType(reader.u8());
      return { params: 0, results: 1 };
    }
    const type = this.#module.types[reader.u32()] ?? malformed('a block of an unknown type', reader.at);
    return { params: type.params.length, results: type.results.length };
  }
}

const NO_RESULT = 0x40;
const VALUE_TYPES = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x69]);
