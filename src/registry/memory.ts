import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryConfig } from '../config/config.ts';
import { writeCache } from '../home/write-cache.ts';
import type { Memory } from './registry.ts';

/** Remembers in a folder, one file for each registry. What cannot be read was not seen. */
export function openMemory(folder: string): Memory {
  const fileOf = ({ name, url }: RegistryConfig): string =>
    join(folder, `${createHash('sha256').update(`${name}\0${url}`).digest('hex')}.json`);
  return {
    lastUpdate(registry) {
      try {
        const { updated } = JSON.parse(readFileSync(fileOf(registry), 'utf8')) as { updated: string };
        const time = new Date(updated);
        return Number.isNaN(time.getTime()) ? undefined : time;
      } catch {
        return undefined;
      }
    },
    remember(registry, updated) {
      const { name, url } = registry;
      writeCache(fileOf(registry), Buffer.from(`${JSON.stringify({ name, url, updated })}\n`));
    },
  };
}
