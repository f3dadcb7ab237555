import { closeSync, openSync, readSync, realpathSync } from 'node:fs';

// As much of a first line as the kernel reads.
const LINE_BYTES = 256;

/** The file that the kernel starts a script with, as its first line names it; undefined for what is no script. */
export function interpreterOf(file: string): { readonly name: string; readonly real: string } | undefined {
  const [, name] = /^#![ \t]*(\/[^ \t\n\0]*)/.exec(firstBytes(file)) ?? [];
  if (name === undefined) return undefined;
  try {
    return { name, real: realpathSync(name) };
  } catch {
    return undefined;
  }
}

function firstBytes(file: string): string {
  const buffer = Buffer.alloc(LINE_BYTES);
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, LINE_BYTES, 0));
  } catch {
    // What may be run and not read is no script.
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
