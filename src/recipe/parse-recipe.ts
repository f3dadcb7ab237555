import { createHash } from 'node:crypto';
import { MANIFEST_CEILINGS } from '../manifest/ceilings.ts';
import { checkValues, isUnsafeKey } from '../manifest/check-values.ts';
import { decodeText } from '../manifest/decode-text.ts';
import { formatField } from '../manifest/field-path.ts';
import type { PlaceTree } from '../manifest/locate.ts';
import type { Problem } from '../manifest/manifest.ts';
import { parseYaml } from '../manifest/parse-yaml.ts';
import { placeFindings } from '../manifest/place-findings.ts';
import { Report } from '../manifest/report.ts';
import { YAML } from '../manifest/syntax.ts';
import { TableReader } from '../manifest/table-reader.ts';
import { checkLabel, checkVersion, type Fault } from '../manifest/text-checks.ts';
import type { Table } from '../manifest/values.ts';
import { checkPatterns, type Unchecked, type WrittenPattern } from './check-patterns.ts';
import { readParameter } from './read/read-parameter.ts';
import { readPrecondition, readUndo, readVerification } from './read/read-check.ts';
import { idsOf, readStep } from './read/read-step.ts';
import { tablesOf } from './read/read-tables.ts';
import { readTrigger } from './read/read-trigger.ts';
import type { Recipe } from './recipe.ts';
import { Scope } from './scope.ts';

const MOST_STEPS = 1_000;
const RECIPE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/**
 * Reads one recipe file: a recipe in which every name stands for something, or every problem at once, with its place.
 * Never throws for what the file holds.
 */
export async function parseRecipe(
  bytes: Uint8Array,
  file: string,
): Promise<{
  readonly recipe: Recipe | undefined;
  readonly problems: readonly Problem[];
  /** Where its fields stand, for whoever finds more about them. */
  readonly places: PlaceTree | undefined;
}> {
  // A field nobody reads may be the one that would have kept a step from running.
  const report = new Report({ strict: true, syntax: YAML });
  const text = decodeText(bytes, report, MANIFEST_CEILINGS.bytes);
  const parsed = text === undefined ? undefined : parseYaml(text, report, { scalars: 'typed' });
  const places = parsed?.places;
  const isReadable = parsed !== undefined && checkValues(parsed.table, report);
  const read = isReadable ? readRecipe(parsed.table, report) : undefined;
  if (read !== undefined) await checkPatterns(read, report);
  const problems = await placeFindings(report.findings, { file, loadPlaces: () => Promise.resolve(places) });
  if (report.hasErrors || read === undefined) return { recipe: undefined, problems, places };
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { recipe: { file, digest, ...read.recipe }, problems, places };
}

interface Read extends Unchecked {
  readonly recipe: Omit<Recipe, 'file' | 'digest'>;
}

function readRecipe(top: Table, report: Report): Read {
  const root = new TableReader(top, [], report);
  const written = tablesOf(root, 'parameters').flatMap((one) => {
    const parameter = readParameter(one);
    return parameter === undefined ? [] : [{ path: one.path, table: one, parameter }];
  });
  const parameters = written.map(({ parameter }) => parameter);
  reportDuplicates(written.map((one) => one.table));
  const tables = tablesOf(root, 'steps');
  if (tables.length === 0 || tables.length > MOST_STEPS) {
    const message =
      tables.length === 0 ? 'the recipe has no steps' : `steps has ${tables.length} entries; at most ${MOST_STEPS}`;
    report.error({ code: 'M_STEPS', path: ['steps'], message, fix: 'write steps: and below it - id: …, command: …' });
  }
  const ids = idsOf(tables);
  const scope = new Scope(parameters, ids);
  const about = {
    id: readId(root),
    name: root.requiredText('name', { check: checkLabel(128), example: 'Squash commits' }),
    description: root.requiredText('description', { check: checkLabel(1_024), example: 'What it does' }),
    version: root.requiredText('version', { check: checkVersion, example: '1.0.0' }),
    triggers: tablesOf(root, 'triggers').map(readTrigger),
    parameters,
    preconditions: tablesOf(root, 'preconditions').flatMap((one) => readPrecondition(one, scope) ?? []),
  };
  const steps = tables.flatMap((one) => readStep(one, scope, parameters) ?? []);
  const repeated = new Set(steps.flatMap(({ id, forEach }) => (forEach === undefined ? [] : [id])));
  const verification = tablesOf(root, 'verification').flatMap((one) => readVerification(one, scope) ?? []);
  const rollback = tablesOf(root, 'rollback').flatMap((one) => readUndo(one, scope, { ids, repeated }) ?? []);
  root.finish();
  const kept = steps.map((step) => ({ ...step, isKept: scope.used.has(step.id) }));
  return {
    recipe: { ...about, steps: kept, verification, rollback },
    parameters: written,
    patterns: [...patternsOf(written), ...scope.patterns],
  };
}

function patternsOf(written: Read['parameters']): WrittenPattern[] {
  return written.flatMap(({ path, parameter: { validation: text } }) =>
    text === undefined ? [] : [{ path: [...path, 'validation'], text }],
  );
}

function readId(root: TableReader): string {
  return root.requiredText('id', { check: checkId, example: 'squash-commits' });
}

function checkId(id: string): Fault | undefined {
  if (RECIPE_ID.test(id) && id.length <= 64 && !isUnsafeKey(id)) return undefined;
  return { code: 'M_ID', wrong: 'is no id', fix: 'write at most 64 lower-case letters, digits and single hyphens' };
}

function reportDuplicates(parameters: readonly TableReader[]): void {
  const seen = new Set<unknown>();
  for (const table of parameters) {
    const name = table.value('name');
    if (seen.size < seen.add(name).size) continue;
    const path = table.at('name');
    const message = `${formatField(path)} is the name of a parameter before`;
    table.report.error({ code: 'M_DUPLICATE', path, message, fix: 'choose another name' });
  }
}
