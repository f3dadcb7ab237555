import { quote } from '../../host/index.ts';
import { formatField } from './field-path.ts';
import type { Dependency, Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import { reportName } from './read-content.ts';
import { TOML } from './syntax.ts';
import type { TableReader } from './table-reader.ts';
import { checkLabel, checkRange, type Fault, normalizeRange } from './text-checks.ts';
import { isTable } from './values.ts';

const DETAILS = ['version', 'optional', 'features'];
const FEATURE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** `[dependencies]` or `[suggestions]`: id → range, or a table with the range and more. */
export function readDependencies(root: TableReader, key: 'dependencies' | 'suggestions', ownId: string): Dependency[] {
  const section = root.section(key);
  return section.names().flatMap((id) => {
    if (reportDottedKey(id, section) || reportName(id, section)) return [];
    if (id === ownId) reportSelf(id, section);
    const dependency = isTable(section.value(id)) ? readDetailed(id, section) : readPlain(id, section);
    return dependency === undefined ? [] : [dependency];
  });
}

function readPlain(id: string, section: TableReader): Dependency | undefined {
  const range = section.text(id, checkRange);
  return range === undefined ? undefined : { id, range: normalizeRange(range), optional: false, features: [] };
}

function readDetailed(id: string, section: TableReader): Dependency {
  const detailed = section.section(id);
  const dependency = {
    id,
    range: normalizeRange(detailed.requiredText('version', { check: checkRange, example: '>=1.0' })),
    optional: detailed.flag('optional') ?? false,
    features: detailed.texts('features', checkFeatureName) ?? [],
  };
  detailed.finish();
  return dependency;
}

/** `cloud.aws = "1.0"` without quotes is TOML for a table `cloud`; its author meant the id. */
function reportDottedKey(id: string, section: TableReader): boolean {
  const value = section.value(id);
  if (section.report.syntax !== TOML || !isTable(value) || id.includes('.')) return false;
  const [name, ...more] = Object.keys(value);
  if (name === undefined || [name, ...more].some((key) => nearest(key, DETAILS) !== undefined)) return false;
  const path = section.at(id);
  const message = `${formatField(path)} is a table: a dot in a key without quotes starts a table`;
  section.report.error({
    code: 'M_DEPENDENCY_KEY',
    path,
    message,
    fix: `write ${quote(`${id}.${name}`)} = "…" in quotes`,
  });
  return true;
}

function reportSelf(id: string, section: TableReader): void {
  const path = section.at(id);
  const message = `${formatField(path)}: the skill names itself`;
  section.report.error({ code: 'M_DEPENDENCY_SELF', path, message, fix: 'remove the line' });
}

function checkFeatureName(text: string): Fault | undefined {
  if (FEATURE_NAME.test(text)) return undefined;
  const wrong = 'must be 1 to 64 of lower-case letters, digits, _ and -';
  return { code: 'M_FEATURE', wrong, fix: 'write a name such as "streaming"' };
}

/** `[features]`: parts a dependent can turn on. */
export function readFeatures(root: TableReader): Manifest['features'] {
  const section = root.section('features');
  const features = new Map<string, { description: string; default: boolean }>();
  for (const name of section.names()) {
    const fault = checkFeatureName(name);
    if (fault !== undefined) section.keyFault(name, fault);
    const feature = section.table(name);
    if (feature === undefined) continue;
    features.set(name, {
      description: feature.text('description', checkLabel(1_024)) ?? '',
      default: feature.flag('default') ?? false,
    });
    feature.finish();
  }
  return features;
}
