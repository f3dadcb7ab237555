import { expected, type Layout } from './layout-base.ts';
import type { GuestMemory } from './memory.ts';
import { GuestResource, type ResourceType } from './resource.ts';
import { trap } from './trap.ts';

/** An owned or borrowed handle. A host resource is the host's own object, a guest's is a `GuestResource`. */
export function handleLayout(type: ResourceType, own: boolean): Layout {
  const lift = ({ instance, lends }: GuestMemory, index: number): unknown => {
    const handle = instance.get(index, type);
    if (own) {
      if (!handle.own) trap(`handle ${index} is borrowed, not owned`);
      instance.remove(index, type);
    } else {
      handle.lent++;
      lends.push(handle);
    }
    return type.definedBy === undefined ? handle.rep : new GuestResource(type, handle.rep as number);
  };
  const lower = (memory: GuestMemory, value: unknown): number => {
    const rep = representation(type, value);
    if (own) return memory.instance.add({ type, rep, own, scope: undefined });
    // The instance that defines a resource sees a borrow of it as the bare representation.
    if (memory.instance === type.definedBy) return rep as number;
    return memory.instance.add({ type, rep, own, scope: memory.borrows });
  };
  return {
    size: 4,
    align: 4,
    flat: ['i32'],
    load: (memory, at) => lift(memory, memory.view.getUint32(at, true)),
    store: (memory, value, at) => memory.view.setUint32(at, lower(memory, value), true),
    lift: (memory, values) => lift(memory, Number(values.next()) >>> 0),
    lower: (memory, value, out) => {
      out.push(lower(memory, value));
    },
  };
}

function representation(type: ResourceType, value: unknown): unknown {
  if (type.definedBy === undefined)
    return typeof value === 'object' && value !== null ? value : expected(`a ${type.name}`, value);
  return value instanceof GuestResource && value.type === type ? value.rep : expected(`a ${type.name}`, value);
}
