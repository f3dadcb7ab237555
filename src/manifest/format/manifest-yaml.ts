import { type Capabilities, NO_CAPABILITIES, type Rule } from '../../../host/index.ts';
import { type FieldPath, formatField } from '../field-path.ts';
import type { Format, Named } from '../format.ts';
import { type DeclaredTool, type Manifest, plainManifest } from '../manifest.ts';
import { parseYaml } from '../parse-yaml.ts';
import { readSchema } from '../read-schema.ts';
import { checkToolName, reportRepeatedNames } from '../read-tools.ts';
import { Report } from '../report.ts';
import { YAML } from '../syntax.ts';
import { TableReader } from '../table-reader.ts';
import { checkInnerPath, checkLabel, checkVersion } from '../text-checks.ts';
import { isTable } from '../values.ts';
import { readAuthors, readDescription, readName } from './read-common.ts';
import { readParameterList } from './read-parameter-list.ts';
import { mergeRules, readHosts } from './read-permissions.ts';
import { readRuleList } from '../read-rules.ts';

/** `manifest.yaml` of the skill SDK: tools with handlers, which its build puts into one module. */
export const manifestYaml: Format = {
  syntax: YAML,
  parse: (source, report) => parseYaml(source, report, { scalars: 'typed' }),
  loadPlaces: (source) =>
    Promise.resolve(parseYaml(source, new Report({ syntax: YAML }), { scalars: 'typed' })?.places),
  read: readManifest,
};

function readManifest(root: TableReader, { file }: Named): Manifest {
  const { id, name } = readName(root);
  const manifest = {
    ...plainManifest({
      file,
      id,
      name,
      description: readDescription(root),
      version: root.requiredText('version', { check: checkVersion, example: '1.0.0' }),
    }),
    authors: readAuthors(root, 'author'),
    license: root.text('license', checkLabel(256)),
    capabilities: readCapabilities(root.section('permissions')),
    tools: readTools(root),
  };
  root.finish('remove it; the SDK has no such field');
  return manifest;
}

function readCapabilities(permissions: TableReader): Capabilities {
  const files = permissions.section('files');
  const environment = permissions.section('environment');
  const variables = (key: string): readonly Rule[] => readRuleList(environment, key, 'env_read');
  const capabilities = {
    ...NO_CAPABILITIES,
    network: readHosts(permissions, 'network'),
    filesystemRead: readRuleList(files, 'read', 'filesystem_read'),
    filesystemWrite: readRuleList(files, 'write', 'filesystem_write'),
    envRead: mergeRules(variables('required'), variables('optional')),
  };
  for (const table of [files, environment, permissions]) table.finish();
  return capabilities;
}

function readTools(root: TableReader): readonly DeclaredTool[] {
  const list = root.value('tools');
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    root.wrongType('tools', 'a list', 'write each tool as - name: … with its fields below it');
    return [];
  }
  const tools = (list as unknown[]).flatMap((item, i) => readTool(item, [...root.at('tools'), i], root));
  reportRepeatedNames(tools, root);
  return tools;
}

function readTool(item: unknown, path: FieldPath, root: TableReader): DeclaredTool[] {
  if (!isTable(item)) {
    const message = `${formatField(path)} must be a table`;
    root.report.error({ code: 'M_TYPE', path, message, fix: 'write - name: … with its fields below it' });
    return [];
  }
  const tool = new TableReader(item, path, root.report);
  // Where its source lies; the build of the SDK reads it.
  tool.text('handler', checkInnerPath);
  const declared = {
    name: tool.requiredText('name', { check: checkToolName(YAML), example: 'my_tool' }),
    description: tool.requiredText('description', { check: checkLabel(1_024), example: 'What it does' }),
    ...readParameterList(tool),
    returns: tool.has('returns')
      ? readSchema(tool.value('returns'), { path: tool.at('returns'), report: tool.report, depth: 1 })
      : undefined,
    cacheable: false,
    resilience: undefined,
    settings: { type: 'wasm' as const, export: undefined, args: undefined },
  };
  tool.finish();
  return [declared];
}
