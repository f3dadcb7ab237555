import type { RawFile } from '../tree/raw-file.ts';
import { BLOCK } from './tar-header.ts';

const NO_TIME = new Date(0);

/**
 * Packs files into a tar.gz in which nothing is of this machine or this moment: sorted, without owners and times. It is not
 * compressed by Node, whose zlib packs otherwise from one version and processor to the next.
 */
export async function packFiles(files: readonly RawFile[]): Promise<Uint8Array> {
  const { gzipSync } = await import('fflate');
  return gzipSync(await packTar(files), { level: 9, mtime: 0 });
}

async function packTar(files: readonly RawFile[]): Promise<Buffer> {
  const { Header, Pax } = await import('tar');
  const blocks: Uint8Array[] = [];
  for (const { path, bytes, executable } of files.toSorted((a, b) => compareBytes(a.path, b.path))) {
    const about = { path, size: bytes.length, mode: executable ? 0o755 : 0o644, uid: 0, gid: 0, mtime: NO_TIME };
    const header = new Header({ ...about, type: 'File' });
    // What does not fit the header stands before it, in one of its own.
    if (header.encode()) blocks.push(new Pax({ path, mtime: NO_TIME, uid: 0, gid: 0 }).encode());
    blocks.push(header.block ?? Buffer.alloc(0), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1)));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
