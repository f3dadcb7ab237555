import { quote } from '../../host/index.ts';
import type { Manifest } from './manifest.ts';
import type { TableReader } from './table-reader.ts';
import { checkInnerPath, checkLabel } from './text-checks.ts';

/** `[executable]`: the WebAssembly module. */
export function readExecutable(root: TableReader): Manifest['executable'] {
  const executable = root.table('executable');
  if (executable === undefined) return undefined;
  const fields = {
    module: executable.requiredText('module', { check: checkInnerPath, example: 'bin/skill.wasm' }),
    exports: executable.texts('exports', checkLabel(256)),
    kind: executable.oneOf('kind', ['component', 'extism', 'wasi']),
    reuse: executable.flag('reuse') ?? false,
    config: readConfig(executable.section('config')),
  };
  executable.finish();
  return fields;
}

function readConfig(config: TableReader): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const name of config.names()) {
    const value = config.value(name);
    if (typeof value === 'string') entries.set(name, value);
    else config.wrongType(name, 'a string', `write the value in quotes; the guest reads ${quote(name)} as text`);
  }
  return entries;
}
