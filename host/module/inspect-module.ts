import type { GuestKind, ModuleDescription } from './tool.ts';

/**
 * Says what a module is and what it can do, from its bytes alone. The code for that is loaded for the first module: most
 * skills have none.
 * @throws SkillError E_MODULE when it is malformed, of an unknown kind, or uses what is not supported; E_IMPORT when it
 *   imports what no host here offers; E_MODULE_LIMIT when it is over a static limit.
 */
export async function inspectModule(bytes: Uint8Array, declared?: GuestKind): Promise<ModuleDescription> {
  return (await import('./inspect.ts')).inspectModule(bytes, declared);
}
