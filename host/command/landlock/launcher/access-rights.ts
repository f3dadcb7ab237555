// cspell:ignore ioctl

/** Rights over files, as Landlock numbers them, and the version of its interface that has them first. */
const RIGHTS = {
  execute: [0, 1],
  writeFile: [1, 1],
  readFile: [2, 1],
  readFolder: [3, 1],
  removeFolder: [4, 1],
  removeFile: [5, 1],
  makeCharacterDevice: [6, 1],
  makeFolder: [7, 1],
  makeFile: [8, 1],
  makeSocket: [9, 1],
  makePipe: [10, 1],
  makeBlockDevice: [11, 1],
  makeLink: [12, 1],
  moveBetweenFolders: [13, 2],
  truncate: [14, 3],
  controlDevice: [15, 5],
} as const satisfies Readonly<Record<string, readonly [bit: number, since: number]>>;

type Right = keyof typeof RIGHTS;

const bits = (rights: readonly Right[]): bigint =>
  rights.reduce((all, right) => all | (1n << BigInt(RIGHTS[right][0])), 0n);

export const READ = bits(['readFile', 'readFolder']);
export const READ_AND_RUN = READ | bits(['execute']);
/** All but to make devices, and to give orders to them. */
export const READ_AND_WRITE =
  READ_AND_RUN |
  bits(['writeFile', 'truncate', 'moveBetweenFolders', 'removeFolder', 'removeFile']) |
  bits(['makeFolder', 'makeFile', 'makeSocket', 'makePipe', 'makeLink']);
export const USE_DEVICE = bits(['readFile', 'writeFile', 'truncate']);

/** A rule for anything but a folder that names other rights than these is refused. */
const OF_FILES = bits(['execute', 'writeFile', 'readFile', 'truncate', 'controlDevice']);

const BIND_AND_CONNECT = 3n;
const ABSTRACT_SOCKETS_AND_SIGNALS = 3n;

/** What a kernel can refuse: all of it is refused unless a rule grants it. */
export interface Handled {
  readonly files: bigint;
  readonly tcp: bigint;
  readonly scopes: bigint;
}

/**
 * All that a version of the interface has. What one lacks is not claimed for it: versions before 3 leave truncating to the
 * mounts, which are read-only, those before 4 and 6 leave networks and processes to the namespaces, and the first moves no
 * file into another folder.
 */
export function handledBy(version: number, { hasNetwork }: { readonly hasNetwork: boolean }): Handled {
  const known = Object.keys(RIGHTS).filter((right): right is Right => RIGHTS[right as Right][1] <= version);
  return {
    files: bits(known),
    tcp: version >= 4 && !hasNetwork ? BIND_AND_CONNECT : 0n,
    scopes: version >= 6 ? ABSTRACT_SOCKETS_AND_SIGNALS : 0n,
  };
}

/** Rights as a rule may name them, for a folder or another file. */
export function grantable(rights: bigint, { files }: Handled, isFolder: boolean): bigint {
  return rights & files & (isFolder ? files : OF_FILES);
}
