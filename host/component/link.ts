import { SkillError } from '../errors.ts';
import { quote } from '../quote.ts';
import { checkCeiling, malformed, unsupported } from '../wasm/bytes.ts';
import type { Alias, CanonOptions, Component, Declaration, Definition, ExternDesc, TypeDef } from './ast.ts';
import {
  type ComponentFunction,
  type CoreFunction,
  enterCore,
  liftFunction,
  lowerFunction,
  wrapHostFunction,
} from './call.ts';
import { GuestMemory } from './memory.ts';
import { destroy, InstanceState, ResourceType } from './resource.ts';
import { type Entity, type FunctionEntity, type InstanceEntity, Scope, type TypeEntity } from './scope.ts';
import { resolveSignature, resolveValueType } from './value-type.ts';

/** What core modules become. Linking makes instances of them; describing makes nothing. */
export interface CoreBackend {
  /** Instantiates core module `module` and answers its exports. */
  instantiate(module: number, imports: Readonly<Record<string, object>>): object;
  /** One export of such an instance. */
  exportOf(instance: object, name: string): unknown;
}

/** Finds what the host offers for one function of one imported interface (`''` for functions imported at the root). */
export type ResolveImport = (interfaceName: string, functionName: string) => ComponentFunction | undefined;

/**
 * Evaluates a component's definitions in order and answers its exports. No code is generated: the component is data.
 * @throws SkillError E_MODULE when definitions do not fit together, E_IMPORT when the host does not offer an import.
 */
export function evaluateComponent(
  component: Component,
  backend: CoreBackend,
  resolve: ResolveImport,
): Map<string, Entity> {
  return new Evaluation(backend, resolve).run(component.definitions, undefined, undefined);
}

class Evaluation {
  readonly #backend: CoreBackend;
  readonly #resolve: ResolveImport;
  #steps = 0;
  #nesting = 0;

  constructor(backend: CoreBackend, resolve: ResolveImport) {
    this.#backend = backend;
    this.#resolve = resolve;
  }

  /** `args` is undefined for the outermost component, whose imports the host answers. */
  run(
    definitions: readonly Definition[],
    outer: Scope | undefined,
    args: ReadonlyMap<string, Entity> | undefined,
  ): Map<string, Entity> {
    checkCeiling('instance_depth', ++this.#nesting);
    const frame: Frame = { scope: new Scope(outer), state: new InstanceState(), exports: new Map() };
    for (const definition of definitions) {
      this.#step(weightOf(definition));
      this.#define(definition, frame, args);
    }
    this.#nesting--;
    return frame.exports;
  }

  /** Components that instantiate each other twice over multiply, as do imports of large types; the steps are what they cost. */
  #step(weight: number): void {
    this.#steps += weight;
    checkCeiling('link_steps', this.#steps);
  }

  #define(definition: Definition, frame: Frame, args: ReadonlyMap<string, Entity> | undefined): void {
    const { scope, state, exports } = frame;
    switch (definition.kind) {
      case 'core-module':
        return scope.add('core-module', definition.module);
      case 'core-type':
        return scope.add('core-type', undefined);
      case 'component':
        return scope.add('component', { definitions: definition.definitions, scope });
      case 'type':
        return scope.add('type', defineType(definition.type, scope, state));
      case 'core-instantiate':
        return scope.add('core-instance', this.#instantiateCore(definition, scope));
      case 'core-instance':
        return scope.add(
          'core-instance',
          bundle(definition.exports.map(([name, of]) => [name, scope.get(of.sort, of.index)])),
        );
      case 'alias-core-export': {
        const value = this.#backend.exportOf(scope.get('core-instance', definition.instance), definition.name);
        return scope.addEntity({ sort: definition.sort, value } as Entity);
      }
      case 'alias-export':
      case 'alias-outer':
        return scope.addEntity(followAlias(definition, scope));
      case 'lift':
        return scope.add('function', lift(definition, frame));
      case 'lower':
        return scope.add('core-function', lower(definition, frame));
      case 'resource-new':
      case 'resource-drop':
      case 'resource-rep':
        return scope.add(
          'core-function',
          resourceFunction(definition.kind, scope.resource(definition.resource), state),
        );
      case 'import':
        return scope.addEntity(
          args === undefined ? this.#importFromHost(definition, scope) : argument(args, definition),
        );
      case 'instantiate': {
        const { definitions, scope: outer } = scope.get('component', definition.component);
        const given = new Map(definition.args.map(([name, of]) => [name, scope.entity(of.sort, of.index)]));
        return scope.add('instance', { exports: this.run(definitions, outer, given) });
      }
      case 'instance': {
        const entries = definition.exports.map(([name, of]) => [name, scope.entity(of.sort, of.index)] as const);
        return scope.add('instance', { exports: new Map(entries) });
      }
      case 'export': {
        const entity = scope.entity(definition.of.sort, definition.of.index);
        if (exports.has(definition.name)) malformed(`two exports named ${quote(definition.name)}`, 0);
        exports.set(definition.name, entity);
        return scope.addEntity(entity);
      }
    }
  }

  #instantiateCore(definition: Definition & { kind: 'core-instantiate' }, scope: Scope): object {
    const imports: Record<string, object> = Object.create(null) as Record<string, object>;
    for (const [name, instance] of definition.args) imports[name] = scope.get('core-instance', instance);
    return this.#backend.instantiate(scope.get('core-module', definition.module), imports);
  }

