import { listLayout, recordLayout, tupleLayout } from './layout-aggregate.ts';
import type { Layout } from './layout-base.ts';
import { handleLayout } from './layout-handle.ts';
import { primitiveLayout } from './layout-primitive.ts';
import { enumLayout, flagsLayout, optionLayout, resultLayout, variantLayout } from './layout-variant.ts';
import type { ValueType } from './value-type.ts';

const layouts = new WeakMap<ValueType, Layout>();

/** The layout of a type, made once. */
export function layoutOf(type: ValueType): Layout {
  const known = layouts.get(type);
  if (known !== undefined) return known;
  const layout = makeLayout(type);
  layouts.set(type, layout);
  return layout;
}

function makeLayout(type: ValueType): Layout {
  const maybe = (inner: ValueType | undefined): Layout | undefined =>
    inner === undefined ? undefined : layoutOf(inner);
  switch (type.kind) {
    case 'primitive':
      return primitiveLayout(type.primitive);
    case 'list':
      return listLayout(layoutOf(type.element), type.element.kind === 'primitive' && type.element.primitive === 'u8');
    case 'record':
      return recordLayout(type.fields.map(([name, field]) => [name, layoutOf(field)] as const));
    case 'tuple':
      return tupleLayout(type.items.map(layoutOf));
    case 'variant':
      return variantLayout(type.cases.map(([name, payload]) => [name, maybe(payload)] as const));
    case 'enum':
      return enumLayout(type.names);
    case 'flags':
      return flagsLayout(type.names);
    case 'option':
      return optionLayout(layoutOf(type.some), type.some.kind === 'option');
    case 'result':
      return resultLayout(maybe(type.ok), maybe(type.err));
    case 'own':
    case 'borrow':
      return handleLayout(type.resource, type.kind === 'own');
  }
}
