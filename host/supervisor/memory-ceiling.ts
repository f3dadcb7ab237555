import { CEILINGS } from '../limits.ts';

const MIB = 2 ** 20;

/** Node itself with its threads, and what V8 keeps of a module whatever its size. */
const BASE_MB = 256;
/** A module decoded, rewritten, compiled and optimized, in its own sizes: 14 were measured. */
const MODULE_FACTOR = 24;
/** One worker: its heap, and the memory of instances that are gone until they are collected. */
const WORKER_MB = 160;
/** What V8 reserves from Node 24 on, and the operating system counts as data whether it is used or not. */
const RESERVED_MB = 640;

/**
 * The most memory one guest process can honestly need, in MiB: each worker holds one instance, and perhaps still the one
 * before it.
 */
export function processCeilingMb(memoryMb: number, moduleBytes: number, workers: number): number {
  return BASE_MB + Math.ceil((moduleBytes / MIB) * MODULE_FACTOR) + workers * (2 * memoryMb + WORKER_MB);
}

/** The data segment of a guest process that may get any module: it is started before it is known which. In KiB. */
export function dataLimitKb(workers: number): number {
  const { memory_mb: memory, module_mb: module } = CEILINGS;
  return (processCeilingMb(memory.hard, module.hard * MIB, workers) + RESERVED_MB) * 1024;
}
