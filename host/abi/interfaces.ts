import { splitVersion } from '../component/names.ts';
import type { ResolveImport } from '../component/link.ts';
import type { GuestContext } from './context.ts';
import type { GuestFiles } from './files.ts';
import type { HostInterfaces } from './functions.ts';
import { skillhostInterfaces } from './skillhost.ts';
import { cliInterfaces, clockInterfaces, randomInterfaces } from './wasi2/cli.ts';
import { filesystemInterfaces } from './wasi2/filesystem.ts';
import { httpInterfaces } from './wasi2/http.ts';
import { errorInterface, pollInterface, streamsInterface } from './wasi2/io.ts';
import { SOCKET_INTERFACES } from './wasi2/sockets.ts';

/** Which versions of a package the functions here are right for. */
const VERSIONS: readonly (readonly [prefix: string, version: RegExp])[] = [
  ['skillhost:guest/', /^0\.1\.\d+$/],
  ['wasi:', /^0\.2\.\d+$/],
];

/** Everything a component can import, over one context. */
export function componentImports(context: GuestContext): {
  readonly resolve: ResolveImport;
  readonly files: GuestFiles;
} {
  const { files, interfaces } = filesystemInterfaces(context);
  const offered: HostInterfaces = new Map([
    ...skillhostInterfaces(context),
    ...cliInterfaces(context),
    ...clockInterfaces(context),
    ...randomInterfaces(context),
    ...interfaces,
    ...httpInterfaces(context),
    ...SOCKET_INTERFACES,
    ['wasi:io/error', errorInterface()],
    ['wasi:io/poll', pollInterface(context)],
    ['wasi:io/streams', streamsInterface()],
  ]);
  const resolve: ResolveImport = (interfaceName, functionName) => {
    const { name, version } = splitVersion(interfaceName);
    const isOurs = VERSIONS.some(
      ([prefix, versions]) => name.startsWith(prefix) && version !== undefined && versions.test(version),
    );
    const functions = isOurs ? offered.get(name) : undefined;
    return functions !== undefined && Object.hasOwn(functions, functionName) ? functions[functionName] : undefined;
  };
  return { resolve, files };
}
