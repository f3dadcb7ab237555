import { type Capabilities, NO_CAPABILITIES, NO_COMMANDS, type Rule, steersPrograms } from '../../../host/index.ts';
import { formatField } from '../field-path.ts';
import type { Format, Named } from '../format.ts';
import { type DeclaredTool, type Manifest, plainManifest } from '../manifest.ts';
import { parseJson } from '../parse-json.ts';
import { readProvides } from '../read-content.ts';
import { readDependencies } from '../read-dependencies.ts';
import { keepKnown } from '../read-kept.ts';
import { type CacheRules, readCache } from '../cache-rules.ts';
import { readResilience } from '../read-resilience.ts';
import type { Resilience } from '../resilience.ts';
import { readRuleList } from '../read-rules.ts';
import { Report } from '../report.ts';
import { JSON_TEXT } from '../syntax.ts';
import type { TableReader } from '../table-reader.ts';
import { checkLabel, checkLink, checkPackageName, checkVersion } from '../text-checks.ts';
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
  const resilience = { ...readFailures(root), ...performance.bulkhead };
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
    tools: tool === undefined ? [] : [{ ...tool, cacheable: tool.cacheable || performance.isCached }],
    limits: { ...readBudget(root, security), ...performance.limits },
    capabilities: readCapabilities(root, security, { tool, resilience }),
    resilience,
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
  readonly cache: CacheRules;
  /** Whether results are kept at all: version 2 says so by how long. */
  readonly isCached: boolean;
  readonly bulkhead: Partial<Resilience>;
  readonly limits: Manifest['limits'];
} {
  const caching = performance.section('caching');
  const isCached = caching.has('result_cache_ttl');
  const execution = performance.section('execution');
  const isParallel = execution.flag('parallel_execution') ?? true;
  const count = (key: string, min: number): number | undefined => execution.whole(key, { min, max: 10_000 });
  const maxConcurrent = count('max_concurrent_skills', 1);
  const queueSize = count('execution_queue_size', 0);
  const bulkhead = {
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(queueSize !== undefined && { queueSize }),
  };
  execution.finish();
  performance.finish();
  return { cache: readCache(caching), isCached, bulkhead, limits: isParallel ? {} : { max_concurrent: 1 } };
}

/** `resilience`; its `timeout` is a limit, and read as one. */
function readFailures(root: TableReader): Resilience {
  const section = root.section('resilience');
  section.value('timeout');
  return readResilience(section);
}

/** What `security` and `sandbox` ask for, and the programs that are started. */
function readCapabilities(
  root: TableReader,
  security: TableReader,
  { tool, resilience }: { readonly tool: DeclaredTool | undefined; readonly resilience: Resilience },
): Capabilities {
  const isProgram = tool?.settings.type.startsWith('code_') === true;
  reportSandbox(security);
  const blocks = [security.section('permissions'), security.section('default_permissions')];
  const permissions = blocks.map((block) => ({
    read: readRuleList(block, 'file_read', 'filesystem_read'),
    write: readRuleList(block, 'file_write', 'filesystem_write'),
    hosts: readHosts(block, 'network_access', isProgram),
  }));
  for (const block of blocks) {
    if (block.flag('process_spawn') === true) reportUnscoped(block, 'process_spawn', 'names no program');
    block.finish();
  }
  const sandbox = root.section('sandbox');
  const paths = readRuleList(sandbox, 'allowed_paths', 'filesystem_read');
  const mayWrite = sandbox.flag('allow_file_write') ?? false;
  if (mayWrite && paths.length === 0) reportUnscoped(sandbox, 'allow_file_write', 'names no path in allowed_paths');
  const hosts = readHosts(sandbox, 'allow_network', isProgram);
  sandbox.finish();
  return {
    ...NO_CAPABILITIES,
    filesystemRead: mergeRules(...permissions.map(({ read }) => read), paths),
    filesystemWrite: mergeRules(...permissions.map(({ write }) => write), mayWrite ? paths : []),
    network: mergeRules(...permissions.map((permission) => permission.hosts), hosts),
    envRead: steeringOf(tool),
    terminalExec: { ...NO_COMMANDS, commands: mergeRules(commandOf(tool), commandsOf(resilience)) },
  };
}

function commandOf(tool: DeclaredTool | undefined): readonly Rule[] {
  const settings = tool?.settings;
  return settings !== undefined && 'command' in settings ? [{ text: settings.command, origin: 'command' }] : [];
}

/** What runs instead of the tool, and what says whether it is well. */
function commandsOf({ fallback, healthCheck }: Resilience): readonly Rule[] {
  const named = [
    ['resilience.fallback_command', fallback],
    ['resilience.health_check.command', healthCheck?.check],
  ] as const;
  return named.flatMap(([origin, rule]) =>
    rule !== undefined && 'command' in rule ? [{ text: rule.command[0] ?? '', origin }] : [],
  );
}

/** What it sets of variables by which a program runs other code: somebody is asked for those. */
function steeringOf(tool: DeclaredTool | undefined): readonly Rule[] {
  const settings = tool?.settings;
  const names = settings !== undefined && 'environment' in settings ? [...settings.environment.keys()] : [];
  return names.filter(steersPrograms).map((text) => ({ text, origin: formatField(['environment', text]) }));
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
