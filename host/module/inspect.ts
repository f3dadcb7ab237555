import { componentImports } from '../abi/interfaces.ts';
import { createExtism, EXTISM_MODULE } from '../abi/extism.ts';
import { type GuestContext, OutputSink } from '../abi/context.ts';
import { createWasi1, WASI1_MODULES } from '../abi/wasi1.ts';
import { describeComponent, type ExportedFunction } from '../component/describe.ts';
import { type JsonSchema, NotJson, parametersOf, returnsOf } from '../component/json-schema.ts';
import { unknownImport } from '../component/link.ts';
import { splitVersion } from '../component/names.ts';
import { parseComponent } from '../component/parse-component.ts';
import { SkillError } from '../errors.ts';
import {
  type CoreExport,
  type CoreImport,
  type CoreModule,
  type CoreType,
  isComponent,
  isCoreModule,
  readCoreModule,
} from '../wasm/module.ts';
import type { Entry, GuestKind, GuestTool, ModuleDescription } from './tool.ts';

// Asked only which functions it offers; none is ever called.
const NO_CONTEXT: GuestContext = {
  hostCall: () => null,
  args: [],
  roots: [],
  messageBytes: 0,
  stdin: new Uint8Array(),
  stdout: new OutputSink(0, ''),
  stderr: new OutputSink(0, ''),
  clock: { wall: () => 0, monotonic: () => 0n, sleepUntil: () => undefined },
  random: () => undefined,
};

/**
 * Says what a module is and what it can do, from its bytes alone.
 * @throws SkillError E_MODULE when it is malformed, of an unknown kind, or uses what is not supported; E_IMPORT when it
 *   imports what no host here offers; E_MODULE_LIMIT when it is over a static limit.
 */
export function inspectModule(bytes: Uint8Array, declared?: GuestKind): ModuleDescription {
  let description: ModuleDescription;
  if (isComponent(bytes)) description = inspectComponent(bytes);
  else if (isCoreModule(bytes)) description = inspectCore(readCoreModule(bytes));
  else {
    throw new SkillError('E_MODULE', `not a WebAssembly module: it begins with ${firstBytes(bytes)}`, {
      hint: 'the file must be a component or a core module in binary form; text (.wat) has to be compiled first',
    });
  }
  if (declared !== undefined && declared !== description.kind) {
    throw new SkillError(
      'E_MODULE',
      `the manifest says kind = "${declared}", but the module is of kind "${description.kind}"`,
      {
        hint: `write kind = "${description.kind}", or leave kind out: it is detected`,
      },
    );
  }
  return description;
}

function firstBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing (the file is empty)';
  return Buffer.from(bytes.subarray(0, 8))
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');
}

function inspectComponent(bytes: Uint8Array): ModuleDescription {
  const component = parseComponent(bytes);
  const { imports, exports } = describeComponent(component);
  const { resolve } = componentImports(NO_CONTEXT);
  for (const { interfaceName, name } of imports) {
    if (resolve(interfaceName, name) === undefined)
      throw unknownImport(interfaceName === '' ? name : `${interfaceName}#${name}`);
  }
  for (const [start, end] of component.modules) readCoreModule(bytes.subarray(start, end));
  const names = toolNames(exports);
  const tools: GuestTool[] = [];
  const notTools: { name: string; reason: string }[] = [];
  for (const [i, exported] of exports.entries()) {
    const name = names[i] ?? exported.name;
    try {
      tools.push(componentTool(exported, name));
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      notTools.push({ name, reason: `its signature has ${error.message}, which no caller outside can hold` });
    }
  }
  const interfaces = new Set(imports.map(({ interfaceName, name }) => interfaceName || name));
  return { kind: 'component', tools, notTools, imports: [...interfaces].toSorted() };
}

