import { type Capabilities, NO_CAPABILITIES, NO_COMMANDS, type Rule } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import type { Format, Named } from '../format.ts';
import { type DeclaredTool, type Manifest, plainManifest } from '../manifest.ts';
import { parseJson } from '../parse-json.ts';
import { readProvides } from '../read-content.ts';
import { readDependencies } from '../read-dependencies.ts';
import { keepKnown, readResilience } from '../read-kept.ts';
import { readRuleList } from '../read-rules.ts';
import { Report } from '../report.ts';
import { JSON_TEXT } from '../syntax.ts';
import type { TableReader } from '../table-reader.ts';
import { checkLabel, checkLink, checkPackageName, checkVersion } from '../text-checks.ts';
import { emptyTable, type Table } from '../values.ts';
import { readAuthors, readDescription, readName } from './read-common.ts';
import { mergeRules, readHosts } from './read-permissions.ts';
import { readBudget } from './read-budget.ts';
import { readTypedTool } from './read-typed-tool.ts';

/** `skill.json`, version 2: one skill is one tool of one type (source: skills system design v2.0). */
export const skillJson: Format = {
  syntax: JSON_TEXT,
  parse: parseJson,
  loadPlaces: (source) => Promise.resolve(parseJson(source, new Report({ syntax: JSON_TEXT }))?.places),
  read: readManifest,
};

function readManifest(root: TableReader, { file }: Named): Manifest {
  const { id, name } = readName(root);
  const description = readDescription(root);
  const version = root.requiredText('version', { check: checkVersion, example: '1.0.0' });
  const metadata = root.section('metadata');
  const security = root.section('security');
  const performance = readPerformance(root.section('performance'));
  const tool = readTypedTool(root, { name, description });
  const manifest = {
    ...plainManifest({ file, id, name, description, version }),
    authors: readAuthors(root, 'author'),
    license: root.text('license', checkLabel(256)),
    documentation: root.text('homepage', checkLink),
    repository: root.text('repository', checkLink),
    aliases: root.texts('aliases', checkPackageName) ?? [],
    scope: root.oneOf('scope', ['user', 'workspace']) ?? ('user' as const),
    keywords: metadata.texts('tags', checkLabel(64)) ?? [],
    category: metadata.text('category', checkLabel(64)),
    maturity: metadata.text('maturity', checkLabel(64)),
    provides: readProvides(root),
    tools: tool === undefined ? [] : [tool],
    limits: { ...readBudget(root, security), ...performance.limits },
    capabilities: readCapabilities(root, security, tool),
    resilience: { ...readRetries(root), ...performance.bulkhead },
    cache: performance.cache,
    observability: keepKnown(root, 'observability', OBSERVABILITY),
    development: keepKnown(root, 'development', DEVELOPMENT),
    dependencies: readDependencies(root, 'dependencies', id),
  };
  for (const table of [metadata, security]) table.finish();
  root.finish('remove it; version 2 has no such field');
  return manifest;
}

const OBSERVABILITY = {
  metrics: ['execution_time', 'success_rate', 'resource_usage', 'error_rate'],
  logging: ['level', 'structured', 'correlation_id'],
  tracing: ['enabled', 'sample_rate'],
};

const DEVELOPMENT = {
  session_isolation: true,
  hot_reload: true,
  debug_mode: true,
  test_framework: ['unit_tests', 'integration_tests', 'mock_services'],
} as const;

/** `performance`: what is kept between calls, and how many run at once. */
function readPerformance(performance: TableReader): {
  readonly cache: Table;
  readonly bulkhead: Table;
  readonly limits: Manifest['limits'];
} {
  const caching = keepKnown(performance, 'caching', {
    result_cache_ttl: true,
    metadata_cache_ttl: true,
    max_cache_size_mb: true,
  });
  const execution = performance.section('execution');
  const isParallel = execution.flag('parallel_execution') ?? true;
  const bulkhead = emptyTable();
  for (const name of ['max_concurrent_skills', 'execution_queue_size']) {
    const count = execution.whole(name, { min: 1, max: 10_000 });
    if (count !== undefined) bulkhead[name] = count;
  }
  execution.finish();
  performance.finish();
  return { cache: caching, bulkhead, limits: isParallel ? {} : { max_concurrent: 1 } };
}

/** `resilience`, with the short form of retries written as the long one. */
function readRetries(root: TableReader): Table {
  const { retry_attempts: attempts, timeout: _timeout, ...kept } = readResilience(root, ['retry_attempts', 'timeout']);
  return attempts === undefined ? kept : { ...kept, max_attempts: attempts };
}

/** What `security` and `sandbox` ask for, and the program that the tool is. */
function readCapabilities(root: TableReader, security: TableReader, tool: DeclaredTool | undefined): Capabilities {
  reportSandbox(security);
  const blocks = [security.section('permissions'), security.section('default_permissions')];
  const permissions = blocks.map((block) => ({
    read: readRuleList(block, 'file_read', 'filesystem_read'),
    write: readRuleList(block, 'file_write', 'filesystem_write'),
    hosts: readHosts(block, 'network_access'),
  }));
  for (const block of blocks) {
    if (block.flag('process_spawn') === true) reportUnscoped(block, 'process_spawn', 'names no program');
    block.finish();
  }
  const sandbox = root.section('sandbox');
  const paths = readRuleList(sandbox, 'allowed_paths', 'filesystem_read');
  const mayWrite = sandbox.flag('allow_file_write') ?? false;
  if (mayWrite && paths.length === 0) reportUnscoped(sandbox, 'allow_file_write', 'names no path in allowed_paths');
  const hosts = readHosts(sandbox, 'allow_network');
  sandbox.finish();
  return {
    ...NO_CAPABILITIES,
    filesystemRead: mergeRules(...permissions.map(({ read }) => read), paths),
    filesystemWrite: mergeRules(...permissions.map(({ write }) => write), mayWrite ? paths : []),
    network: mergeRules(...permissions.map((permission) => permission.hosts), hosts),
    terminalExec: { ...NO_COMMANDS, commands: commandOf(tool) },
  };
}

function commandOf(tool: DeclaredTool | undefined): readonly Rule[] {
  const command = tool?.settings['command'];
  return typeof command === 'string' ? [{ text: command, origin: 'command' }] : [];
}

/** Nobody should be asked to grant every program or file. */
function reportUnscoped(table: TableReader, key: string, wrong: string): void {
  const path = table.at(key);
  const fix = key === 'process_spawn' ? 'name the program in "command"' : 'list the paths in "allowed_paths"';
  const message = `${formatField(path)} ${wrong}, so none is requested`;
  table.report.warn({ code: 'M_UNSCOPED', path, message, fix });
}

function reportSandbox(security: TableReader): void {
  if (security.flag('sandbox_enabled') !== false) return;
  const message = 'security.sandbox_enabled is false; a skill cannot turn its sandbox off';
  security.report.warn({ code: 'M_SANDBOX', path: security.at('sandbox_enabled'), message, fix: 'remove it' });
}