  #importFromHost({ name, desc }: { readonly name: string; readonly desc: ExternDesc }, scope: Scope): Entity {
    switch (desc.sort) {
      case 'type':
        return { sort: 'type', value: boundType(desc.bound, scope, name) };
      case 'function':
        return { sort: 'function', value: this.#hostFunction('', name, scope.get('type', desc.type)) };
      case 'instance':
        return { sort: 'instance', value: this.#hostInstance(name, scope.get('type', desc.type)) };
      default:
        return unsupported(`an imported ${desc.sort}`);
    }
  }

  #hostInstance(interfaceName: string, type: TypeEntity): InstanceEntity {
    if (type.kind !== 'instance') return malformed(`the import ${quote(interfaceName)} is no instance`, 0);
    // Only now is the type evaluated: by an outer alias it can name a type defined after it, even itself.
    checkCeiling('instance_depth', ++this.#nesting);
    const scope = new Scope(type.scope);
    const exports = new Map<string, Entity>();
    for (const declaration of type.declarations) this.#declare(declaration, { scope, exports, interfaceName });
    this.#nesting--;
    return { exports };
  }

  #declare(
    declaration: Declaration,
    into: { readonly scope: Scope; readonly exports: Map<string, Entity>; readonly interfaceName: string },
  ): void {
    const { scope, exports, interfaceName } = into;
    this.#step(weightOf(declaration));
    switch (declaration.kind) {
      case 'core-type':
        return scope.add('core-type', undefined);
      case 'type':
        return scope.add('type', defineType(declaration.type, scope, undefined));
      case 'alias-export':
      case 'alias-outer':
        return scope.addEntity(followAlias(declaration, scope));
      case 'export-declaration': {
        const { name, desc } = declaration;
        let entity: Entity;
        if (desc.sort === 'type') entity = { sort: 'type', value: boundType(desc.bound, scope, name) };
        else if (desc.sort === 'function') {
          entity = { sort: 'function', value: this.#hostFunction(interfaceName, name, scope.get('type', desc.type)) };
        } else if (desc.sort === 'instance')
          entity = { sort: 'instance', value: this.#hostInstance(name, scope.get('type', desc.type)) };
        else return unsupported(`an imported ${desc.sort}`);
        exports.set(name, entity);
        return scope.addEntity(entity);
      }
      default:
        return unsupported(`a ${declaration.kind} in an imported instance`);
    }
  }

  #hostFunction(interfaceName: string, name: string, type: TypeEntity): FunctionEntity {
    if (type.kind !== 'function') return malformed(`the import ${quote(name)} is no function`, 0);
    const host = this.#resolve(interfaceName, name);
    if (host === undefined) throw unknownImport(interfaceName === '' ? name : `${interfaceName}#${name}`);
    return { signature: type.signature, call: wrapHostFunction(host, type.signature) };
  }
}

/** How much work and memory a definition makes each time it is evaluated. */
function weightOf(definition: Definition | Declaration): number {
  switch (definition.kind) {
    case 'core-instance':
    case 'instance':
      return 1 + definition.exports.length;
    case 'core-instantiate':
    case 'instantiate':
      return 1 + definition.args.length;
    case 'type':
      return 1 + partsOf(definition.type);
    default:
      return 1;
  }
}

function partsOf(type: TypeDef): number {
  switch (type.kind) {
    case 'record':
      return type.fields.length;
    case 'variant':
      return type.cases.length;
    case 'tuple':
      return type.items.length;
    case 'function':
      return type.params.length;
    default:
      return 0;
  }
}

interface Frame {
  readonly scope: Scope;
  readonly state: InstanceState;
  readonly exports: Map<string, Entity>;
}

/** The refusal of an import that nobody here knows. */
export function unknownImport(name: string): SkillError {
  return new SkillError('E_IMPORT', `the module imports ${quote(name)}, which no host here offers`, {
    hint: 'docs/guests.md lists every interface a guest may import; rebuild the guest without this one',
    details: { import: name },
  });
}

function argument(
  args: ReadonlyMap<string, Entity>,
  { name, desc }: { readonly name: string; readonly desc: ExternDesc },
): Entity {
  const entity = args.get(name);
  if (entity === undefined) return malformed(`the argument ${quote(name)} is missing`, 0);
  if (entity.sort !== desc.sort)
    return malformed(`the argument ${quote(name)} is a ${entity.sort}, not a ${desc.sort}`, 0);
  return entity;
}

/** `state` is the instance that defines a resource; none in a type that only describes an import. */
function defineType(def: TypeDef, scope: Scope, state: InstanceState | undefined): TypeEntity {
  switch (def.kind) {
    case 'function':
      return { kind: 'function', signature: resolveSignature(def, scope) };
    case 'instance':
    case 'component':
      return { kind: def.kind, declarations: def.declarations, scope };
    case 'resource': {
      const resource = new ResourceType('resource', state);
      if (def.destructor !== undefined) resource.destructor = callable(scope.get('core-function', def.destructor));
      return { kind: 'resource', resource };
    }
    default:
      return { kind: 'value', type: resolveValueType(def, scope) };
  }
}

function boundType(bound: { readonly equals: number } | 'resource', scope: Scope, name: string): TypeEntity {
  return bound === 'resource'
    ? { kind: 'resource', resource: new ResourceType(name) }
    : scope.get('type', bound.equals);
}

function followAlias(alias: Alias, scope: Scope): Entity {
  if (alias.kind === 'alias-outer') return scope.outer(alias.count).entity(alias.sort, alias.index);
  if (alias.kind !== 'alias-export') return unsupported('a core alias here');
  const entity = scope.get('instance', alias.instance).exports.get(alias.name);
  if (entity === undefined || entity.sort !== alias.sort)
    return malformed(`no ${alias.sort} ${quote(alias.name)} in an instance`, 0);
  return entity;
}

function lift(definition: Definition & { kind: 'lift' }, { scope, state }: Frame): FunctionEntity {
  const signature = scope.signature(definition.type);
  const core = scope.get('core-function', definition.coreFunction);
  const { postReturn } = definition.options;
  const options = {
    bind: memoryBinder(definition.options, { scope, state }),
    postReturn: postReturn === undefined ? undefined : callable(scope.get('core-function', postReturn)),
  };
  return { signature, call: lazily(() => liftFunction(callable(core), signature, state, options)) };
}

function lower(definition: Definition & { kind: 'lower' }, { scope, state }: Frame): CoreFunction {
  const { signature, call } = scope.get('function', definition.function);
  const bind = memoryBinder(definition.options, { scope, state });
  return lazily(() => lowerFunction(call, signature, state, bind));
}

/** Makes a function at its first call: layouts are then compiled only for what a guest really uses. */
function lazily<A extends unknown[], R>(make: () => (...args: A) => R): (...args: A) => R {
  let made: ((...args: A) => R) | undefined;
  return (...args) => (made ??= make())(...args);
}

function memoryBinder(options: CanonOptions, { scope, state }: Pick<Frame, 'scope' | 'state'>): () => GuestMemory {
  let memory: GuestMemory | undefined;
  return () => {
    if (memory !== undefined) return memory;
    const linear = options.memory === undefined ? undefined : scope.get('core-memory', options.memory);
    if (linear !== undefined && !(linear instanceof WebAssembly.Memory))
      malformed('a canonical option names what is no memory', 0);
    const realloc = options.realloc === undefined ? undefined : callable(scope.get('core-function', options.realloc));
    memory = new GuestMemory(state, linear, {
      realloc: realloc === undefined ? undefined : (...args) => Number(realloc(...args)),
      encoding: options.encoding,
    });
    return memory;
  };
}

function callable(core: CoreFunction): CoreFunction {
  return typeof core === 'function'
    ? enterCore(core)
    : malformed('a canonical definition names what is no function', 0);
}

function resourceFunction(
  kind: 'resource-new' | 'resource-drop' | 'resource-rep',
  type: ResourceType,
  state: InstanceState,
): CoreFunction {
  switch (kind) {
    case 'resource-new':
      return (rep) => state.add({ type, rep: Number(rep), own: true, scope: undefined });
    case 'resource-rep':
      return (index) => state.get(Number(index) >>> 0, type).rep as number;
    case 'resource-drop':
      return (index) => {
        const { own, rep } = state.remove(Number(index) >>> 0, type);
        if (own) destroy(type, rep);
        return undefined;
      };
  }
}

/** Core exports by name, without a prototype: a guest chooses the names. */
function bundle(entries: readonly (readonly [string, unknown])[]): object {
  const instance: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) instance[name] = value;
  return instance;
}
