import { quote } from '../../host/index.ts';
import { formatField } from '../manifest/field-path.ts';
import type { DeclaredTool, JsonSchema, Manifest } from '../manifest/manifest.ts';
import { readSchema } from '../manifest/read-schema.ts';
import { TableReader } from '../manifest/table-reader.ts';
import { checkLabel, checkVersion, type TextCheck } from '../manifest/text-checks.ts';
import type { ToolSettings } from '../manifest/tool-settings.ts';
import { isTable } from '../manifest/values.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { type Drafted, textFile } from './draft.ts';
import { tellLeft } from './goose-left.ts';
import { readGooseParameters } from './goose-parameters.ts';
import { isTemplate, toPromptText } from './goose-template.ts';
import { newManifest, shorten, slug, slugOfFile } from './names.ts';
import { toNativeSchema } from './native-schema.ts';
import type { NotCarried } from './not-carried.ts';
import type { Parsed } from './read-source.ts';

const CONTEXT = 'knowledge/prompts/context.md';

/** What a recipe says, read field by field. */
interface Recipe {
  readonly root: TableReader;
  readonly file: string;
  readonly lost: NotCarried[];
}

/** A Goose recipe: what it tells the model becomes knowledge, what it asks the model becomes a tool. */
export async function fromGoose({ file, table, report, problems }: Parsed): Promise<Drafted> {
  const recipe = { root: new TableReader(table, [], report), file, lost: [] as NotCarried[] };
  const manifest = readHead(recipe);
  const { tools, files } = readTexts(recipe, manifest);
  tellLeft(recipe.root, recipe.lost);
  if (report.hasErrors) return { problems: await problems() };
  return { manifest: { ...manifest, tools }, files, notCarried: recipe.lost };
}

function readHead({ root, file, lost }: Recipe): Manifest {
  const title = root.requiredText('title', { check: onOneLine, example: 'My recipe' });
  const name = shorten(title, 64);
  if (name.isCut) lost.push({ field: 'title', why: 'a name has at most 64 characters', fix: 'write a shorter name' });
  const description = shorten(root.text('description', onOneLine) ?? title, 1_024);
  if (description.isCut)
    lost.push({ field: 'description', why: 'it has at most 1024 characters', fix: 'write a shorter description' });
  const id = `custom.${slug(title) ?? slugOfFile(file)}`;
  lost.push({ field: 'id', why: `a recipe has none; ${id} is made of its title`, fix: 'give another with --name' });
  const manifest = newManifest({ id, name: name.text, description: description.text }, readVersion(root, lost));
  return { ...manifest, authors: readAuthor(root, lost) };
}

/** Several lines are read as one. */
const onOneLine: TextCheck = (text) => checkLabel(65_536)(text.replaceAll(/\s+/g, ' '));

function readVersion(root: TableReader, lost: NotCarried[]): string | undefined {
  const version = root.text('version');
  if (version === undefined || checkVersion(version) === undefined) return version;
  lost.push({
    field: 'version',
    why: `${quote(version, 60)} is not MAJOR.MINOR.PATCH; the skill is 0.1.0`,
    fix: 'write its version in skill.toml',
  });
  return undefined;
}

function readAuthor(root: TableReader, lost: NotCarried[]): readonly string[] {
  const author = root.section('author');
  const contact = author.text('contact', checkLabel(256));
  for (const key of Object.keys(author.rest()))
    lost.push({ field: formatField(author.at(key)), why: 'a skill has no such field', fix: 'say it in README.md' });
  return contact === undefined ? [] : [contact];
}

/** Instructions with places for values can be no knowledge: nobody would fill them in there. */
function readTexts(
  recipe: Recipe,
  manifest: Manifest,
): { readonly tools: readonly DeclaredTool[]; readonly files: readonly RawFile[] } {
  const { root, lost } = recipe;
  const instructions = root.text('instructions') ?? '';
  const prompt = root.text('prompt');
  const isFilled = isTemplate(instructions);
  if (isFilled)
    lost.push({
      field: 'instructions',
      why: 'they name parameters, so they are the first part of the prompt of the tool and no knowledge',
      fix: 'put what holds for every value into knowledge/prompts/context.md',
    });
  // A model that answers is shown the prompt and no knowledge.
  const isAnswered = isTable(root.value('response')) && root.section('response').has('json_schema');
  const isFirst = isFilled || (isAnswered && prompt !== undefined);
  const parts = [...(isFirst ? [instructions] : []), ...(prompt === undefined ? [] : [prompt])];
  const isKnowledge = !isFilled && instructions.trim() !== '';
  return {
    tools: readTool(recipe, parts.filter((part) => part.trim() !== '').join('\n\n'), manifest),
    files: isKnowledge ? [textFile(CONTEXT, `${instructions.trimEnd()}\n`)] : [],
  };
}

function readTool(recipe: Recipe, text: string, { id, description }: Manifest): DeclaredTool[] {
  const { root, lost } = recipe;
  const parameters = readGooseParameters(root, lost);
  const returns = readResponse(recipe);
  const settings = readSettings(recipe, returns !== undefined);
  if (text.trim() === '') {
    tellNoTool(lost, { parameters, returns });
    return [];
  }
  const known = new Set(Object.keys((parameters?.['properties'] as object | undefined) ?? {}));
  const filled = toPromptText(text, known);
  for (const part of filled.unread)
    lost.push({
      field: 'prompt',
      why: `${quote(part, 60)} is more than the name of a parameter; it stays as text`,
      fix: 'write the prompt without it, or a tool for each case',
    });
  const [, name = ''] = id.split('.');
  return [
    {
      name: /^[a-z]/.test(name) ? name : 'run',
      description,
      // Without any, the names in a prompt would be parameters.
      parameters: parameters ?? { type: 'object', properties: {}, required: [], additionalProperties: false },
      patterns: new Map(),
      returns,
      cacheable: false,
      resilience: undefined,
      settings: settings(filled.text),
    },
  ];
}

/** A shape for the answer needs a model that answers; otherwise the prompt itself is what the agent gets. */
function readSettings({ root, lost }: Recipe, isAnswered: boolean): (text: string) => ToolSettings {
  const found = root.section('settings');
  const model = isAnswered ? found.text('goose_model', checkLabel(256)) : undefined;
  for (const key of Object.keys(found.rest()))
    lost.push({
      field: formatField(found.at(key)),
      why: 'whoever runs a skill chooses the model and how it is asked',
      fix: 'set it where the agent is set up',
    });
  if (!isAnswered) return (prompt) => ({ type: 'prompt_inline', prompt, outputFormat: 'text' });
  const rest = { contextFiles: undefined, contextWindow: undefined };
  return (promptTemplate) => ({ type: 'conversation', promptTemplate, model, ...rest });
}

function readResponse({ root, lost }: Recipe): JsonSchema | undefined {
  const response = root.section('response');
  const schema = response.value('json_schema');
  for (const key of Object.keys(response.rest()))
    lost.push({ field: formatField(response.at(key)), why: 'a skill has no such field', fix: 'leave it out' });
  if (schema === undefined || schema === null) return undefined;
  const path = response.at('json_schema');
  return readSchema(toNativeSchema(schema, path, lost), { path, report: root.report, depth: 1 });
}

function tellNoTool(lost: NotCarried[], had: { readonly parameters: unknown; readonly returns: unknown }): void {
  const reason = {
    why: 'there is no prompt they would be for, so there is no tool',
    fix: 'write a tool in skill.toml',
  };
  if (isTable(had.parameters)) lost.push({ field: 'parameters', ...reason });
  if (isTable(had.returns)) lost.push({ field: 'response.json_schema', ...reason });
}
