import type { ComponentFunction } from '../component/call.ts';

/** Host functions by component-level name, of one interface. */
export type HostInterface = Readonly<Record<string, ComponentFunction>>;

/** Host functions by interface name, without version. */
export type HostInterfaces = ReadonlyMap<string, HostInterface>;

/**
 * Gives one interface its functions. The linker lifts arguments by the guest's own declared types, so each function
 * states the types its WIT says, and checks what it depends on.
 */
export function defineInterface(functions: Readonly<Record<string, (...args: never[]) => unknown>>): HostInterface {
  return functions as HostInterface;
}
