import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import type { CheckedCommand, Gate } from '../capability/gate.ts';
import { pathOf } from '../capability/walk.ts';
import type { Bubblewrap } from './bubblewrap.ts';
import { explainBubblewrap } from './explain-bubblewrap.ts';
import { interpreterOf } from './interpreter.ts';
import { FIRST_MOUNT, type Launch, OPTIONS_FD, STATUS_FD, type Surroundings } from './launch.ts';
import { isWithin, type MountPlan, planMounts } from './mounts.ts';
import { type SystemRoot, systemRoot } from './system-root.ts';

/** Of memory: what a program may keep in `/tmp`, and in `/dev/shm`. */
const MEMORY_FILES = ['--size', String(64 * 1024 * 1024)];
/** Beside the devices, and read-only like them: where a program of several names is started by the one that was meant. */
const NAMES = '/dev/skillhost';

/**
 * The same program inside a sandbox: it sees the system's programs and libraries, itself, a folder of its own, and what all
 * layers grant; of other processes nothing; and the network where every layer grants `programs:*`.
 * @param gate says what is granted, at this moment
 */
export function closeIn(
  bubblewrap: Bubblewrap,
  command: CheckedCommand,
  { gate, surroundings }: { readonly gate: Gate; readonly surroundings: Surroundings },
): Launch & { readonly close: () => void } {
  const hasNetwork = gate.sharesNetwork();
  const root = systemRoot(hasNetwork);
  const start = startOf(command);
  const files = openFiles(root);
  const { readable, writable } = gate.grantedPlaces();
  const plan = planMounts({ readable, writable }, root.paths);
  const visible = [...root.paths, ...plan.mounts.map(({ path }) => path)];
  const { temporary, folder, env, own, before = [] } = surroundings;
  const options = [
    '--json-status-fd',
    String(STATUS_FD),
    ...bubblewrap.namespaces,
    ...(hasNetwork ? [] : ['--unshare-net']),
    ...(holdsRoot(plan) ? [] : [...root.options, ...MEMORY_FILES, '--tmpfs', '/tmp']),
    ...(holdsRoot(plan) ? [] : files).flatMap(({ path }, i) => copyOptions(FIRST_MOUNT + plan.mounts.length + i, path)),
    ...mountOptions(plan, bubblewrap),
    ...programOptions(command, visible),
    ...(own === undefined || visible.some((place) => isWithin(own, place)) ? [] : ['--ro-bind', own, own]),
    ...deviceOptions(start.options),
    '--bind',
    temporary,
    temporary,
    // Not that of this machine, if all of it is granted.
    ...(holdsRoot(plan) ? ['--tmpfs', '/sys', '--remount-ro', '/sys'] : ['--remount-ro', '/']),
    '--chdir',
    folder,
    '--clearenv',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
  const held = [...readable, ...writable, ...files].map(({ fd }) => fd);
  return {
    file: bubblewrap.file,
    argv0: 'bwrap',
    args: ['--args', String(OPTIONS_FD), '--', start.file, ...before, ...command.args],
    cwd: '/',
    // What is set for the program is not for the sandbox, which runs outside of itself.
    env: {},
    sandbox: { options, descriptors: [...plan.mounts, ...files].map(({ fd }) => fd), explain: explainBubblewrap },
    close: () => held.forEach((fd) => closeSync(fd)),
  };
}

const holdsRoot = ({ mounts }: MountPlan): boolean => mounts[0]?.path === '/';

function openFiles({ files }: SystemRoot): { readonly path: string; readonly fd: number }[] {
  return files.flatMap(({ path, real }) => {
    try {
      return [{ path, fd: openSync(real, 'r') }];
    } catch {
      // Programs do without.
      return [];
    }
  });
}

const copyOptions = (fd: number, path: string): string[] => ['--perms', '0444', '--file', String(fd), path];

function mountOptions({ mounts, links }: MountPlan, { mountsDescriptors }: Bubblewrap): string[] {
  const mounted = mounts.flatMap(({ path, isWritable }, i) => {
    const option = isWritable ? '--bind' : '--ro-bind';
    const fd = FIRST_MOUNT + i;
    return mountsDescriptors ? [`${option}-fd`, String(fd), path] : [option, pathOf(fd), path];
  });
  return [...mounted, ...links.flatMap(([name, target]) => ['--symlink', target, name])];
}

/** The program's own file, and its interpreter, where nothing else makes them visible. */
function programOptions({ file }: CheckedCommand, visible: readonly string[]): string[] {
  const isVisible = (path: string): boolean => visible.some((root) => isWithin(path, root));
  const options: string[] = [];
  if (!isVisible(file)) options.push('--ro-bind', file, file);
  const interpreter = interpreterOf(file);
  if (interpreter !== undefined && !isVisible(interpreter.real))
    options.push('--ro-bind', interpreter.real, interpreter.real);
  if (interpreter !== undefined && interpreter.name !== interpreter.real && !isVisible(interpreter.name))
    options.push('--symlink', interpreter.real, interpreter.name);
  return options;
}

/** Directories of the kernel, made anew: they would be doors to this machine. */
function deviceOptions(more: readonly string[]): string[] {
  const devices = ['--proc', '/proc', '--dev', '/dev', ...more, '--remount-ro', '/dev'];
  return [...devices, ...MEMORY_FILES, '--tmpfs', '/dev/shm'];
}

/** Programs that answer to several names learn from the name of their file which was meant. */
function startOf({ file, name }: CheckedCommand): { readonly file: string; readonly options: readonly string[] } {
  if (basename(file) === name) return { file, options: [] };
  const link = `${NAMES}/${name}`;
  return { file: link, options: ['--symlink', file, link] };
}
