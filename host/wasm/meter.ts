import { ByteReader, checkCeiling, malformed, unsupported } from './bytes.ts';
import type { SectionBodies } from './cap-module.ts';
import { ByteWriter } from './byte-writer.ts';
import { type Additions, functionAfter } from './meter-additions.ts';
import { BodyMeter } from './meter-body.ts';
import { putName, SECTION_WRITERS } from './meter-sections.ts';
import { type CoreModule, readCoreModule, readLimits, SECTION } from './module.ts';
import { BodyScanner } from './scan-body.ts';

interface Section {
  readonly id: number;
  readonly body: ByteReader;
}

/**
 * Puts metering into a core module: it counts what it executes down from `fuel`, and traps soon after that fell below 0.
 *
 * The result imports two things more, after all others: the global `fuel` (`mut i64`), which is what is left, and the
 * function `interrupt`, called before each operation on 64 KiB or more: a thread that is to end can end there, while loops
 * of such operations look for nothing themselves. Exhaustion is a trap, for a guest can catch errors.
 * Instructions cost 1, those that make no code 0, bulk operations more by their length. The count is exact at
 * calls out of the module and at its end; at a trap it may be an older one, which is the same in every run. Custom sections are left out.
 *
 * @param namespace of the two imports; a module that imports from it already is refused
 * @param replaced what stands in the place of sections, by their number
 * @throws SkillError E_MODULE for an invalid module, or an opcode that cannot be metered, by name; E_MODULE_LIMIT over a
 *   static limit
 */
export function meterModule(
  bytes: Uint8Array,
  namespace: string,
  replaced: SectionBodies = new Map(),
): Uint8Array<ArrayBuffer> {
  const module = readCoreModule(bytes);
  if (module.imports.some((entry) => entry.module === namespace)) malformed('an import of a reserved name', 0);
  const sections = readSections(bytes, replaced);
  refuseSecondMemory(module, sections);
  const additions = addTo(module, namespace);
  const out = new ByteWriter(bytes.length * 2);
  out.copy(bytes, 0, 8);
  for (const { id, body } of withAdded(sections)) {
    if (id === SECTION.code) writeCode(out, body, { module, additions });
    else writeSection(out, id, () => (SECTION_WRITERS[id] ?? copySection)(out, body, additions));
    body.expectEnd(`section ${id}`);
  }
  // Only a valid module is metered right: an invalid one could name the very indices that are added here.
  if (!WebAssembly.validate(bytes)) malformed('the engine finds it invalid', 0);
  return out.view();
}

function addTo({ types, imports }: CoreModule, namespace: string): Additions {
  const importedOf = (wanted: string): number => imports.filter(({ kind }) => kind === wanted).length;
  const functions = importedOf('function');
  const globals = importedOf('global');
  return {
    namespace,
    fuelGlobal: globals,
    interruptFunction: functions,
    interruptType: types.length,
    firstDefinedFunction: functions,
    firstDefinedGlobal: globals,
  };
}

function readSections(bytes: Uint8Array, replaced: SectionBodies): Section[] {
  const reader = new ByteReader(bytes, 8);
  const sections: Section[] = [];
  while (!reader.done) {
    const id = reader.u8();
    const body = reader.section(reader.u32());
    if (id > SECTION.tag) unsupported(`section ${id}`);
    if (id === SECTION.custom) continue;
    if (sections.some((other) => other.id === id)) malformed(`a second section ${id}`, body.at);
    const other = replaced.get(id);
    sections.push({ id, body: other === undefined ? body : new ByteReader(other) });
  }
  return sections;
}

function refuseSecondMemory({ imports }: CoreModule, sections: readonly Section[]): void {
  const imported = imports.filter(({ kind }) => kind === 'memory').length;
  const section = sections.find(({ id }) => id === SECTION.memory)?.body;
  const defined = section === undefined ? [] : new ByteReader(section.bytes, section.at, section.end).list(readLimits);
  if (imported + defined.length > 1) unsupported('more than one memory in a module');
}

// Exception tags follow the memories, and the count of data segments goes before the code.
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** The sections, with empty ones where metering adds to what is not there. */
function withAdded(sections: readonly Section[]): Section[] {
  const added = [SECTION.type, SECTION.import]
    .filter((id) => !sections.some((section) => section.id === id))
    .map((id) => ({ id, body: new ByteReader(Uint8Array.of(0)) }));
  return [...sections, ...added].toSorted((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id));
}

function copySection(out: ByteWriter, from: ByteReader): void {
  out.copy(from.bytes, from.at, from.end);
  from.skip(from.left);
}

function writeSection(out: ByteWriter, id: number, write: () => void): void {
  out.u8(id);
  out.sized(write);
}

/** Every function body metered, and before that, which of the branches that were put in are hardly ever taken. */
function writeCode(
  out: ByteWriter,
  from: ByteReader,
  { module, additions }: { readonly module: CoreModule; readonly additions: Additions },
): void {
  const start = out.length;
  const hints = new ByteWriter();
  let hinted = 0;
  writeSection(out, SECTION.code, () => {
    for (const { index, at } of meterBodies(out, from, { module, additions })) {
      hinted++;
      hints.u32(index);
      hints.u32(at.length);
      for (const place of at) {
        hints.u32(place);
        hints.put(1, 0);
      }
    }
  });
  // https://github.com/WebAssembly/branch-hinting: must come before the code.
  const section = new ByteWriter();
  writeSection(section, SECTION.custom, () => {
    putName(section, 'metadata.code.branch_hint');
    section.u32(hinted);
    section.copy(hints.view());
  });
  out.insert(start, section.view());
}

/** Writes the bodies; answers, for each that has any, where branches are hardly ever taken. */
function* meterBodies(
  out: ByteWriter,
  from: ByteReader,
  { module, additions }: { readonly module: CoreModule; readonly additions: Additions },
): Generator<{ readonly index: number; readonly at: readonly number[] }> {
  const meter = new BodyMeter(additions);
  const imported = additions.firstDefinedFunction;
  let cost = 0;
  const count = from.count('functions');
  if (count !== module.functions.length - imported) malformed('as many bodies as there are functions', from.at);
  out.u32(count);
  for (let i = 0; i < count; i++) {
    const size = from.u32();
    checkCeiling('body_kb', Math.ceil(size / 1024));
    const body = from.section(size);
    const type = module.functions[imported + i] ?? malformed('a body without a function', from.at);
    const scan = new BodyScanner(module, type, body).scan();
    cost += scan.compileCost;
    checkCeiling('module_cost', cost);
    const metered = meter.meter(from.bytes, scan);
    out.u32(metered.body.length);
    out.copy(metered.body);
    if (metered.hints.length > 0) yield { index: functionAfter(imported + i, additions), at: metered.hints };
  }
}
