import { addressOf, call } from './kernel.ts';

// cspell:ignore setattr cloexec fdcwd

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_RECURSIVE = 0x8000;
const OPEN_TREE_CLONE = 1;
const OPEN_TREE_CLOEXEC = 0o2000000;
const FROM_AND_TO_DESCRIPTORS = 0x44;

const READ_ONLY = 1;
const NO_SET_UID = 2;
const NO_DEVICES = 4;
const NO_EXECUTION = 8;

/** A copy of what is mounted at and below an object, attached nowhere yet. */
export function copyTree(fd: number): number {
  const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE;
  return call('open_tree', fd, addressOf(''), flags);
}

export function attach(tree: number, at: number): void {
  call('move_mount', tree, addressOf(''), at, addressOf(''), FROM_AND_TO_DESCRIPTORS);
}

/** Everything below a path can be changed no more, neither its content nor its modes, owners and times. */
export function makeAllReadOnly(path: string): void {
  setAttributes(AT_FDCWD, path, AT_RECURSIVE, READ_ONLY | NO_SET_UID | NO_DEVICES);
}

export function makeReadOnly(path: string): void {
  setAttributes(AT_FDCWD, path, 0, READ_ONLY);
}

export function makeTreeReadOnly(tree: number): void {
  setAttributes(tree, '', AT_EMPTY_PATH | AT_RECURSIVE, READ_ONLY | NO_SET_UID | NO_DEVICES);
}

/** Of a copy: files in it are no devices, and make nobody another user. */
export function disarm(tree: number): void {
  setAttributes(tree, '', AT_EMPTY_PATH | AT_RECURSIVE, NO_SET_UID | NO_DEVICES);
}

/** Mounts a file system of the kernel, which holds no program. */
export function mountNew(type: 'tmpfs' | 'proc', at: string, data = ''): void {
  const flags = NO_SET_UID | NO_DEVICES | NO_EXECUTION;
  call('mount', addressOf(type), addressOf(at), addressOf(type), flags, addressOf(data));
}

function setAttributes(fd: number, path: string, flags: number, set: number): void {
  const attributes = Buffer.alloc(32);
  attributes.writeBigUInt64LE(BigInt(set), 0);
  call('mount_setattr', fd, addressOf(path), flags, addressOf(attributes), attributes.length);
}
