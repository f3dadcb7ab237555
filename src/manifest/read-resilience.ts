import { ERROR_CLASSES, type ErrorClass, quote } from '../../host/index.ts';
import { splitWords } from '../recipe/words.ts';
import { formatField } from './field-path.ts';
import { nearest } from './nearest.ts';
import {
  BACKOFF_STRATEGIES,
  type BreakerRules,
  type FallbackRule,
  type HealthRules,
  type Resilience,
  type RetryRules,
} from './resilience.ts';
import { checkRuleText } from './rule-text.ts';
import type { TableReader } from './table-reader.ts';
import { checkLabel } from './text-checks.ts';

const MOST_ATTEMPTS = 10;
const MOST_FAILURES = 1_000;
/** Seconds. */
const DAY = 24 * 3_600;
const MOST_RUNS = 10_000;

/** Of these another attempt can only be refused again, or do again what nobody wanted. */
const NEVER_RETRIED: ReadonlySet<ErrorClass> = new Set(['invalid_input', 'denied', 'not_found', 'aborted', 'internal']);

/** What version 2 calls several classes by. */
const ALIASES: ReadonlyMap<string, readonly ErrorClass[]> = new Map<string, readonly ErrorClass[]>([
  ['resource_limit', ['fuel_exhausted', 'memory_limit', 'output_limit']],
  ['network_error', ['network']],
]);

/**
 * `resilience` of a skill or of one tool, in the words of `skill.toml` or of version 2; a tool's own rules count before
 * those of its skill.
 */
export function readResilience(section: TableReader): Resilience {
  const bulkhead = section.section('bulkhead');
  const resilience = {
    retry: readRetry(section),
    breaker: readBreaker(section),
    healthCheck: readHealthCheck(section),
    fallback: readFallback(section),
    maxConcurrent:
      count(section, 'max_concurrent_skills', MOST_RUNS) ?? count(bulkhead, 'max_concurrent_skills', MOST_RUNS),
    queueSize: whole(section, 'execution_queue_size') ?? whole(bulkhead, 'execution_queue_size'),
  };
  bulkhead.finish();
  section.finish();
  return resilience;
}

const count = (table: TableReader, key: string, max: number): number | undefined => table.whole(key, { min: 1, max });
const whole = (table: TableReader, key: string): number | undefined => table.whole(key, { min: 0, max: MOST_RUNS });

/** Written flat, or as a table of its own; a table counts. */
function readRetry(section: TableReader): RetryRules | undefined {
  const tables = [section.section('retry'), section.section('retry_config'), section];
  let rules: Partial<RetryRules> = {};
  for (const table of tables.toReversed()) {
    const found = {
      maxAttempts: count(table, 'max_attempts', MOST_ATTEMPTS),
      backoff: table.oneOf('backoff_strategy', BACKOFF_STRATEGIES),
      retryOn: readClasses(table),
    };
    rules = { ...rules, ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) };
    if (table !== section) table.finish();
  }
  // Version 2 counts what comes after the first.
  const again = section.whole('retry_attempts', { min: 0, max: MOST_ATTEMPTS - 1 });
  const maxAttempts = rules.maxAttempts ?? (again === undefined ? undefined : again + 1);
  if (maxAttempts === undefined) return undefined;
  return { maxAttempts, backoff: rules.backoff ?? 'exponential', retryOn: rules.retryOn };
}

function readClasses(table: TableReader): readonly ErrorClass[] | undefined {
  const names = table.texts('retry_on');
  return names?.flatMap((name, i) => {
    const classes = ALIASES.get(name) ?? ERROR_CLASSES.filter((one) => one === name);
    const isFit = classes.length > 0 && !classes.some((one) => NEVER_RETRIED.has(one));
    if (!isFit) reportClass(table, name, i);
    return isFit ? classes : [];
  });
}

function reportClass(table: TableReader, name: string, index: number): void {
  const path = [...table.at('retry_on'), index];
  const known = [...ERROR_CLASSES.filter((one) => !NEVER_RETRIED.has(one)), ...ALIASES.keys()];
  const isKnown = ERROR_CLASSES.some((one) => one === name);
  const wrong = isKnown ? 'is never retried: it would fail again' : 'is no class of errors';
  const meant = nearest(name, known);
  const fix = isKnown || meant === undefined ? `write some of ${known.join(', ')}` : `write ${quote(meant)}`;
  table.report.error({ code: 'M_CHOICE', path, message: `${formatField(path)} = ${quote(name, 60)} ${wrong}`, fix });
}

function readBreaker(section: TableReader): BreakerRules | undefined {
  const own = section.table('circuit_breaker');
  const table = own ?? section;
  const failureThreshold = count(table, 'failure_threshold', MOST_FAILURES);
  const seconds = count(table, 'recovery_timeout', DAY);
  own?.finish();
  if (failureThreshold === undefined && seconds === undefined) return undefined;
  return { failureThreshold: failureThreshold ?? 5, recoveryMs: (seconds ?? 60) * 1_000 };
}

function readHealthCheck(section: TableReader): HealthRules | undefined {
  const table = section.table('health_check');
  if (table === undefined) return undefined;
  const isEnabled = table.flag('enabled') ?? true;
  const intervalMs = (count(table, 'interval', DAY) ?? 30) * 1_000;
  const tool = table.text('tool', checkLabel(64));
  const command = readWords(table, 'command');
  table.finish();
  if (!isEnabled) return undefined;
  const named = command === undefined ? undefined : { command };
  return { intervalMs, check: tool === undefined ? named : { tool } };
}

function readFallback(section: TableReader): FallbackRule | undefined {
  const tool = section.text('fallback', checkLabel(64));
  const command = readWords(section, 'fallback_command');
  if (tool !== undefined) return { tool };
  return command === undefined ? undefined : { command };
}

/** A program and its words, as one line or as a list. */
function readWords(table: TableReader, key: string): readonly string[] | undefined {
  const value = table.value(key);
  if (value === undefined) return undefined;
  const split = Array.isArray(value) ? { words: table.texts(key) ?? [] } : splitWords(table.text(key) ?? '');
  const fault = 'words' in split ? faultOfProgram(split.words[0]) : split;
  if (fault === undefined && 'words' in split) return split.words;
  const path = table.at(key);
  const { wrong, fix } = fault ?? { wrong: 'is no command', fix: 'write a program and its words' };
  if (typeof value === 'string' || Array.isArray(value))
    table.report.error({ code: 'M_COMMAND', path, message: `${formatField(path)} ${wrong}`, fix });
  return undefined;
}

function faultOfProgram(program: string | undefined): { readonly wrong: string; readonly fix: string } | undefined {
  const wrong = program === undefined ? 'names no program' : checkRuleText('terminal_exec', program);
  return wrong === undefined ? undefined : { wrong, fix: 'write the name of a program, and its words behind it' };
}
