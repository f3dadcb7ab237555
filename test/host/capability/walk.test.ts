import { closeSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathOf, walk, walkToParent } from '../../../host/capability/walk.ts';
import { openDescriptors, temporaryFolder } from '../function/scope-fixture.ts';

describe('a walk', () => {
  it('asks for each place a link leads to, and for the place it ends at [R-GATE-2]', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'b'));
    writeFileSync(join(root, 'b/file'), 'x');
    symlinkSync('b', join(root, 'a'));
    symlinkSync('a/file', join(root, 'l'));
    const asked: string[] = [];
    const end = walk(join(root, 'l'), (path) => void asked.push(path));
    closeSync(end.fd);
    expect(asked).toEqual(['a/file', 'b/file', 'b/file'].map((name) => join(root, name)));
    expect(end.realPath).toBe(join(root, 'b/file'));
  });

  it('asks for the place where an object is, not for the one where it was looked for [R-GATE-2]', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'in/d'), { recursive: true });
    writeFileSync(join(root, 'in/d/file'), 'x');
    symlinkSync('d/file', join(root, 'in/l'));
    const asked: string[] = [];
    const before = openDescriptors();
    // Moved away while the link is being decided: what is asked for next is not there any more.
    const move = (path: string): void => {
      if (asked.push(path) === 1) renameSync(join(root, 'in/d'), join(root, 'out'));
    };
    expect(() => walk(join(root, 'in/l'), move)).toThrow('ENOENT');
    expect(openDescriptors()).toBe(before);
  });

  it('gives nothing away when it may not end where it does [R-GATE-2]', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), 'x');
    const refuse = (): never => {
      throw new Error('no');
    };
    const before = openDescriptors();
    for (const name of ['file', 'none']) {
      expect(() => walk(join(root, name), refuse)).toThrow('no');
      expect(() => walkToParent(join(root, name), refuse)).toThrow('no');
    }
    expect(openDescriptors()).toBe(before);
  });

  it('holds the object itself, whatever its name comes to mean [R-GATE-2]', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'file'), 'first');
    const end = walk(join(root, 'file'), () => undefined);
    renameSync(join(root, 'file'), join(root, 'moved'));
    writeFileSync(join(root, 'file'), 'second');
    expect(readFileSync(pathOf(end.fd), 'utf8')).toBe('first');
    closeSync(end.fd);
  });
});
