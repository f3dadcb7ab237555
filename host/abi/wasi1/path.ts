import { type Descriptors, type Fd, FILETYPE, writeStat } from './descriptors.ts';
import { ERRNO, refuse, type Wasi1Function } from './errno.ts';
import type { LinearMemory } from './memory.ts';

const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
const FLAG_APPEND = 1;

/** The functions of preview 1 that take a path below an open directory. */
export function pathFunctions({
  memory,
  fds,
}: {
  readonly memory: LinearMemory;
  readonly fds: Descriptors;
}): Record<string, Wasi1Function> {
  const { files } = fds;
  const pathAt = (fd: number, at: number, length: number): string => fds.path(fd, memory.text(at, length));

  const openFile = (path: string, oflags: number, rights: bigint, append: boolean): Fd => {
    const write = (rights & RIGHT_WRITE) !== 0n;
    const create = (oflags & OPEN.create) !== 0;
    const truncate = (oflags & OPEN.truncate) !== 0;
    if (!write && !create && !truncate) {
      const file = files.openExisting(path);
      return file === undefined
        ? { kind: 'directory', path, preopen: false }
        : { kind: 'file', file, position: 0, append };
    }
    const read = (rights & RIGHT_READ) !== 0n || !write;
    const file = files.open(path, { read, write, create, truncate, exclusive: (oflags & OPEN.exclusive) !== 0 });
    return { kind: 'file', file, position: 0, append };
  };

  return {
    path_open: (
      dir: number,
      _look: number,
      at: number,
      length: number,
      oflags: number,
      rights: bigint,
      _inherit: bigint,
      fdflags: number,
      outAt: number,
    ) => {
      const path = pathAt(dir, at, length);
      memory.view(outAt, 4);
      fds.reserve();
      let entry: Fd;
      if ((oflags & OPEN.directory) === 0) entry = openFile(path, oflags, rights, (fdflags & FLAG_APPEND) !== 0);
      else {
        if (files.stat(path).kind !== 'directory') refuse(ERRNO.ENOTDIR);
        entry = { kind: 'directory', path, preopen: false };
      }
      memory.setU32(outAt, fds.add(entry));
    },
    path_filestat_get: (dir: number, _flags: number, at: number, length: number, outAt: number) => {
      const path = pathAt(dir, at, length);
      const stat = files.stat(path);
      writeStat(memory, outAt, { type: FILETYPE[stat.kind], path, stat });
    },
    path_filestat_set_times: () => ERRNO.ENOTSUP,
    path_create_directory: (dir: number, at: number, length: number) => files.makeDirectory(pathAt(dir, at, length)),
    path_remove_directory: (dir: number, at: number, length: number) => files.removeDirectory(pathAt(dir, at, length)),
    path_unlink_file: (dir: number, at: number, length: number) => files.removeFile(pathAt(dir, at, length)),
    path_rename: (dir: number, at: number, length: number, toDir: number, toAt: number, toLength: number) =>
      files.rename(pathAt(dir, at, length), pathAt(toDir, toAt, toLength)),
    path_link: () => ERRNO.EPERM,
    path_symlink: () => ERRNO.EPERM,
    path_readlink: () => ERRNO.EINVAL,
  };
}
