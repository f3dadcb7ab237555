import { expect } from 'vitest';
import { meterModule } from '../../../../host/wasm/meter.ts';
import { encode } from './encode.ts';
import { wasm } from './js-api.ts';
import { meterNaively } from './naive.ts';
import { run, type Run, type Setting } from './run.ts';
import type { Tree } from './tree.ts';

/** The namespace that tests meter with. */
export const NAMESPACE = 'tank';

/** The three variants of a module; undefined when this V8 does not know what it uses. */
export function variantsOf(
  module: Tree,
): { readonly plain: Uint8Array; readonly metered: Uint8Array; readonly naive: Uint8Array } | undefined {
  const plain = encode(module);
  if (!wasm.validate(plain)) return undefined;
  return { plain, metered: meterModule(plain, NAMESPACE), naive: encode(meterNaively(module, NAMESPACE)) };
}

/**
 * Runs a module bare, metered, and counted before every instruction, and expects all to do the same, and the latter two
 * to use the same fuel. Undefined when this V8 does not know what the module uses.
 */
export function expectSame(module: Tree, setting: Setting): Run | undefined {
  const variants = variantsOf(module);
  if (variants === undefined) return undefined;
  const plain = run(variants.plain, NAMESPACE, setting);
  const metered = run(variants.metered, NAMESPACE, setting);
  const naive = run(variants.naive, NAMESPACE, setting);
  expect(metered.lines).toEqual(plain.lines);
  expect(naive.lines).toEqual(plain.lines);
  expect(metered.fuel).toEqual(naive.fuel);
  return metered;
}
