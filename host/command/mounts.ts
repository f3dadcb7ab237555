import type { GrantedPlace } from '../capability/granted-places.ts';

/** A granted place as it is put into the sandbox: at its real name. */
export interface Mount {
  readonly path: string;
  /** A descriptor on what is there. */
  readonly fd: number;
  readonly isWritable: boolean;
}

export interface MountPlan {
  /** Outer ones first. */
  readonly mounts: readonly Mount[];
  /** Other names of what is mounted, made as links: `[name, real path]`. */
  readonly links: readonly (readonly [name: string, target: string])[];
}

/**
 * How granted places are put together: what may be written is writable also where it lies in what may only be read, and a
 * place inside of another with the same rights is in it already. A name below something that is visible anyway is not made:
 * the links on its way are there.
 * @param visible folders that are there without a grant
 */
export function planMounts(
  { readable, writable }: { readonly readable: readonly GrantedPlace[]; readonly writable: readonly GrantedPlace[] },
  visible: readonly string[],
): MountPlan {
  const byPath = new Map<string, Mount>();
  for (const { real, fd } of readable) byPath.set(real, { path: real, fd, isWritable: false });
  for (const { real, fd } of writable) byPath.set(real, { path: real, fd, isWritable: true });
  const mounts: Mount[] = [];
  for (const mount of [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const around = mounts.filter(({ path }) => isWithin(mount.path, path));
    if (around.length === 0 || (mount.isWritable && !around.some(({ isWritable }) => isWritable))) mounts.push(mount);
  }
  const names = new Map([...readable, ...writable].map(({ at, real }) => [at, real]));
  const links: [string, string][] = [];
  for (const [name, target] of [...names].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const there = [...visible, ...mounts.map(({ path }) => path), ...links.map(([link]) => link)];
    if (name !== target && !there.some((root) => isWithin(name, root))) links.push([name, target]);
  }
  return { mounts, links };
}

/** Whether a path is `root` or lies below it. */
export function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? root : `${root}/`);
}
