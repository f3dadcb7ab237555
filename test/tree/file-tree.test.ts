import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkillError } from '../../host/index.ts';
import { MANIFEST_CEILINGS } from '../../src/manifest/ceilings.ts';
import { parseTree } from '../../src/tree/file-tree.ts';
import type { RawFile } from '../../src/tree/raw-file.ts';

const file = (path: string, text = '', executable = false): RawFile => ({ path, bytes: Buffer.from(text), executable });
const hashOf = (...files: readonly RawFile[]): string => parseTree(files).hash;

function reasonOf(files: readonly RawFile[]): unknown {
  try {
    parseTree(files);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_PACKAGE', hint: expect.any(String) });
    return (error as SkillError).details?.['reason'];
  }
}

describe('the hash of a tree [R-TREE-1]', () => {
  const base = [file('skill.toml', 'a'), file('bin/run', 'b', true)];

  it('does not depend on the order of the files', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6})?$/), { maxLength: 8 });
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat()), (paths, random) => {
        const files = paths
          .filter((one) => !paths.some((two) => two.startsWith(`${one}/`)))
          .map((path) => file(path, path));
        const shuffled = files.toSorted(() => (random.next().value % 3) - 1);
        expect(parseTree(shuffled)).toEqual(parseTree(files));
      }),
    );
  });

  it.each([
    ['a byte', [file('skill.toml', 'A'), file('bin/run', 'b', true)]],
    ['a name', [file('skill.tom', 'a'), file('bin/run', 'b', true)]],
    ['what may be executed', [file('skill.toml', 'a'), file('bin/run', 'b')]],
    ['a file more', [...base, file('z', '')]],
    ['a file less', base.slice(1)],
    ['bytes in another file', [file('skill.toml', 'b'), file('bin/run', 'a', true)]],
    ['a name that holds another line', [file('skill.toml', 'a'), file('bin/run b', '', true)]],
  ])('changes with %s', (_, files) => {
    expect(hashOf(...files)).not.toBe(hashOf(...base));
  });

  it.each(['skill.minisig', 'skill.asc', 'skill.sigstore.json', 'skill.oms.sig'])(
    'leaves out the signature %s',
    (name) => {
      expect(hashOf(...base, file(name, 'signed'))).toBe(hashOf(...base));
      expect(hashOf(...base, file(`bin/${name}`, 'signed'))).not.toBe(hashOf(...base));
      expect(parseTree([...base, file(name)]).files.map(({ path }) => path)).toContain(name);
    },
  );

  it('is what it was: locks that were written stay good', () => {
    expect(hashOf(...base)).toBe('sha256:c61a2ecd3883b10394f5068a800f7eb374ab18448ccb974464a85b3b85407b79');
  });
});

describe('a package that cannot be one on every system [R-TREE-2]', () => {
  it.each([
    ['the same name twice', ['a', 'a'], 'same_name'],
    ['names that differ by case', ['Read.md', 'read.md'], 'same_name'],
    ['names that differ by case in Turkish ways', ['straße', 'STRASSE'], 'same_name'],
    ['names that differ by their normal form', ['caf\u00e9', 'cafe\u0301'], undefined],
    ['folders that differ by case', ['Bin/a', 'bin/b'], 'same_name'],
    ['a file that is a folder as well', ['a', 'a/b'], 'file_and_folder'],
    ['a file that is a folder by case', ['A', 'a/b'], 'file_and_folder'],
    ['a path out of it', ['../a'], 'path'],
    ['a path from the root', ['/a'], 'path'],
    ['an empty path', [''], 'path'],
  ])('%s', (_, paths, reason) => {
    const found = reasonOf(paths.map((path) => file(path)));
    expect(found).toBeDefined();
    if (reason !== undefined) expect(found).toBe(reason);
  });

  it('has too many files, or too many bytes', () => {
    const { folderFiles, folderBytes } = MANIFEST_CEILINGS;
    expect(reasonOf(Array.from({ length: folderFiles + 1 }, (_, i) => file(`f${i}`)))).toBe('too_many_files');
    const half = { path: 'a', bytes: new Uint8Array(folderBytes / 2 + 1), executable: false };
    expect(reasonOf([half, { ...half, path: 'b' }])).toBe('too_large');
    expect(reasonOf([half])).toBeUndefined();
  });
});
