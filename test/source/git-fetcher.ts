import { SkillError } from '../../host/index.ts';
import { gitSource, type GitSourceOptions } from '../../src/source/git.ts';
import type { Fetched } from '../../src/source/source.ts';
import { makeRoot } from '../git/repository.ts';

export interface FetchOptions extends Partial<GitSourceOptions> {
  readonly signal?: AbortSignal;
  /** Told of the folder of the fetch before it is removed. */
  readonly inspect?: (temporary: string) => void;
}

/** The host `git.test` has an address only here: git reaches it by what it was told, or not at all. */
export async function fetchFrom(request: string, options: FetchOptions = {}): Promise<Fetched> {
  const { signal = new AbortController().signal, inspect, ...own } = options;
  const { root: temporary, remove } = makeRoot();
  try {
    const source = gitSource({
      privateHosts: ['git.test'],
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      ...own,
    });
    const download = (): Promise<never> => Promise.reject(new Error('git downloads by itself'));
    return await source.fetch(request, { cwd: '/', temporary, download, signal });
  } finally {
    inspect?.(temporary);
    remove();
  }
}

/** How a fetch fails, in one line a test can compare. */
export async function failureOf(request: string, options: FetchOptions = {}): Promise<SkillError> {
  try {
    const { resolved } = await fetchFrom(request, options);
    throw new Error(`it was fetched: ${resolved}`);
  } catch (error) {
    if (error instanceof SkillError) return error;
    throw error;
  }
}

/** Paths and texts of what was fetched, and which are executable. */
export function contents({ files }: Fetched): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, bytes, executable }) => [
      `${path}${executable ? '*' : ''}`,
      Buffer.from(bytes).toString('utf8'),
    ]),
  );
}
