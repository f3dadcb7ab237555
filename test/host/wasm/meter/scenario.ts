import type { Builder } from './builder.ts';
import { Builder as ModuleBuilder } from './builder.ts';
import type { Setting } from './run.ts';
import type { Tree } from './tree.ts';

export interface Scenario {
  readonly title: string;
  readonly module: Tree;
  readonly setting: Setting;
}

/** A scenario whose module is put together by `write`; each call is an exported name and its arguments. */
export function scenario(
  title: string,
  write: (b: Builder) => void,
  calls: readonly (readonly [name: string, ...args: unknown[]])[],
  imports?: Setting['imports'],
): Scenario {
  const builder = new ModuleBuilder();
  write(builder);
  return {
    title,
    module: builder.build(),
    setting: { calls: calls.map(([name, ...args]) => ({ name, args })), ...(imports === undefined ? {} : { imports }) },
  };
}
