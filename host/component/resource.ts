import { keepWithin } from '../limits.ts';
import { trap } from './trap.ts';

/** The identity of a resource type. Two types are the same only if they are the same object. */
export class ResourceType {
  readonly name: string;
  /** The component instance that defines it; undefined for a resource of the host. */
  readonly definedBy: InstanceState | undefined;
  /** Called with the representation when the last owner lets go. */
  destructor: ((rep: number) => void) | undefined;

  constructor(name: string, definedBy?: InstanceState) {
    this.name = name;
    this.definedBy = definedBy;
  }
}

/** A guest's resource while the host holds it. */
export class GuestResource {
  readonly type: ResourceType;
  readonly rep: number;

  constructor(type: ResourceType, rep: number) {
    this.type = type;
    this.rep = rep;
  }
}

interface Handle {
  readonly type: ResourceType;
  /** The host's object, or the number the guest chose. */
  readonly rep: unknown;
  readonly own: boolean;
  /** How many borrows of this handle are out. */
  lent: number;
  /** For a borrow: the call it must be dropped before the end of. */
  readonly scope: BorrowScope | undefined;
}

/** Borrows given to a guest for one call, which must all be dropped when it returns. */
export interface BorrowScope {
  open: number;
}

/** What one component instance holds: its handle table, and whether it may be entered or left. */
export class InstanceState {
  mayEnter = true;
  mayLeave = true;
  readonly #handles: (Handle | undefined)[] = [undefined];
  readonly #free: number[] = [];

  add(handle: Omit<Handle, 'lent'>): number {
    const index = this.#free.pop() ?? this.#handles.length;
    keepWithin('handles', index);
    this.#handles[index] = { ...handle, lent: 0 };
    if (handle.scope !== undefined) handle.scope.open++;
    return index;
  }

  get(index: number, type: ResourceType): Handle {
    const handle = this.#handles[index];
    if (handle === undefined) return trap(`unknown handle ${index}`);
    if (handle.type !== type) return trap(`handle ${index} is not a ${type.name}`);
    return handle;
  }

  remove(index: number, type: ResourceType): Handle {
    const handle = this.get(index, type);
    if (handle.lent > 0) trap(`handle ${index} is lent`);
    this.#handles[index] = undefined;
    this.#free.push(index);
    if (handle.scope !== undefined) handle.scope.open--;
    return handle;
  }
}

/** What the host wants told when the guest drops a host resource. */
export const DISPOSE: unique symbol = Symbol('dispose');

/** Lets go of an owned representation. */
export function destroy(type: ResourceType, rep: unknown): void {
  if (type.definedBy !== undefined) {
    type.destructor?.(rep as number);
    return;
  }
  (rep as { [DISPOSE]?: () => void } | null)?.[DISPOSE]?.();
}
