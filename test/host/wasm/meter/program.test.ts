import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';
import { afterAll, describe, expect, it } from 'vitest';
import { NAMESPACE } from './compare.ts';
import { type Cell, wasm } from './js-api.ts';
import { variantsOf } from './suite/worlds.ts';

const folder = mkdtempSync(join(tmpdir(), 'meter-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = fileURLToPath(new URL('../../../../skills/word-count/bin/word-count.wasm', import.meta.url));
const TANK = 10_000_000_000n;

describe('a program compiled from C', () => {
  it('prints the same, for as much as a count before every instruction says [R-FUEL-1]', () => {
    const variants = variantsOf(readFileSync(program));
    if (!('bytes' in variants)) throw new Error(JSON.stringify(variants));
    const input = join(folder, 'input');
    writeFileSync(input, 'some words, and some more\n'.repeat(2_000));
    const runs = variants.bytes.map((bytes, i) => {
      const output = join(folder, `output-${i}`);
      const [stdin, stdout] = [openSync(input, 'r'), openSync(output, 'w')];
      const wasi = new WASI({ version: 'preview1', args: ['count'], stdin, stdout, returnOnExit: true });
      const fuel: Cell = new wasm.Global({ value: 'i64', mutable: true }, TANK);
      const imports = { ...wasi.getImportObject(), [NAMESPACE]: { fuel, interrupt: () => {} } };
      const exit = wasi.start(new wasm.Instance(new wasm.Module(bytes), imports));
      closeSync(stdin);
      closeSync(stdout);
      return { exit, printed: readFileSync(output, 'utf8'), used: TANK - (fuel.value as bigint) };
    });
    const [plain, metered, naive] = runs;
    expect(plain?.printed).toContain('2000');
    expect(metered).toEqual({ ...plain, used: naive?.used });
    expect(metered?.used).toBeGreaterThan(100_000n);
  });
});
