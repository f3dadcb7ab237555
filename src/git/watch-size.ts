import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const EVERY_MS = 200;

export interface SizeWatch {
  /** Looks now. */
  look(): Promise<void>;
  end(): void;
}

/** Looks again and again how many bytes are below a folder, and calls back when they are more than so many. */
export function watchSize(folder: string, most: number, onMore: () => void): SizeWatch {
  let isEnded = false;
  const look = async (): Promise<void> => {
    if ((await sizeOf(folder)) > most && !isEnded) onMore();
  };
  const again = async (): Promise<void> => {
    await look();
    if (!isEnded) timer = setTimeout(() => void again(), EVERY_MS);
  };
  let timer = setTimeout(() => void again(), EVERY_MS);
  return {
    look,
    end: () => {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}

/** Bytes; what goes away meanwhile counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
