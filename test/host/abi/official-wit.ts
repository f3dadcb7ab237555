import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support.ts';

/** The version of WASI 0.2 whose interfaces come with jco. */
export const WIT_VERSION = '0.2.12';
const FOLDER = join(ROOT, 'node_modules/@bytecodealliance/jco/lib/wit/builtin', WIT_VERSION);
const PACKAGES = ['io', 'clocks', 'random', 'filesystem', 'sockets', 'cli', 'http'] as const;

/** One package of the official interfaces, as its authors wrote it. */
function readPackage(name: string): string {
  return readFileSync(join(FOLDER, `wasi-${name}`, 'package.wit'), 'utf8');
}

/** A WIT file with its package as a block, the form in which one source may hold several packages. */
export function nested(wit: string): string {
  return `${wit.replace(/^package ([^;]+);$/m, 'package $1 {')}}\n`;
}

/** All of WASI 0.2 behind a world of one's own. */
export function withWasi(world: string): string {
  return [world, ...PACKAGES.map((name) => nested(readPackage(name)))].join('\n');
}

/** What `wasi:http` needs behind a world of one's own, without worlds of theirs, under the version a toolchain knows. */
export function withHttp(world: string, version: string): string {
  const interfacesOnly = (wit: string): string =>
    wit.replaceAll(/^world [^}]*\}/gm, '').replaceAll(`@${WIT_VERSION}`, `@${version}`);
  return [world, ...['io', 'clocks', 'http'].map((name) => nested(interfacesOnly(readPackage(name))))].join('\n');
}

/** Interfaces a host answers for, not the guest. */
const EXPORTED = new Set(['wasi:cli/run', 'wasi:http/incoming-handler']);

/** Every function of every interface a guest may import, by the names a component uses. */
export function officialFunctions(): string[] {
  return PACKAGES.flatMap((name) => functionsOf(`wasi:${name}`, readPackage(name)));
}

function functionsOf(packageName: string, wit: string): string[] {
  const text = wit.replaceAll(/\/\/.*$/gm, '').replaceAll(/@(?:since|unstable|deprecated)\([^)]*\)/g, '');
  const found: string[] = [];
  let [interfaceName, resource, depth, resourceDepth] = ['', '', 0, 0];
  for (const [token] of text.matchAll(
    /(?:interface|world|resource|record|variant|enum|flags) [%\w-]+|[%\w-]+: (?:static )?func\(|constructor\(|[{};]/g,
  )) {
    const [kind, name = ''] = token.split(' ');
    if (token === '{') depth++;
    else if (token === '}') {
      depth--;
      if (depth < resourceDepth) [resource, resourceDepth] = ['', 0];
      if (depth === 0) interfaceName = '';
    } else if (token === ';') {
      // `resource name;` has no functions.
      if (resource !== '' && depth < resourceDepth) [resource, resourceDepth] = ['', 0];
    } else if (kind === 'interface') interfaceName = `${packageName}/${name}`;
    else if (kind === 'resource') [resource, resourceDepth] = [name, depth + 1];
    else if (interfaceName === '' || EXPORTED.has(interfaceName)) continue;
    else if (token === 'constructor(') found.push(`${interfaceName}#[constructor]${resource}`);
    else if (token.endsWith('(')) {
      const label = (kind ?? '').replace(/^%|:$/g, '').replace(':', '');
      const prefix = resource === '' ? '' : `[${token.includes('static') ? 'static' : 'method'}]${resource}.`;
      found.push(`${interfaceName}#${prefix}${label}`);
    }
  }
  return found;
}
