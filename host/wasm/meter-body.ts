import { ByteWriter } from './byte-writer.ts';
import { type Additions, functionAfter, globalAfter } from './meter-additions.ts';
import type { BodyScan, Stop } from './body-scan.ts';

const OP = {
  unreachable: 0x00,
  if: 0x04,
  end: 0x0b,
  call: 0x10,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i64Const: 0x42,
  i32NotLess: 0x4f,
  i64LessThan: 0x53,
  i32And: 0x71,
  i32ShiftLeft: 0x74,
  i32ShiftRight: 0x76,
  i64Subtract: 0x7d,
  i64ExtendUnsigned: 0xad,
} as const;
const NO_RESULT = 0x40;
const TYPE = { i32: 0x7f, i64: 0x7e } as const;
/** A growth of more pages fails, whatever it costs. */
const MAX_PAGES = 0xffff;
/**
 * An operation that costs this much is preceded by an interrupt: 64 KiB take some microseconds, beside which a call is
 * nothing. Each one is, whatever came before: a guest that knows the count could keep clear of every other rule.
 */
const INTERRUPT_COST = 1_024;
/** A function below this size without calls and loops is left to the checks of who calls it. */
const SMALL_BODY = 512;

/** Writes one function body with its metering put in. */
export class BodyMeter {
  readonly #additions: Additions;
  readonly #out = new ByteWriter(1 << 16);
  #hints: number[] = [];
  /** The local that holds what is left, or undefined when the global alone does. */
  #fuelLocal: number | undefined;
  #lengthLocal = 0;

  constructor(additions: Additions) {
    this.#additions = additions;
  }

  /**
   * What is left is held in a local, which goes back to the global wherever control leaves the function. A handler of an
   * exception would find an old value in the local, and a function of a few instructions gains nothing by it: those use
   * the global alone.
   * @returns the new body, as a view until the next call, and where in it a branch is that is hardly ever taken
   */
  meter(bytes: Uint8Array, scan: BodyScan): { readonly body: Uint8Array; readonly hints: readonly number[] } {
    const { locals, localCount, stops, end } = scan;
    const out = this.#out;
    out.clear();
    this.#hints = [];
    const isLeaf = !scan.hasCall && !scan.hasLoop;
    this.#fuelLocal = scan.catches || isLeaf ? undefined : localCount;
    this.#lengthLocal = localCount + (this.#fuelLocal === undefined ? 0 : 1);
    out.u32(locals.groups + (this.#fuelLocal === undefined ? 0 : 1) + (scan.hasBulk ? 1 : 0));
    out.copy(bytes, locals.start, locals.end);
    if (this.#fuelLocal !== undefined) out.put(1, TYPE.i64);
    if (scan.hasBulk) out.put(1, TYPE.i32);
    this.#reload();
    if (!isLeaf || end - locals.start > SMALL_BODY) this.#check();
    let at = locals.end;
    for (const stop of stops) {
      out.copy(bytes, at, stop.at);
      at = this.#putIn(bytes, stop);
    }
    out.copy(bytes, at, end);
    return { body: out.view(), hints: this.#hints };
  }

  /** Puts in what a stop needs; answers from where the original goes on. */
  #putIn(bytes: Uint8Array, { kind, at, next, cost, index }: Stop): number {
    const out = this.#out;
    switch (kind) {
      case 'charge':
        this.#charge(cost);
        return at;
      case 'leave':
      case 'tail-call':
        this.#chargeAndSpill(cost);
        return kind === 'leave' ? at : this.#renumber(bytes, { at, next, index });
      case 'call': {
        this.#chargeAndSpill(cost);
        const after = this.#renumber(bytes, { at, next, index });
        this.#reload();
        return after;
      }
      case 'loop':
        this.#charge(cost);
        out.copy(bytes, at, next);
        this.#check();
        return next;
      case 'bulk':
        this.#chargeLength(cost, index);
        return at;
      case 'function':
        return this.#renumber(bytes, { at, next, index });
      case 'global':
        this.#instruction(bytes[at] ?? 0, globalAfter(index, this.#additions));
        return next;
    }
  }

  /** The instruction at a stop, whose index is that of a function; an indirect call names none. */
  #renumber(bytes: Uint8Array, { at, next, index }: Pick<Stop, 'at' | 'next' | 'index'>): number {
    if (index < 0) this.#out.copy(bytes, at, next);
    else this.#instruction(bytes[at] ?? 0, functionAfter(index, this.#additions));
    return next;
  }

  #get(): void {
    if (this.#fuelLocal === undefined) this.#instruction(OP.globalGet, this.#additions.fuelGlobal);
    else this.#instruction(OP.localGet, this.#fuelLocal);
  }

  #set(): void {
    if (this.#fuelLocal === undefined) this.#instruction(OP.globalSet, this.#additions.fuelGlobal);
    else this.#instruction(OP.localSet, this.#fuelLocal);
  }

  #charge(cost: number): void {
    if (cost === 0) return;
    this.#get();
    this.#subtract(cost);
    this.#set();
  }

  #chargeAndSpill(cost: number): void {
    if (this.#fuelLocal === undefined) return this.#charge(cost);
    this.#get();
    if (cost > 0) this.#subtract(cost);
    // A conditional branch may stay: the local has to know as well.
    this.#instruction(OP.localTee, this.#fuelLocal);
    this.#instruction(OP.globalSet, this.#additions.fuelGlobal);
  }

  #subtract(cost: number): void {
    this.#out.u8(OP.i64Const);
    this.#out.positive(cost);
    this.#out.u8(OP.i64Subtract);
  }

  #reload(): void {
    if (this.#fuelLocal === undefined) return;
    this.#instruction(OP.globalGet, this.#additions.fuelGlobal);
    this.#instruction(OP.localSet, this.#fuelLocal);
  }

  /** Traps when nothing is left, so that it can be told from other traps: what is left is negative then. */
  #check(): void {
    this.#get();
    this.#out.put(OP.i64Const, 0, OP.i64LessThan);
    this.#beginUnlikely();
    if (this.#fuelLocal !== undefined) {
      this.#get();
      this.#instruction(OP.globalSet, this.#additions.fuelGlobal);
    }
    this.#out.put(OP.unreachable, OP.end);
  }

  /** Charges by the length on top of the stack, which stays there. */
  #chargeLength(cost: number, shift: number): void {
    const out = this.#out;
    this.#instruction(OP.localSet, this.#lengthLocal);
    this.#get();
    this.#instruction(OP.localGet, this.#lengthLocal);
    if (shift > 0) {
      out.u8(OP.i32Const);
      out.positive(MAX_PAGES);
      out.u8(OP.i32And);
    }
    out.u8(OP.i32Const);
    out.positive(Math.abs(shift));
    out.put(shift > 0 ? OP.i32ShiftLeft : OP.i32ShiftRight, OP.i64ExtendUnsigned, OP.i64Subtract);
    this.#subtract(cost);
    this.#set();
    this.#instruction(OP.localGet, this.#lengthLocal);
    out.u8(OP.i32Const);
    out.positive(shift > 0 ? 1 : INTERRUPT_COST << -shift);
    out.u8(OP.i32NotLess);
    this.#beginUnlikely();
    this.#instruction(OP.call, this.#additions.interruptFunction);
    out.u8(OP.end);
    this.#check();
    this.#instruction(OP.localGet, this.#lengthLocal);
  }

  #beginUnlikely(): void {
    this.#hints.push(this.#out.length);
    this.#out.put(OP.if, NO_RESULT);
  }

  #instruction(opcode: number, index: number): void {
    this.#out.u8(opcode);
    this.#out.u32(index);
  }
}
