import { extname } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';
import { readCapped } from '../skill/read-capped.ts';

const MOST_BYTES = 1024 * 1024;

/** By the ending of a script that names nothing itself. */
const BY_ENDING: ReadonlyMap<string, string> = new Map([
  ['.sh', 'sh'],
  ['.bash', 'bash'],
  ['.py', 'python3'],
  ['.js', 'node'],
  ['.mjs', 'node'],
  ['.rb', 'ruby'],
  ['.pl', 'perl'],
]);

/** @returns the script, or why it is none */
export function readScript(path: string): Uint8Array | string {
  try {
    return readCapped(path, MOST_BYTES);
  } catch (error) {
    return error instanceof Error && !('code' in error) ? error.message : String((error as NodeJS.ErrnoException).code);
  }
}

/** The program that runs a script, by its bare name: as its first line says, else by its ending. */
export function interpreterOf(name: string, bytes: Uint8Array): string | undefined {
  const [line = ''] = Buffer.from(bytes.subarray(0, 256)).toString('latin1').split('\n');
  const [, path = '', word = ''] = /^#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(line) ?? [];
  const base = path.split('/').at(-1) ?? '';
  const named = base === 'env' ? word : base;
  return named === '' || named.startsWith('-') ? BY_ENDING.get(extname(name)) : named;
}

/** @throws SkillError E_INTEGRITY when a script is not what was loaded, and decided about */
export function requireSame(script: { readonly path: string; readonly bytes: Uint8Array } | undefined): void {
  if (script === undefined) return;
  const now = readScript(script.path);
  if (typeof now !== 'string' && Buffer.compare(now, script.bytes) === 0) return;
  throw new SkillError('E_INTEGRITY', `the script ${quote(script.path, 200)} changed since it was loaded`, {
    hint: 'run it again, once nobody changes it',
    details: { reason: 'changed_script' },
  });
}
