import type { Capabilities, Rule } from '../../host/index.ts';
import { type CacheRules, NO_CACHE } from '../manifest/cache-rules.ts';
import { NO_STATE_RULES, type StateRules } from '../manifest/manifest.ts';
import type { FallbackRule, Resilience } from '../manifest/resilience.ts';
import type { Table } from '../manifest/values.ts';

const SECOND = 1_000;
const MIB = 1024 * 1024;

export const listed = <T>(items: readonly T[]): readonly T[] | undefined => (items.length === 0 ? undefined : items);

/** Undefined for a table in which nothing is written. */
export function written(table: Table): Table | undefined {
  return Object.values(table).some((value) => value !== undefined) ? table : undefined;
}

export function writeCapabilities(capabilities: Capabilities): Table {
  const { filesystemRead, filesystemWrite, network, envRead, secretsAccess, messaging } = capabilities;
  const secrets = textsOf(secretsAccess);
  return {
    filesystem_read: textsOf(filesystemRead),
    filesystem_write: textsOf(filesystemWrite),
    network: textsOf(network),
    env_read: textsOf(envRead),
    secrets_access: secrets?.includes('*') === true ? true : secrets,
    messaging: textsOf(messaging),
    terminal_exec: writeTerminal(capabilities.terminalExec),
  };
}

function writeTerminal({ commands, blocked, args }: Capabilities['terminalExec']): Table | undefined {
  const patterns = [...args].map(([program, rules]) => [program, textsOf(rules)] as const);
  return written({
    allowed: commands.length === 0 ? undefined : true,
    commands: textsOf(commands),
    blocked: textsOf(blocked),
    args: written(Object.fromEntries(patterns)),
  });
}

const textsOf = (rules: readonly Rule[]): readonly string[] | undefined => listed(rules.map(({ text }) => text));

export function writeResilience({ retry, breaker, healthCheck, fallback, ...bulkhead }: Resilience): Table {
  return {
    max_attempts: retry?.maxAttempts,
    backoff_strategy: retry?.backoff,
    retry_on: retry?.retryOn,
    failure_threshold: breaker?.failureThreshold,
    recovery_timeout: breaker && breaker.recoveryMs / SECOND,
    ...writeFallback(fallback, 'fallback', 'fallback_command'),
    max_concurrent_skills: bulkhead.maxConcurrent,
    execution_queue_size: bulkhead.queueSize,
    health_check: healthCheck && {
      interval: healthCheck.intervalMs / SECOND,
      ...writeFallback(healthCheck.check, 'tool', 'command'),
    },
  };
}

function writeFallback(rule: FallbackRule | undefined, tool: string, command: string): Table {
  if (rule === undefined) return {};
  return 'tool' in rule ? { [tool]: rule.tool } : { [command]: rule.command };
}

export function writeCache({ resultTtlMs, maxBytes, files }: CacheRules): Table {
  return {
    result_cache_ttl: resultTtlMs === NO_CACHE.resultTtlMs ? undefined : resultTtlMs / SECOND,
    max_cache_size_mb: maxBytes === NO_CACHE.maxBytes ? undefined : maxBytes / MIB,
    files: listed(files),
  };
}

export function writeState({ version, migrate, ttlMs, maxBytes }: StateRules): Table {
  return {
    version: version === NO_STATE_RULES.version ? undefined : version,
    migrate,
    ttl: ttlMs && ttlMs / SECOND,
    max_size_kb: maxBytes === NO_STATE_RULES.maxBytes ? undefined : maxBytes / 1024,
  };
}
