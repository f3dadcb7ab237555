import { SkillError } from '../errors.ts';
import { CEILINGS } from '../limits.ts';
import { ByteReader, checkCeiling, leb, malformed, overCeiling, unsupported } from './bytes.ts';
import { isCoreModule, readLimits, SECTION } from './module.ts';

const PAGES_PER_MIB = 16;
const SIDE_ROOM_PAGES = 16;

interface Memory {
  readonly min: number;
  readonly max: number | undefined;
}

/**
 * Rewrites the maximum of every memory and table that the core modules of one guest define, so that all memories
 * together never exceed `memoryMb`. Imported ones are left alone: whoever defines them is capped. Returns new bytes;
 * nothing else of the modules changes.
 *
 * V8 sees no other bound: `resourceLimits` of a worker do not count WebAssembly memory.
 *
 * @throws SkillError E_MEMORY when the modules need more than that to start, E_MODULE_LIMIT for tables.
 */
export function capModules(
  modules: readonly Uint8Array[],
  limits: { readonly memoryMb: number; readonly tableElements: number },
): Uint8Array<ArrayBuffer>[] {
  const shares = shareMemory(modules.map(readMemory), limits.memoryMb);
  let tables = 0;
  return modules.map((bytes, i) =>
    rewriteSections(bytes, (id, section) => {
      if (id === SECTION.memory) return capMemory(section, shares[i]);
      if (id !== SECTION.table) return undefined;
      const entries = readTables(section);
      tables += entries.length;
      checkCeiling('tables', tables);
      return capTables(entries, limits.tableElements);
    }),
  );
}

/** The memory a module defines, if any. */
function readMemory(bytes: Uint8Array): Memory | undefined {
  let memory: Memory | undefined;
  rewriteSections(bytes, (id, section) => {
    if (id !== SECTION.memory) return undefined;
    const memories = section.list(readLimits);
    section.expectEnd('the memory section');
    if (memories.length > 1) unsupported('more than one memory in a module');
    memory = memories[0];
    return undefined;
  });
  return memory;
}

/**
 * The maximum of each memory in pages. All get what they need to start; the largest, which is the guest's heap in every
 * toolchain, gets what is left, the others a little room.
 */
function shareMemory(memories: readonly (Memory | undefined)[], memoryMb: number): (number | undefined)[] {
  const total = memoryMb * PAGES_PER_MIB;
  const needed = memories.reduce((sum, memory) => sum + (memory?.min ?? 0), 0);
  if (needed > total) {
    const mib = Math.ceil(needed / PAGES_PER_MIB);
    throw new SkillError(
      'E_MEMORY',
      `the module needs ${mib} MiB of memory to start; its limit memory_mb is ${memoryMb}`,
      {
        hint: `raise it with --limit memory_mb=${mib} or [limits] memory_mb`,
        details: { limit: 'memory_mb', needed: mib },
      },
    );
  }
  let left = total - needed;
  const heap = memories.reduce((best, memory, i) => ((memory?.min ?? -1) > (memories[best]?.min ?? -1) ? i : best), 0);
  const shares = memories.map((memory, i) => {
    if (memory === undefined || i === heap) return memory?.min;
    const room = Math.min(left, SIDE_ROOM_PAGES, (memory.max ?? Infinity) - memory.min);
    left -= room;
    return memory.min + room;
  });
  const main = memories[heap];
  if (main !== undefined) shares[heap] = Math.min(main.max ?? Infinity, main.min + left);
  return shares;
}

function capMemory(section: ByteReader, share: number | undefined): number[] {
  const count = section.u32();
  if (count === 0 || share === undefined) return [0];
  return [1, 0x01, ...leb(readLimits(section).min), ...leb(share)];
}

interface Table extends Memory {
  readonly element: number;
}

function readTables(section: ByteReader): Table[] {
  const tables = section.list((r) => {
    const element = r.u8();
    if (element !== 0x70 && element !== 0x6f) unsupported('tables of typed references');
    return { element, ...readLimits(r) };
  });
  section.expectEnd('the table section');
  return tables;
}

function capTables(tables: readonly Table[], limit: number): number[] {
  const body = leb(tables.length);
  for (const { element, min, max } of tables) {
    if (min > limit) overCeiling({ name: 'table_elements', value: limit, means: CEILINGS.table_elements.means }, min);
    body.push(element, 0x01, ...leb(min), ...leb(Math.min(max ?? limit, limit)));
  }
  return body;
}

/** Copies a module, replacing the body of each section for which `replace` returns one. */
function rewriteSections(
  bytes: Uint8Array,
  replace: (id: number, section: ByteReader) => readonly number[] | undefined,
): Uint8Array<ArrayBuffer> {
  if (!isCoreModule(bytes)) malformed('not a core module', 0);
  const reader = new ByteReader(bytes, 8);
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  while (!reader.done) {
    const start = reader.at;
    const id = reader.u8();
    const body = replace(id, reader.section(reader.u32()));
    parts.push(body === undefined ? bytes.subarray(start, reader.at) : sectionOf(id, body));
  }
  return concat(parts);
}

function sectionOf(id: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([id, ...leb(body.length), ...body]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
