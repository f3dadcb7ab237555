import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript, type Tally } from './run-script.ts';
import { readScript } from './script.ts';

// The folder of a copy of the test suite of the WebAssembly specification: its .wast files, in folders of any depth.
const SUITE = process.env['SKILLHOST_SPEC_SUITE'];
const newTally = (): Tally => ({ counts: {}, refusals: {}, differences: [] });

describe('scripts in the format of the specification, metered', () => {
  it('are read, and run in three worlds [R-FUEL-1]', async () => {
    const tally = newTally();
    const script = `
      (module $m (import "spectest" "print_i32" (func $print (param i32)))
        (func (export "add") (param i64 v128) (result i64 v128) (local.get 0) (local.get 1))
        (func (export "trap") (call $print (i32.const 3)) (unreachable))
        (global (export "g") i32 (i32.const 7)))
      (assert_return (invoke "add" (i64.const 0x7fff_ffff_ffff_ffff) (v128.const i32x4 1 2 3 4)) (i64.const 1))
      (register "m" $m) (;(;nested;) comment;)
      (assert_trap (invoke $m "trap") "unreachable")
      (assert_return (get "g") (i32.const 7))
      (assert_invalid (module (func (result i32))) "type mismatch")
      (assert_unlinkable (module (import "m" "absent" (func))) "unknown import")
      (module (memory i64 1))
      (assert_return (invoke "nothing"))`;
    await runScript('script', readScript(script), tally);
    expect(tally.differences).toEqual([]);
    expect(tally.counts).toMatchObject({ 'actions compared': 3, 'modules compared': 2 });
  });

  it('of the whole suite, as far as it is here, do the same at the same cost [R-FUEL-1] [only with SKILLHOST_SPEC_SUITE]', async (context) => {
    if (SUITE === undefined)
      return context.skip('SKILLHOST_SPEC_SUITE names no folder with the .wast files of the suite');
    const tally = newTally();
    const files = readdirSync(SUITE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.wast'));
    for (const path of files.toSorted()) {
      let commands;
      try {
        commands = readScript(readFileSync(join(SUITE, path), 'utf8'));
      } catch {
        tally.counts['scripts that cannot be read'] = (tally.counts['scripts that cannot be read'] ?? 0) + 1;
        continue;
      }
      await runScript(path, commands, tally);
    }
    console.log(JSON.stringify({ files: files.length, ...tally, differences: tally.differences.length }, undefined, 2));
    expect(tally.differences.slice(0, 20)).toEqual([]);
    expect(tally.counts['actions compared']).toBeGreaterThan(0);
  }, 1_800_000);
});
