import { type ByteReader, malformed, unsupported } from './bytes.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type Additions, functionAfter, globalAfter } from './meter-additions.ts';
import { readCoreType, readLimits, SECTION } from './module.ts';
import { unsupportedOpcode } from './opcodes.ts';

/** Writes the body of a section, with what is added to it and indices as they are after that. */
type SectionWriter = (out: ByteWriter, from: ByteReader, additions: Additions) => void;

const FUNCTION_TYPE = 0x60;
const I64 = 0x7e;
const MUTABLE = 1;
/** What a table begins with when an expression follows it. */
const INITIAL_VALUE = 0x40;
const KIND = { function: 0, global: 3 } as const;

/** Sections that change. All others stay as they are, but for the code. */
export const SECTION_WRITERS: Readonly<Record<number, SectionWriter>> = {
  [SECTION.type]: (out, from) => {
    copyLonger(out, from, 1);
    out.put(FUNCTION_TYPE, 0, 0);
  },
  [SECTION.import]: (out, from, { namespace, interruptType }) => {
    copyLonger(out, from, 2);
    putName(out, namespace);
    putName(out, 'fuel');
    out.put(KIND.global, I64, MUTABLE);
    putName(out, namespace);
    putName(out, 'interrupt');
    out.u8(KIND.function);
    out.u32(interruptType);
  },
  [SECTION.table]: (out, from) =>
    eachOf(out, from, () => {
      if (from.peek() === INITIAL_VALUE) unsupported('a table with an initial value');
      copyRead(out, from, readCoreType);
      copyRead(out, from, readLimits);
    }),
  [SECTION.global]: (out, from, additions) =>
    eachOf(out, from, () => {
      copyRead(out, from, readCoreType);
      copyBytes(out, from, 1);
      copyConstant(out, from, additions);
    }),
  [SECTION.export]: (out, from, additions) =>
    eachOf(out, from, () => {
      copyName(out, from);
      const kind = from.u8();
      const index = from.u32();
      out.u8(kind);
      out.u32(
        kind === KIND.function
          ? functionAfter(index, additions)
          : kind === KIND.global
            ? globalAfter(index, additions)
            : index,
      );
    }),
  [SECTION.start]: (out, from, additions) => out.u32(functionAfter(from.u32(), additions)),
  [SECTION.element]: (out, from, additions) => eachOf(out, from, () => copyElements(out, from, additions)),
  [SECTION.data]: (out, from, additions) => eachOf(out, from, () => copyData(out, from, additions)),
};

export function putName(out: ByteWriter, name: string): void {
  const bytes = Buffer.from(name);
  out.u32(bytes.length);
  out.copy(bytes);
}

/** The list as it is, announced as longer by `more`. */
function copyLonger(out: ByteWriter, from: ByteReader, more: number): void {
  out.u32(from.u32() + more);
  copyBytes(out, from, from.left);
}

function copyBytes(out: ByteWriter, from: ByteReader, count: number): void {
  const start = from.at;
  from.skip(count);
  out.copy(from.bytes, start, from.at);
}

function copyRead(out: ByteWriter, from: ByteReader, read: (from: ByteReader) => unknown): void {
  const start = from.at;
  read(from);
  out.copy(from.bytes, start, from.at);
}

function copyName(out: ByteWriter, from: ByteReader): void {
  const length = from.u32();
  out.u32(length);
  copyBytes(out, from, length);
}

function eachOf(out: ByteWriter, from: ByteReader, copy: () => void): void {
  const count = from.count(Infinity);
  out.u32(count);
  for (let left = count; left > 0; left--) copy();
}

const ELEMENT = { passiveOrDeclared: 1, explicit: 2, expressions: 4 } as const;

/** Flags as in section 5.5.12 of the core specification. */
function copyElements(out: ByteWriter, from: ByteReader, additions: Additions): void {
  const flags = from.u32();
  if (flags > 7) malformed('an unknown kind of element segment', from.at);
  out.u32(flags);
  if (!(flags & ELEMENT.passiveOrDeclared)) {
    if (flags & ELEMENT.explicit) out.u32(from.u32());
    copyConstant(out, from, additions);
  }
  if (flags & (ELEMENT.passiveOrDeclared | ELEMENT.explicit)) {
    if (flags & ELEMENT.expressions) copyRead(out, from, readCoreType);
    else out.u8(from.u8());
  }
  eachOf(out, from, () => {
    if (flags & ELEMENT.expressions) copyConstant(out, from, additions);
    else out.u32(functionAfter(from.u32(), additions));
  });
}

function copyData(out: ByteWriter, from: ByteReader, additions: Additions): void {
  const flags = from.u32();
  if (flags > 2) malformed('an unknown kind of data segment', from.at);
  out.u32(flags);
  if (flags === 2) out.u32(from.u32());
  if (flags !== 1) copyConstant(out, from, additions);
  copyName(out, from);
}

/** A constant expression, to its end. */
function copyConstant(out: ByteWriter, from: ByteReader, additions: Additions): void {
  for (;;) {
    const start = from.at;
    const op = from.u8();
    switch (op) {
      case 0x0b:
        out.u8(op);
        return;
      case 0x23:
        out.u8(op);
        out.u32(globalAfter(from.u32(), additions));
        continue;
      case 0xd2:
        out.u8(op);
        out.u32(functionAfter(from.u32(), additions));
        continue;
      case 0x41:
      case 0x42:
        from.skipLeb();
        break;
      case 0x43:
        from.skip(4);
        break;
      case 0x44:
        from.skip(8);
        break;
      case 0xd0:
        readCoreType(from);
        break;
      case 0xfd: {
        const code = from.u32();
        if (code !== 0x0c) unsupportedOpcode(op, code);
        from.skip(16);
        break;
      }
      // Sums and products of constants.
      case 0x6a:
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      default:
        unsupportedOpcode(op);
    }
    out.copy(from.bytes, start, from.at);
  }
}
