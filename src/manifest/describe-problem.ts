import type { Problem } from './manifest.ts';

/** A problem in one line: where, and what. */
export function describeProblem({ file, line, column, message }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`;
  return `${place}: ${message}`;
}
