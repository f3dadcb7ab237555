import { MANIFEST_CEILINGS } from '../../manifest/ceilings.ts';
import type { Problem } from '../../manifest/manifest.ts';
import { NotReadable, readWithin } from '../../skill/read-within.ts';

/** The bytes of a file of tests, why there are none that can be read, or undefined when there is no such file. */
export async function readTestFile(folder: string, file: string): Promise<Uint8Array | Problem | undefined> {
  try {
    return await readWithin(folder, file, MANIFEST_CEILINGS.bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const why = error instanceof NotReadable ? message : `it cannot be read: ${code ?? message}`;
    const fix = `a file of tests is a regular file of at most ${MANIFEST_CEILINGS.bytes / 1024} KiB inside of the skill`;
    return { severity: 'error', code: 'R_TEST_UNREADABLE', file, message: why, fix };
  }
}
