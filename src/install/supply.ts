import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { isGitRequest } from '../git/request.ts';
import { isOciRequest } from '../oci/reference.ts';
import { isRegistryRequest } from '../registry/request.ts';
import { pathSource } from '../source/path.ts';
import type { Source } from '../source/source.ts';
import { isUrlRequest } from '../source/url-request.ts';
import type { Supply } from './fetch.ts';
import type { Installation } from './installation.ts';

/** Every source there is. Each is loaded when something is fetched by it, for most commands fetch by one or none. */
export function supplyOf(
  { privateHosts, registries: configured }: Config,
  { home, signal, now }: Pick<Installation, 'home' | 'signal' | 'now'>,
): Supply {
  const download: Supply['download'] = async (request) => {
    const { createDownload } = await import('../download/create-download.ts');
    return createDownload({ privateHosts })(request);
  };
  const registries: Supply['registries'] = once(async () => {
    if (configured.length === 0) return [];
    const [{ Registry }, { openMemory }] = await Promise.all([
      import('../registry/registry.ts'),
      import('../registry/memory.ts'),
    ]);
    const memory = openMemory(join(home.state, 'registries'));
    return configured.map((one) => new Registry(one, { download, signal }, { memory, now }));
  });
  return {
    sources: [
      pathSource,
      later('git', isGitRequest, async () => (await import('../source/git.ts')).gitSource({ privateHosts })),
      later('url', isUrlRequest, async () => (await import('../source/url.ts')).urlSource),
      later('oci', isOciRequest, async () => {
        return (await import('../source/oci.ts')).ociSource({ privateHosts, env: process.env });
      }),
      later('registry', isRegistryRequest, async () => {
        return (await import('../source/registry.ts')).registrySource(await registries());
      }),
    ],
    registries,
    cwd: process.cwd(),
    download,
  };
}

function later(kind: Source['kind'], takes: Source['takes'], load: () => Promise<Source>): Source {
  return { kind, takes, fetch: async (request, surroundings) => (await load()).fetch(request, surroundings) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
