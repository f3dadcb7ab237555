import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseComponent } from '../../../host/component/parse-component.ts';
import { SkillError } from '../../../host/errors.ts';
import { inspectModule } from '../../../host/module/inspect.ts';
import { capModules, type SectionBodies } from '../../../host/wasm/cap-module.ts';
import { meterModule } from '../../../host/wasm/meter.ts';
import { isComponent, readCoreModule } from '../../../host/wasm/module.ts';
import { wat } from '../../fixtures/wat.ts';
import { mutate, randomFrom, sectionsOf, shuffleSections } from '../component/mutate.ts';
import { seeded } from '../../seed.ts';
import { withSections } from './with-sections.ts';

const LIMITS = { memoryMb: 2, tableElements: 100 };
const MAX_PAGES = LIMITS.memoryMb * 16;

// Not in the small declaration file of the product, which needs neither.
const reflection = WebAssembly.Module as unknown as Readonly<
  Record<'imports' | 'exports', (module: WebAssembly.Module) => unknown>
>;

const TEXTS = [
  `(module (memory (export "m") 1 5000) (table (export "t") 10 100000 funcref) (table 3 externref)
    (global $g (mut i64) (i64.const 7)) (elem (table 0) (i32.const 0) func $f) (data (i32.const 8) "text")
    (func $f (export "f") (param i32 f32) (result f64) (f64.const 1.5))
    (func (export "g") (param i64) (result i64) (i64.add (local.get 0) (global.get $g))))`,
  '(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))) (memory (export "m") 2) (func (export "_start")) (data "passive") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))',
  '(module (import "env" "m" (memory 1 9)) (import "env" "t" (table 1 9 funcref)) (import "env" "g" (global i32)) (table (export "t2") 1 funcref) (tag (export "e") (param i32)))',
  '(module)',
];

/** One module out of a real toolchain, if it has been built; it only adds to the others. */
function builtCore(): Uint8Array[] {
  try {
    const bytes = new Uint8Array(
      readFileSync(fileURLToPath(new URL('../../../skills/redact/bin/redact.wasm', import.meta.url))),
    );
    return isComponent(bytes) ? parseComponent(bytes).modules.map(([start, end]) => bytes.slice(start, end)) : [bytes];
  } catch {
    return [];
  }
}

/** The maxima a module declares for its own memories and tables, as V8 sees them once it is instantiated. */
async function limitsOf(bytes: Uint8Array): Promise<{ readonly pages: number; readonly elements: number }> {
  const none = { pages: 0, elements: 0 };
  const module = await WebAssembly.compile(bytes).catch(() => undefined);
  if (module === undefined || sectionsOf(bytes).some(([start]) => [2, 8].includes(bytes[start] ?? 0))) return none;
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(module);
  } catch {
    return none;
  }
  const { pages, elements } = none;
  return Object.values(instance.exports).reduce<typeof none>(
    (most, value) => ({
      pages: Math.max(most.pages, grow(value, 'memory')),
      elements: Math.max(most.elements, grow(value, 'table')),
    }),
    { pages, elements },
  );
}

/** How large something becomes when it grows until it may not. */
function grow(value: unknown, kind: 'memory' | 'table'): number {
  const type = kind === 'memory' ? 'Memory' : 'Table';
  if (Object.prototype.toString.call(value) !== `[object WebAssembly.${type}]`) return 0;
  const growing = value as { grow(by: number): number };
  for (let by = 1_024; by >= 1;) {
    try {
      growing.grow(by);
    } catch {
      by = Math.floor(by / 2);
    }
  }
  return growing.grow(0);
}

describe('mutated core modules [R-COMPONENT-2]', () => {
  it('are refused, or read and capped so that V8 still takes what it took before, and none outgrows its cap', async () => {
    const seeds = [...(await Promise.all(TEXTS.map(wat))), ...builtCore()];
    const random = randomFrom(seeded(12));
    const failures: string[] = [];
    const seen = { mutants: 0, valid: 0, grown: 0 };
    for (const seed of seeds) {
      for (let left = 2_500; left > 0; left--) {
        seen.mutants++;
        const mutant =
          random(10) === 0
            ? shuffleSections(seed, random)
            : mutate(seed, random, [random(2) * 8, Math.min(seed.length, 400)]);
        const wasValid = WebAssembly.validate(mutant);
        try {
          void isInspected(mutant);
          const { imports, exports } = readCoreModule(mutant);
          const [sections = new Map<number, Uint8Array>()] = capModules([mutant], LIMITS);
          const capped = withSections(mutant, sections);
          if (!wasValid) {
            if (WebAssembly.validate(capped)) failures.push(`made valid: ${hex(mutant)}`);
            continue;
          }
          seen.valid++;
          if (!WebAssembly.validate(capped)) failures.push(`made invalid: ${hex(mutant)}`);
          if (!isMeteredRight(mutant, sections)) failures.push(`metered invalid: ${hex(mutant)}`);
          const module = await WebAssembly.compile(capped);
          const real = { imports: reflection.imports(module), exports: reflection.exports(module) };
          const named = {
            imports: imports.map((entry) => ({ module: entry.module, name: entry.name, kind: entry.kind })),
            exports: exports.map(({ name, kind }) => ({ name, kind })),
          };
          if (JSON.stringify(real) !== JSON.stringify(named)) failures.push(`read otherwise: ${hex(mutant)}`);
          const { pages, elements } = seen.valid % 5 === 0 ? await limitsOf(capped) : { pages: 0, elements: 0 };
          if (pages + elements > 0) seen.grown++;
          if (pages > MAX_PAGES || elements > LIMITS.tableElements)
            failures.push(`${pages} pages, ${elements} elements: ${hex(mutant)}`);
        } catch (error) {
          if (!(error instanceof SkillError)) failures.push(`${String(error)}: ${hex(mutant)}`);
        }
      }
    }
    expect(failures.slice(0, 5)).toEqual([]);
    expect(seen.mutants).toBeGreaterThanOrEqual(10_000);
    expect(seen.valid).toBeGreaterThan(500);
    expect(seen.grown).toBeGreaterThan(5);
  });
});

/** Inspection may refuse; what it throws then is its own kind of error too. */
function isInspected(bytes: Uint8Array): boolean {
  try {
    inspectModule(bytes);
    return true;
  } catch (error) {
    if (error instanceof SkillError) return false;
    throw error;
  }
}

/** Metered with its capped sections it compiles, or it is refused. */
function isMeteredRight(bytes: Uint8Array, sections: SectionBodies): boolean {
  try {
    return WebAssembly.validate(meterModule(bytes, 'meter', sections));
  } catch (error) {
    return error instanceof SkillError;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 300)).toString('hex');
