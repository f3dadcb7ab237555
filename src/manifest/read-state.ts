import { FIXED, quote } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import { type DeclaredTool, NO_STATE_RULES, type StateRules } from './manifest.ts';
import { nearest } from './nearest.ts';
import type { TableReader } from './table-reader.ts';
import { checkLabel } from './text-checks.ts';

const MOST_KB = FIXED.state_bytes.limit / 1_024;
/** Ten years: more than any skill is used, and far from where times cannot be counted. */
const MOST_SECONDS = 315_360_000;
const MOST_VERSION = 1_000_000;

/** `[state]`: version, age and size of the values that the skill keeps. */
export function readState(root: TableReader, tools: readonly DeclaredTool[]): StateRules {
  const state = root.section('state');
  const version = state.whole('version', { min: 0, max: MOST_VERSION });
  const migrate = state.text('migrate', checkLabel(256));
  const ttl = state.whole('ttl', { min: 1, max: MOST_SECONDS, unit: 'seconds' });
  const size = state.whole('max_size_kb', { min: 1, max: MOST_KB, unit: 'KiB' });
  state.finish();
  if (migrate !== undefined) reportNoTool(migrate, state, tools);
  return {
    version: version ?? NO_STATE_RULES.version,
    migrate,
    ttlMs: ttl === undefined ? undefined : ttl * 1_000,
    maxBytes: size === undefined ? NO_STATE_RULES.maxBytes : size * 1_024,
  };
}

/** With none declared, the tools are those of the module, which no manifest knows. */
function reportNoTool(migrate: string, state: TableReader, tools: readonly DeclaredTool[]): void {
  if (tools.length === 0 || tools.some(({ name }) => name === migrate)) return;
  const path = state.at('migrate');
  const meant = nearest(
    migrate,
    tools.map(({ name }) => name),
  );
  const assign = (name: string): string => state.report.syntax.assign('migrate', quote(name));
  const fix =
    meant === undefined
      ? `write the name of one of the [[tools]], or declare a tool ${migrate}`
      : `write ${assign(meant)}`;
  state.report.error({
    code: 'M_STATE_MIGRATE',
    path,
    message: `${formatField(path)} = ${quote(migrate)} is none of the tools of this manifest`,
    fix,
  });
}
