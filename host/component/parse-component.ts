import { ByteReader, checkCeiling, malformed, unsupported } from '../wasm/bytes.ts';
import { isComponent } from '../wasm/module.ts';
import type { CanonOptions, Component, Definition } from './ast.ts';
import {
  readAlias,
  readCoreSortIndex,
  readExternDesc,
  readExternName,
  readSortIndex,
  readTypeDef,
  skipCoreType,
} from './parse-type.ts';

/**
 * Parses a component binary into plain data. Generates nothing, resolves nothing.
 * @throws SkillError E_MODULE when it is malformed or uses a feature that is not supported, E_MODULE_LIMIT when it is too large.
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md
 */
export function parseComponent(bytes: Uint8Array): Component {
  const modules: [number, number][] = [];
  let total = 0;

  function parse(reader: ByteReader, depth: number): Definition[] {
    checkCeiling('nesting', depth);
    if (!isComponent(reader.bytes.subarray(reader.at, reader.end))) malformed('not a component', reader.at);
    reader.skip(8);
    const definitions: Definition[] = [];
    const add = (definition: Definition): void => {
      checkCeiling('definitions', ++total);
      definitions.push(definition);
    };
    while (!reader.done) {
      const id = reader.u8();
      const section = reader.section(reader.u32());
      if (id === 0) continue;
      if (id === 1) {
        checkCeiling('core_modules', modules.length + 1);
        add({ kind: 'core-module', module: modules.length });
        modules.push([section.at, section.end]);
      } else if (id === 4) add({ kind: 'component', definitions: parse(section, depth + 1) });
      else {
        const read = SECTIONS[id] ?? malformed(`unknown section ${id}`, section.at);
        for (let left = section.count(); left > 0; left--) add(read(section));
        section.expectEnd(`section ${id}`);
      }
    }
    return definitions;
  }

  return { definitions: parse(new ByteReader(bytes), 0), modules };
}

const SECTIONS: Readonly<Record<number, (reader: ByteReader) => Definition>> = {
  2: readCoreInstance,
  3: (reader) => {
    skipCoreType(reader);
    return { kind: 'core-type' };
  },
  5: readInstance,
  6: readAlias,
  7: (reader) => ({ kind: 'type', type: readTypeDef(reader) }),
  8: readCanon,
  9: () => unsupported('component start functions'),
  10: (reader) => ({ kind: 'import', name: readExternName(reader), desc: readExternDesc(reader) }),
  11: (reader) => ({
    kind: 'export',
    name: readExternName(reader),
    of: readSortIndex(reader),
    desc: reader.optional(readExternDesc),
  }),
  12: () => unsupported('component values'),
};

function readCoreInstance(reader: ByteReader): Definition {
  const form = reader.u8();
  if (form === 0) {
    const module = reader.u32();
    const args = reader.list((r) => {
      const name = r.name();
      if (r.u8() !== 0x12) malformed('a core argument that is no instance', r.at - 1);
      return [name, r.u32()] as const;
    });
    return { kind: 'core-instantiate', module, args };
  }
  if (form !== 1) malformed('an unknown core instance', reader.at - 1);
  return { kind: 'core-instance', exports: reader.list((r) => [r.name(), readCoreSortIndex(r)] as const) };
}

function readInstance(reader: ByteReader): Definition {
  const form = reader.u8();
  if (form === 0) {
    const component = reader.u32();
    return { kind: 'instantiate', component, args: reader.list((r) => [r.name(), readSortIndex(r)] as const) };
  }
  if (form !== 1) malformed('an unknown instance', reader.at - 1);
  return { kind: 'instance', exports: reader.list((r) => [readExternName(r), readSortIndex(r)] as const) };
}

function readCanon(reader: ByteReader): Definition {
  const code = reader.u8();
  switch (code) {
    case 0x00:
      if (reader.u8() !== 0) malformed('an unknown lift', reader.at - 1);
      return { kind: 'lift', coreFunction: reader.u32(), options: readCanonOptions(reader), type: reader.u32() };
    case 0x01:
      if (reader.u8() !== 0) malformed('an unknown lower', reader.at - 1);
      return { kind: 'lower', function: reader.u32(), options: readCanonOptions(reader) };
    case 0x02:
      return { kind: 'resource-new', resource: reader.u32() };
    case 0x03:
      return { kind: 'resource-drop', resource: reader.u32() };
    case 0x04:
      return { kind: 'resource-rep', resource: reader.u32() };
    default:
      return unsupported(`the canonical built-in 0x${code.toString(16)} (async, streams, futures or threads)`);
  }
}

function readCanonOptions(reader: ByteReader): CanonOptions {
  let encoding: CanonOptions['encoding'] = 'utf8';
  let memory: number | undefined;
  let realloc: number | undefined;
  let postReturn: number | undefined;
  for (let left = reader.count(); left > 0; left--) {
    const code = reader.u8();
    if (code === 0) encoding = 'utf8';
    else if (code === 1) encoding = 'utf16';
    else if (code === 2) encoding = 'latin1+utf16';
    else if (code === 3) memory = reader.u32();
    else if (code === 4) realloc = reader.u32();
    else if (code === 5) postReturn = reader.u32();
    else if (code === 6 || code === 7) unsupported('async component functions');
    else malformed('an unknown canonical option', reader.at - 1);
  }
  return { encoding, memory, realloc, postReturn };
}
