import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { explainFailure } from '../../src/git/explain.ts';
import { parseRemote } from '../../src/git/remote.ts';
import { settingsFor } from '../../src/git/settings.ts';
import { makeRoot, NO_GIT, TestRepository } from './repository.ts';

const MIB = 2 ** 20;

describe.skipIf(NO_GIT)('the memory of git [only with git]', () => {
  const { root, remove } = makeRoot();
  afterAll(remove);
  const target = NO_GIT ? '' : new TestRepository(join(root, 'a.git')).folder;

  it.each([
    ['is enough for what a skill may hold', 64 * MIB, 'malformed'],
    ['has an end, whatever a small pack says it unfolds to', 257 * MIB, 'too_large'],
  ])('%s [R-GIT-7]', (_, size, reason) => {
    const remote = parseRemote('https://example.org/a');
    const { options, env } = settingsFor(remote, { addresses: [], home: root, outer: process.env });
    const args = [...options, '-C', target, 'index-pack', '--stdin'];
    const { status, stdout, stderr } = spawnSync('git', args, { env, input: packOf(size) });
    expect(status).toBe(128);
    const failure = explainFailure({ exitCode: 128, stdout, stderr: stderr.toString() }, remote);
    expect(failure).toMatchObject({ code: 'E_PACKAGE', details: { reason } });
  });
});

/** A pack with one tree that says to be of this size, and is shorter. */
function packOf(size: number): Buffer {
  const head = [0x80 | (2 << 4) | (size & 15)];
  for (let rest = size >> 4; rest > 0; rest >>= 7) head.push((rest & 127) | (rest > 127 ? 0x80 : 0));
  const start = Buffer.from('PACK\0\0\0\u0002\0\0\0\u0001', 'latin1');
  const pack = Buffer.concat([start, Buffer.from(head), deflateSync(Buffer.alloc(64))]);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}
