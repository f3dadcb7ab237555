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

/** What stands in the place of a module's sections, by their number. */
export type SectionBodies = ReadonlyMap<number, Uint8Array>;

/**
 * The sections of the core modules of one guest that say how large every memory and table they define may grow, changed so
 * that all memories together never exceed `memoryMb`. Imported ones are left alone: whoever defines them is capped.
 *
 * V8 sees no other bound: `resourceLimits` of a worker do not count WebAssembly memory.
 *
 * @throws SkillError E_MEMORY when the modules need more than that to start, E_MODULE_LIMIT for tables.
 */
export function capModules(
  modules: readonly Uint8Array[],
  limits: { readonly memoryMb: number; readonly tableElements: number },
): SectionBodies[] {
  const shares = shareMemory(modules.map(readMemory), limits.memoryMb);
  let tables = 0;
  return modules.map((bytes, i) => {
    const capped = new Map<number, Uint8Array>();
    eachSection(bytes, (id, section) => {
      if (id === SECTION.memory) capped.set(id, capMemory(section, shares[i]));
      if (id !== SECTION.table) return;
      const entries = readTables(section);
      tables += entries.length;
      checkCeiling('tables', tables);
      capped.set(id, capTables(entries, limits.tableElements));
    });
    return capped;
  });
}

/** The memory a module defines, if any. */
function readMemory(bytes: Uint8Array): Memory | undefined {
  let memory: Memory | undefined;
  eachSection(bytes, (id, section) => {
    if (id !== SECTION.memory) return;
    const memories = section.list(readLimits);
    section.expectEnd('the memory section');
    if (memories.length > 1) unsupported('more than one memory in a module');
    memory = memories[0];
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

function capMemory(section: ByteReader, share: number | undefined): Uint8Array {
  const count = section.u32();
  if (count === 0 || share === undefined) return Uint8Array.of(0);
  return Uint8Array.of(1, 0x01, ...leb(readLimits(section).min), ...leb(share));
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

function capTables(tables: readonly Table[], limit: number): Uint8Array {
  const body = leb(tables.length);
  for (const { element, min, max } of tables) {
    if (min > limit) overCeiling({ name: 'table_elements', value: limit, means: CEILINGS.table_elements.means }, min);
    body.push(element, 0x01, ...leb(min), ...leb(Math.min(max ?? limit, limit)));
  }
  return Uint8Array.from(body);
}

function eachSection(bytes: Uint8Array, visit: (id: number, section: ByteReader) => void): void {
  if (!isCoreModule(bytes)) malformed('not a core module', 0);
  const reader = new ByteReader(bytes, 8);
  while (!reader.done) visit(reader.u8(), reader.section(reader.u32()));
}
