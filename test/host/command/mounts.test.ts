import { closeSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../host/capability/decide.ts';
import { type FileCapability, type GrantedPlace, grantedPlaces } from '../../../host/capability/granted-places.ts';
import type { Layer } from '../../../host/capability/layer.ts';
import { isWithin, type MountPlan, planMounts } from '../../../host/command/mounts.ts';
import { layerOf, openDescriptors, plant, type Rules, temporaryFolder } from '../function/scope-fixture.ts';

/** Folders and files of the tree that rules are drawn over. */
const TREE = ['a', 'a/b', 'a/b/c', 'a/b/c/f', 'a/b/g', 'a/h', 'ab', 'ab/f', 'd', 'd/e', 'd/e/f'];

function tree(): string {
  const root = temporaryFolder();
  plant(root, { 'a/b/c/f': '', 'a/b/g': '', 'a/h': '', 'ab/f': '', 'd/e/f': '' });
  return root;
}

function granted(capability: FileCapability, layers: readonly Layer[]): GrantedPlace[] {
  const places = grantedPlaces(capability, layers);
  for (const { fd } of places) closeSync(fd);
  return places;
}

function planOf(layers: readonly Layer[], visible: readonly string[] = []): MountPlan {
  return planMounts(
    { readable: granted('filesystem_read', layers), writable: granted('filesystem_write', layers) },
    visible,
  );
}

/** The plan over `root` as short texts. */
function briefly(root: string, voices: readonly Rules[]): string[] {
  const { mounts, links } = planOf(voices.map((rules, i) => layerOf(`voice-${i}`, rules, { cwd: root })));
  const short = (path: string): string => (path === root ? '.' : path.replace(`${root}/`, ''));
  return [
    ...mounts.map(({ path, isWritable }) => `${isWritable ? 'rw' : 'ro'} ${short(path)}`),
    ...links.map(([name, target]) => `${short(name)} -> ${short(target)}`),
  ];
}

describe('what a program is shown', () => {
  it.each<[name: string, voices: readonly Rules[], plan: readonly string[]]>([
    ['nothing', [{}], []],
    ['what one layer grants', [{ read: ['a'] }], ['ro a']],
    ['the narrower of two', [{ read: ['./'] }, { read: ['a/b'] }], ['ro a/b']],
    ['the narrower of three', [{ read: ['a'] }, { read: ['./'] }, { read: ['a/b/c', 'd'] }], ['ro a/b/c']],
    ['nothing where they have nothing in common', [{ read: ['a/b'] }, { read: ['a/h', 'd'] }], []],
    ['nothing when one layer is silent', [{ read: ['a'], write: ['a'] }, {}], []],
    ['no neighbor with the same beginning', [{ read: ['a', 'ab'] }, { read: ['ab'] }], ['ro ab']],
    ['single files', [{ read: ['a/h', 'd/e/f'] }, { read: ['./'] }], ['ro a/h', 'ro d/e/f']],
    ['what may be written within what may be read', [{ read: ['a'], write: ['a/b'] }], ['ro a', 'rw a/b']],
    ['what may be read within what may be written, once', [{ read: ['a/b', 'a'], write: ['a'] }], ['rw a']],
    ['a folder once, however often it is granted', [{ read: ['a', 'a/b', './a', 'a/b/c'] }], ['ro a']],
    ['write by one layer and read by the other as neither', [{ write: ['a'] }, { read: ['a'] }], []],
    ['what is there', [{ read: ['a', 'missing', 'a/missing/x'], write: ['new'] }], ['ro a']],
    ['no kernel', [{ read: ['/proc', '/sys', '/dev', '/proc/self', 'd'] }], ['ro d']],
  ])('is %s [R-COMMAND-3]', (_name, voices, plan) => {
    expect(briefly(tree(), voices)).toEqual(plan);
  });

  it.each<[name: string, voices: readonly Rules[], plan: readonly string[]]>([
    ['by both names', [{ read: ['to-b'] }], ['ro a/b', 'to-b -> a/b']],
    ['by both names below a link', [{ read: ['to-b/c'] }], ['ro a/b/c', 'to-b/c -> a/b/c']],
    ['by the name of the link, once', [{ read: ['to-b', 'to-b/c'] }], ['ro a/b', 'to-b -> a/b']],
    ['with the links that lie in a granted folder', [{ read: ['d', 'a'] }], ['ro a', 'ro d']],
    ['where layers name it in different ways', [{ read: ['to-b'] }, { read: ['a/b'] }], ['ro a/b']],
    ['with its rights for both names', [{ read: ['to-b'], write: ['a/b/c'] }], ['ro a/b', 'rw a/b/c', 'to-b -> a/b']],
  ])('through links is there %s [R-COMMAND-3]', (_name, voices, plan) => {
    const root = tree();
    symlinkSync('a/b', join(root, 'to-b'));
    symlinkSync('../a', join(root, 'd/to-a'));
    expect(briefly(root, voices)).toEqual(plan);
  });

  it('is not what a link leads to since it was granted [R-COMMAND-3] [R-GATE-5]', () => {
    const root = tree();
    symlinkSync('a', join(root, 'link'));
    const layers = [layerOf('grant', { read: ['link'], write: ['link/b'] }, { cwd: root })];
    execFileSync('ln', ['-sfn', 'd', join(root, 'link')]);
    expect(planOf(layers).mounts.map(({ path }) => path)).toEqual([join(root, 'a'), join(root, 'a/b')]);
    expect(planOf(layers).links).toEqual([]);
  });

  it('is neither a pipe nor a file with another name [R-COMMAND-3]', () => {
    const root = tree();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    writeFileSync(join(root, 'other'), '');
    linkSync(join(root, 'other'), join(root, 'linked'));
    expect(briefly(root, [{ read: ['pipe', 'linked', 'ab/f'], write: ['pipe', 'linked'] }])).toEqual(['ro ab/f']);
  });

  it('is named again only where nothing is there already [R-COMMAND-3]', () => {
    const root = tree();
    mkdirSync(join(root, 'system'));
    symlinkSync('../a', join(root, 'system/link'));
    const layers = [layerOf('grant', { read: ['system/link'] }, { cwd: root })];
    expect(planOf(layers).links).toEqual([[join(root, 'system/link'), join(root, 'a')]]);
    expect(planOf(layers, [join(root, 'system')]).links).toEqual([]);
  });

  it('is what the gate would let through, of any rules in any number of layers [R-COMMAND-3]', () => {
    const root = tree();
    const list = fc.array(fc.constantFrom('./', ...TREE), { maxLength: 4 });
    const voices = fc.array(fc.record({ read: list, write: list }), { minLength: 1, maxLength: 3 });
    const before = openDescriptors();
    fc.assert(
      fc.property(voices, (drawn) => {
        const layers = drawn.map((rules, i) => layerOf(`voice-${i}`, rules, { cwd: root }));
        const { mounts } = planOf(layers);
        for (const path of [root, ...TREE.map((name) => join(root, name))]) {
          const [read, write] = (['filesystem_read', 'filesystem_write'] as const).map(
            (capability) => decide({ capability, path }, layers).allowed,
          );
          const around = mounts.filter((mount) => isWithin(path, mount.path));
          expect([path, around.length > 0]).toEqual([path, read === true || write === true]);
          expect([path, around.some(({ isWritable }) => isWritable)]).toEqual([path, write]);
        }
      }),
      { numRuns: 300 },
    );
    expect(openDescriptors()).toBe(before);
  });
});
