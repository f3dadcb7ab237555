import { checkCeiling, malformed } from '../wasm/bytes.ts';
import type { Primitive, TypeDef, TypeRef } from './ast.ts';
import type { ResourceType } from './resource.ts';

/**
 * A component value type with every index resolved. `depth` counts how deep types are nested inside, `nodes` how many there
 * are when it is written out: types share their parts, so a few bytes of binary can mean billions.
 */
export type ValueType = { readonly depth: number; readonly nodes: number } & (
  | { readonly kind: 'primitive'; readonly primitive: Primitive }
  | { readonly kind: 'list'; readonly element: ValueType }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, type: ValueType])[] }
  | { readonly kind: 'tuple'; readonly items: readonly ValueType[] }
  | { readonly kind: 'variant'; readonly cases: readonly (readonly [name: string, type: ValueType | undefined])[] }
  | { readonly kind: 'enum' | 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'option'; readonly some: ValueType }
  | { readonly kind: 'result'; readonly ok: ValueType | undefined; readonly err: ValueType | undefined }
  | { readonly kind: 'own' | 'borrow'; readonly resource: ResourceType }
);

export interface FunctionSignature {
  readonly params: readonly (readonly [name: string, type: ValueType])[];
  readonly result: ValueType | undefined;
}

const PRIMITIVE_TYPES = new Map<Primitive, ValueType>();

function primitiveType(primitive: Primitive): ValueType {
  let type = PRIMITIVE_TYPES.get(primitive);
  if (type === undefined) {
    type = { kind: 'primitive', primitive, depth: 0, nodes: 1 };
    PRIMITIVE_TYPES.set(primitive, type);
  }
  return type;
}

/** How a scope answers for the type indices a definition mentions. */
export interface TypeLookup {
  value(index: number): ValueType;
  resource(index: number): ResourceType;
}

/** Resolves the definition of a value type. @throws SkillError E_MODULE when it mentions what is no value type. */
export function resolveValueType(def: TypeDef, lookup: TypeLookup): ValueType {
  let depth = 0;
  let nodes = 1;
  const at = (ref: TypeRef): ValueType => {
    const type = typeof ref === 'string' ? primitiveType(ref) : lookup.value(ref);
    depth = Math.max(depth, type.depth + 1);
    checkCeiling('type_depth', depth);
    nodes += type.nodes;
    checkCeiling('type_parts', nodes);
    return type;
  };
  const maybe = (ref: TypeRef | undefined): ValueType | undefined => (ref === undefined ? undefined : at(ref));
  switch (def.kind) {
    case 'primitive':
      return primitiveType(def.primitive);
    case 'list': {
      const element = at(def.element);
      return { kind: 'list', element, depth, nodes };
    }
    case 'record': {
      const fields = def.fields.map(([name, ref]) => [name, at(ref)] as const);
      return { kind: 'record', fields, depth, nodes };
    }
    case 'tuple': {
      const items = def.items.map(at);
      return { kind: 'tuple', items, depth, nodes };
    }
    case 'variant': {
      const cases = def.cases.map(([name, ref]) => [name, maybe(ref)] as const);
      return { kind: 'variant', cases, depth, nodes };
    }
    case 'enum':
    case 'flags':
      return { kind: def.kind, names: def.names, depth, nodes };
    case 'option': {
      const some = at(def.some);
      return { kind: 'option', some, depth, nodes };
    }
    case 'result': {
      const ok = maybe(def.ok);
      const err = maybe(def.err);
      return { kind: 'result', ok, err, depth, nodes };
    }
    case 'own':
    case 'borrow':
      return { kind: def.kind, resource: lookup.resource(def.resource), depth, nodes };
    default:
      return malformed(`a value of a type that is a ${def.kind}`, 0);
  }
}

/** Resolves a function type. */
export function resolveSignature(def: TypeDef, lookup: TypeLookup): FunctionSignature {
  if (def.kind !== 'function') return malformed(`a function of a type that is a ${def.kind}`, 0);
  const at = (ref: TypeRef): ValueType => (typeof ref === 'string' ? primitiveType(ref) : lookup.value(ref));
  return {
    params: def.params.map(([name, ref]) => [name, at(ref)] as const),
    result: def.result === undefined ? undefined : at(def.result),
  };
}
