import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { escapeInvisible } from '../../host/index.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/index.ts';
import { assemble } from '../runtime/guests.ts';
import { manifest, write, writeSkill } from '../runtime/folders.ts';

/** Exports that no provider would take as the names of tools, and some that are no tools at all. */
const ODD = ['Add.One', 'ADD', 'add', `long${'g'.repeat(90)}`, 'add-one', '__proto__', 'add one', 'hid\u202eden'];

/** A folder of skills of every sort, some of them broken. */
export async function writeSkills(root: string): Promise<string> {
  const at = (name: string): string => join(root, 'skills', name);
  await writeSkill(at('core'), { id: 'custom.core', guest: 'core' });
  await writeSkill(at('raw'), { id: 'custom.raw', guest: 'raw' });
  await writeSkill(at('args'), { id: 'custom.args', guest: 'args' });
  await writeSkill(at('reach'), {
    id: 'custom.reach',
    guest: 'reach',
    rest: '[capabilities]\nfilesystem_read = ["./open"]\nenv_read = ["GREETING"]\n',
  });
  const exported = ODD.map((name, i) => `(func (export "${escapeInvisible(name)}") (result i32) (i32.const ${i}))`);
  write(at('odd'), {
    'skill.toml': manifest('custom.odd', '[executable]\nmodule = "bin/guest.wasm"\n'),
    'bin/guest.wasm': await assemble(`(module ${exported.join('')})`),
  });
  write(at('broken'), { 'skill.toml': '[skill]\nid = "custom.broken"\n' });
  write(at('nonsense'), { 'skill.toml': '[[[' });
  await writeSkill(at('twin-a'), { id: 'custom.twin', guest: 'one' });
  await writeSkill(at('twin-b'), { id: 'custom.twin', guest: 'counter' });
  write(root, { 'open/a.txt': 'open', 'shut/b.txt': 'shut' });
  return join(root, 'skills');
}

/** A runtime over such a folder that ends with the test. */
export function openOver(
  root: string,
  options: RuntimeOptions = {},
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Runtime {
  const runtime = createRuntime({
    home: join(root, 'state'),
    skills: [join(root, 'skills')],
    cwd: root,
    spare: false,
    ...options,
  });
  atEnd(() => runtime.close());
  return runtime;
}