const HTTP_REQUEST: JsonSchema = {
  type: 'object',
  properties: {
    method: { type: 'string', description: 'GET when absent' },
    path: { type: 'string', description: 'path and query, / when absent' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    body: { type: 'string' },
  },
  required: [],
  additionalProperties: false,
};
const HTTP_RESPONSE: JsonSchema = {
  type: 'object',
  properties: {
    status: { type: 'integer' },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    body: { type: 'string' },
  },
  required: ['status', 'headers', 'body'],
  additionalProperties: false,
};

function componentTool({ interfaceName = '', name, signature }: ExportedFunction, shownName: string): GuestTool {
  const interfaceBase = splitVersion(interfaceName).name;
  if (interfaceBase === 'wasi:cli/run') {
    return {
      name: 'run',
      input: 'command',
      parameters: undefined,
      returns: undefined,
      entry: { abi: 'component-command', interfaceName, name },
    };
  }
  if (interfaceBase === 'wasi:http/incoming-handler') {
    return {
      name: 'handle',
      input: 'json',
      parameters: HTTP_REQUEST,
      returns: HTTP_RESPONSE,
      entry: { abi: 'http-handler', interfaceName, name },
    };
  }
  return {
    name: shownName,
    input: 'json',
    parameters: parametersOf(signature),
    returns: returnsOf(signature),
    entry: { abi: 'component', interfaceName, name },
  };
}

/** The functions' own names; with the interface in front where two share one, with its package where that is not enough. */
function toolNames(exports: readonly ExportedFunction[]): string[] {
  const own = repeatedNames(exports.map(({ name }) => name));
  const base = ({ interfaceName = '' }: ExportedFunction): string => splitVersion(interfaceName).name;
  const short = exports.map((exported) =>
    own.has(exported.name) && exported.interfaceName !== undefined
      ? `${base(exported).split('/').at(-1)}-${exported.name}`
      : exported.name,
  );
  const shared = repeatedNames(short);
  return exports.map((exported, i) => {
    const name = short[i] ?? exported.name;
    return shared.has(name) && exported.interfaceName !== undefined ? `${base(exported)}#${exported.name}` : name;
  });
}

function repeatedNames(names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}

const RUNTIME_EXPORTS = new Set([
  '_start',
  '_initialize',
  '__wasm_call_ctors',
  '__wasm_call_dtors',
  'hs_init',
  'cabi_realloc',
  '__guest_type',
]);
// Core export names are any string at all; a tool's name has to be typed, shown, and used as a key.
const TOOL_NAME = /^(?!__)[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const NUMBERS: Readonly<Partial<Record<CoreType, JsonSchema>>> = {
  i32: { type: 'integer', minimum: -0x8000_0000, maximum: 0x7fff_ffff },
  i64: { type: ['integer', 'string'] },
  f32: { type: ['number', 'string'] },
  f64: { type: ['number', 'string'] },
};

function inspectCore(module: CoreModule): ModuleDescription {
  for (const entry of module.imports) if (!isOffered(entry)) throw unknownImport(`${entry.module}#${entry.name}`);
  const imports = [...new Set(module.imports.map((entry) => entry.module))].toSorted();
  const functions = module.exports.filter((e) => e.kind === 'function');
  if (imports.includes(EXTISM_MODULE))
    return { kind: 'extism', tools: functions.filter(isExtismExport).map(extismTool), notTools: [], imports };
  if (functions.some((e) => e.name === '_start')) {
    const entry: Entry = { abi: 'wasi-command', interfaceName: '', name: '_start' };
    return {
      kind: 'wasi',
      tools: [{ name: 'run', input: 'command', parameters: undefined, returns: undefined, entry }],
      notTools: [],
      imports,
    };
  }
  const tools: GuestTool[] = [];
  const notTools: { name: string; reason: string }[] = [];
  for (const candidate of functions.filter((e) => !RUNTIME_EXPORTS.has(e.name))) {
    const { name } = candidate;
    const tool = TOOL_NAME.test(name) ? coreTool(candidate) : undefined;
    if (tool !== undefined) tools.push(tool);
    else if (TOOL_NAME.test(name))
      notTools.push({ name, reason: 'its signature has more than numbers, or more than one result' });
    else notTools.push({ name, reason: 'its name is no name a caller could write' });
  }
  return { kind: 'wasi', tools, notTools, imports };
}

const WASI1_FUNCTIONS = createWasi1(NO_CONTEXT).functions;
const EXTISM_FUNCTIONS = createExtism(NO_CONTEXT, () => ({
  input: new Uint8Array(),
  config: {},
  maxBytes: 0,
})).functions;

function isOffered({ module, name, kind }: CoreImport): boolean {
  if (kind !== 'function') return false;
  if (WASI1_MODULES.includes(module)) return Object.hasOwn(WASI1_FUNCTIONS, name);
  return module === EXTISM_MODULE && Object.hasOwn(EXTISM_FUNCTIONS, name);
}

// A plug-in answers an error number, or nothing.
const EXTISM_RESULTS = new Set(['', 'i32']);

function isExtismExport({ name, type }: CoreExport): boolean {
  return (
    !RUNTIME_EXPORTS.has(name) &&
    TOOL_NAME.test(name) &&
    type?.params.length === 0 &&
    EXTISM_RESULTS.has(type.results.join())
  );
}

function extismTool({ name }: CoreExport): GuestTool {
  return {
    name,
    input: 'raw',
    parameters: undefined,
    returns: undefined,
    entry: { abi: 'extism', interfaceName: '', name },
  };
}

function coreTool({ name, type }: CoreExport): GuestTool | undefined {
  if (type === undefined || type.results.length > 1) return undefined;
  const params = type.params.map((param) => NUMBERS[param]);
  const [result] = type.results;
  const returns = result === undefined ? { type: 'null' } : NUMBERS[result];
  if (returns === undefined || params.includes(undefined)) return undefined;
  const names = params.map((_, i) => `p${i}`);
  const parameters = {
    type: 'object',
    properties: Object.fromEntries(names.map((param, i) => [param, params[i]])),
    required: names,
    additionalProperties: false,
  };
  return { name, input: 'json', parameters, returns, entry: { abi: 'core', interfaceName: '', name } };
}
