import { readFile } from 'node:fs/promises';
import { CapabilityDenied, ERROR_CODES, type ErrorCode, quote, SkillError } from '../../host/index.ts';
import { locateField } from '../manifest/locate.ts';
import { inline, type Terminal, wrap } from './terminal.ts';

/** An error as an object for programs. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

export function toReport({ code, message, hint = GENERAL_HINTS[code], details }: SkillError): ErrorReport {
  return { code, message, hint, details };
}

/** What mends an error whose origin knew nothing better. */
const GENERAL_HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  E_GUEST: 'skill run with --trace shows every decision and host call',
  E_OUTPUT: 'the skill is at fault: its author needs the input that led here',
  E_NETWORK: 'check the address and the connection; skill run with --trace shows every request',
  E_MEMORY: 'give it less at once',
  E_MODULE_LIMIT: 'strip the module of its debug information, or split it',
  E_ABORTED: 'nothing is left running; run it again to begin anew',
};

/** Says what happened, why, and what mends it. */
export async function printError(error: SkillError, terminal: Terminal): Promise<void> {
  const { width } = terminal;
  const line = (label: string, text: string): string => `${wrap(`${label} ${inline(text)}`, width, ' '.repeat(7))}\n`;
  terminal.error(line(terminal.style('red', 'error:'), error.message));
  if (error instanceof CapabilityDenied)
    terminal.error(line('  why:', `layer ${error.layer}, ${await placeOf(error)}`));
  const failure = error.details?.['failure'];
  if (typeof failure === 'string') terminal.error(line('  then', failure));
  const { hint } = toReport(error);
  if (hint !== undefined) terminal.error(line(terminal.style('green', '  fix:'), hint));
  terminal.error(terminal.style('dim', `  code: ${error.code}\n`));
}

/** Where the rule that decided stands: `file:line` for a manifest. */
export async function placeOf({ rule, details }: CapabilityDenied): Promise<string> {
  const { source, field } = details ?? {};
  if (typeof source !== 'string' || typeof field !== 'string' || !source.endsWith('.toml')) return `rule ${rule}`;
  const place = await locateIn(source, field);
  return place === undefined ? `${source} has no ${field.split('.').at(-1)}` : `rule at ${source}:${place}`;
}

/** The line of a field in a file; of the table around it when the field is not there. */
async function locateIn(file: string, field: string): Promise<number | undefined> {
  try {
    return (await locateField(await readFile(file, 'utf8'), field))?.line;
  } catch {
    return undefined;
  }
}

export function exitCodeOf(error: SkillError): number {
  return ERROR_CODES[error.code].exit;
}

const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** Anything thrown, as an error people can read. */
export function asSkillError(error: unknown): SkillError {
  if (error instanceof SkillError) return error;
  if ((error as NodeJS.ErrnoException | undefined)?.syscall === 'uv_cwd') {
    return new SkillError('E_NOT_FOUND', 'the working directory is gone', {
      hint: 'cd to a directory that exists',
      cause: error,
    });
  }
  const { code = '', syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall !== undefined && path !== undefined)
    return new SkillError(ABSENT.has(code) ? 'E_NOT_FOUND' : 'E_USAGE', `${quote(path)} cannot be used: ${code}`, {
      hint: 'check that it is there, and that you may read and write it',
      cause: error,
    });
  const message = error instanceof Error ? error.message : String(error);
  return new SkillError('E_INTERNAL', `a defect of skillhost: ${message}`, {
    hint: 'run it again with --verbose and report what it prints',
    cause: error,
  });
}
