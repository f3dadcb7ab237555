import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { packFiles } from '../../src/archive/pack.ts';
import { createDownload } from '../../src/download/create-download.ts';
import { DISK } from '../../src/files/disk.ts';
import { parseOciReference } from '../../src/oci/reference.ts';
import { pushSkill } from '../../src/oci/push.ts';
import { openMemory } from '../../src/registry/memory.ts';
import { publishInto } from '../../src/registry/publish.ts';
import { Registry } from '../../src/registry/registry.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { gitSource } from '../../src/source/git.ts';
import { ociSource } from '../../src/source/oci.ts';
import { pathSource } from '../../src/source/path.ts';
import { registrySource } from '../../src/source/registry.ts';
import type { FetchSurroundings, Source } from '../../src/source/source.ts';
import { urlSource } from '../../src/source/url.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';
import { serveFolder } from '../fixtures/serve-folder.ts';
import { TestRepository } from '../git/repository.ts';
import { serveGit } from '../git/serve.ts';
import { fakeRegistry } from '../oci/fake-registry.ts';

/** A place with one package, as a source finds it. */
export interface Shelf {
  readonly source: Source;
  /** What stands for the package. */
  readonly request: string;
  /** What stands for something that is not there. */
  readonly missing: string;
  readonly download: FetchSurroundings['download'];
  /** Puts a package where the request finds it, in the place of the one that is there. */
  readonly put: (files: readonly RawFile[], version: string) => Promise<void>;
}

export interface ShelfRow {
  readonly kind: Source['kind'];
  readonly needs?: 'git';
  readonly open: (root: string) => Promise<Shelf>;
}

const { signal } = new AbortController();
const download = createDownload({ privateHosts: ['127.0.0.1'], totalMs: 10_000 });
const NAME = 'custom.shelved';

/** A new source is a row here. */
export const SHELVES: Readonly<Record<string, ShelfRow>> = {
  'a folder': {
    kind: 'path',
    async open(root) {
      const folder = join(root, 'skill');
      const put = async (files: readonly RawFile[]): Promise<void> => {
        rmSync(folder, { recursive: true, force: true });
        writeAll(folder, files);
      };
      return { source: pathSource, request: folder, missing: join(root, 'none'), download, put };
    },
  },
  'an archive of this machine': {
    kind: 'path',
    async open(root) {
      const put = async (files: readonly RawFile[]): Promise<void> =>
        writeFileSync(join(root, 'skill.tgz'), await packFiles(files));
      return { source: pathSource, request: join(root, 'skill.tgz'), missing: join(root, 'none.tgz'), download, put };
    },
  },
  'an archive on the web': {
    kind: 'url',
    async open(root) {
      const base = `http://${await serveFolder(root)}`;
      const put = async (files: readonly RawFile[]): Promise<void> =>
        writeFileSync(join(root, 'skill.tgz'), await packFiles(files));
      return { source: urlSource, request: `${base}/skill.tgz`, missing: `${base}/none.tgz`, download, put };
    },
  },
  'a git repository': {
    kind: 'git',
    needs: 'git',
    async open(root) {
      const repository = new TestRepository(join(root, 'skill.git'));
      const server = await serveGit(root);
      onTestFinished(() => server.close());
      const base = `git+http://git.test:${server.port}`;
      const source = gitSource({
        privateHosts: ['git.test'],
        resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      });
      const put = async (files: readonly RawFile[]): Promise<void> => {
        repository.commit(
          'refs/heads/main',
          files.map(({ path, bytes, executable }) => ({
            path,
            text: Buffer.from(bytes),
            mode: executable ? ('100755' as const) : ('100644' as const),
          })),
        );
      };
      return { source, request: `${base}/skill.git`, missing: `${base}/skill.git#none`, download, put };
    },
  },
  'an artifact of an OCI registry': {
    kind: 'oci',
    async open(root) {
      const { host } = await fakeRegistry();
      const way = { download, signal, env: { HOME: root }, privateHosts: [host] };
      const request = `oci://${host}/team/shelved`;
      const put = async (files: readonly RawFile[], version: string): Promise<void> => {
        const what = { archive: await packFiles(files), id: NAME, version, description: 'Shelved' };
        await pushSkill(what, parseOciReference(request), way);
      };
      return { source: ociSource(way), request, missing: `${request}:none`, download, put };
    },
  },
  'a registry on the web': {
    kind: 'registry',
    open: async (root) => openRegistry(root, `http://${await serveFolder(join(root, 'registry'))}`),
  },
  'a folder that is a registry': {
    kind: 'registry',
    open: async (root) => openRegistry(root, pathToFileURL(join(root, 'registry')).href),
  },
};

function openRegistry(root: string, url: string): Shelf {
  const now = (): Date => new Date('2026-06-01T12:00:00.000Z');
  // Each command opens registries anew, and asks for their index.
  const registries = (): readonly Registry[] => {
    const memory = openMemory(join(root, 'memory'));
    return [new Registry({ name: 'main', url, mirrors: [] }, { download, signal }, { memory, now })];
  };
  const source: Source = {
    ...registrySource([]),
    fetch: (request, surroundings) => registrySource(registries()).fetch(request, surroundings),
  };
  const put = async (files: readonly RawFile[]): Promise<void> => {
    const folder = join(root, 'unpacked');
    rmSync(folder, { recursive: true, force: true });
    writeAll(folder, files);
    const skill = await loadSkill(folder);
    if (!skill.ready || skill.manifest === undefined) throw new Error('the sample is broken');
    const published = { manifest: skill.manifest, archive: await packFiles(files) };
    await publishInto(join(root, 'registry'), published, { files: DISK, now: now(), signal });
  };
  return { source, request: NAME, missing: 'custom.none', download, put };
}

function writeAll(folder: string, files: readonly RawFile[]): void {
  for (const { path, bytes, executable } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes, { mode: executable ? 0o755 : 0o644 });
  }
}
