import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import { checkPath } from '../../src/tree/check-path.ts';
import { HOSTILE } from './hostile.ts';
import { tgz, tar, pax } from './make-tar.ts';
import { zip } from './make-zip.ts';

async function refusalOf(bytes: Uint8Array): Promise<SkillError | undefined> {
  try {
    await readArchive(bytes, 'https://example.org/a.tgz');
    return undefined;
  } catch (error) {
    if (error instanceof SkillError) return error;
    throw error;
  }
}

describe('an archive that is not what it should be', () => {
  it.each(Object.entries(HOSTILE))('%s [R-ARCHIVE-2]', async (_what, { bytes, reason, entry }) => {
    const refusal = await refusalOf(bytes);
    expect(refusal).toMatchObject({ code: 'E_PACKAGE', details: { reason } });
    if (entry !== undefined) expect(refusal?.details?.['entry']).toBe(entry);
    expect(refusal?.message).toMatch(/^"https:\/\/example\.org\/a\.tgz" cannot be used: [ -\uffff]+$/);
    expect(refusal?.hint).toBeTypeOf('string');
  });

  it('has nothing written anywhere [R-ARCHIVE-2]', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skillhost-canary-'));
    const before = process.cwd();
    process.chdir(folder);
    try {
      for (const { bytes } of Object.values(HOSTILE)) await refusalOf(bytes);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  });

  const whole = [
    tar(
      pax({ path: 'docs/é.md' }),
      { name: 'cut', content: 'text' },
      { name: 'skill.toml', content: 'id' },
      { name: 'a/', type: '5' },
    ),
    zip([
      { name: 'skill.toml', content: 'id' },
      { name: 'a/b', content: 'text', method: 0 },
    ]),
    tgz({ name: 'skill.toml', content: 'id' }),
  ];

  it('by some of its bytes is refused, or gives files with names that are good [R-ARCHIVE-2]', async () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.option(fc.nat(), { freq: 4 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (archive, changes) => {
          let bytes = Buffer.from(archive);
          for (const { at, byte, cut } of changes) {
            if (bytes.length > 0) bytes[at % bytes.length] = byte;
            if (cut !== null) bytes = bytes.subarray(0, cut % (bytes.length + 1));
          }
          const files = await readArchive(bytes, 'a').catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'SkillError', code: 'E_PACKAGE' });
            return [];
          });
          for (const { path } of files) expect(checkPath(path)).toBeUndefined();
        },
      ),
      { numRuns: 600 },
    );
  });
});
