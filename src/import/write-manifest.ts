import type { Dependency, Manifest } from '../manifest/manifest.ts';
import type { Table } from '../manifest/values.ts';
import { listed, writeCache, writeCapabilities, writeResilience, writeState, written } from './write-rules.ts';
import { writeToml } from './write-toml.ts';
import { writeTool } from './write-tool.ts';

/**
 * A manifest as the text of a `skill.toml`: read again it is the same, but for what the format has no field for, which
 * `findLost` tells, and for the fields that rules say they stand in.
 */
export function writeManifest(manifest: Manifest): string {
  return writeToml({
    skill: writeSkill(manifest),
    provides: written(writeProvides(manifest)),
    knowledge: written(writeKnowledge(manifest)),
    recipes: written(writeRecipes(manifest)),
    executable: manifest.executable && writeExecutable(manifest.executable),
    capabilities: written(writeCapabilities(manifest.capabilities)),
    limits: written(manifest.limits),
    resilience: written(writeResilience(manifest.resilience)),
    cache: written(writeCache(manifest.cache)),
    state: written(writeState(manifest.state)),
    dependencies: written(writeDependencies(manifest.dependencies)),
    suggestions: written(writeDependencies(manifest.suggestions)),
    features: written(Object.fromEntries([...manifest.features].map(writeFeature))),
    platform: written(writePlatform(manifest)),
    tools: listed(manifest.tools.map(writeTool)),
  });
}

function writeSkill(manifest: Manifest): Table {
  return {
    id: manifest.id,
    name: manifest.name,
    description: manifest.description,
    version: manifest.version,
    api_version: manifest.apiVersion,
    license: manifest.license,
    authors: listed(manifest.authors),
    repository: manifest.repository,
    documentation: manifest.documentation,
    keywords: listed(manifest.keywords),
    aliases: listed(manifest.aliases),
    category: manifest.category,
    maturity: manifest.maturity,
    scope: manifest.scope === 'user' ? undefined : manifest.scope,
    min_runtime_version: manifest.minRuntimeVersion,
    deprecated: manifest.deprecated,
  };
}

function writeProvides({ provides: { virtual, ...parts } }: Manifest): Table {
  return { ...parts, ...Object.fromEntries(virtual) };
}

function writeKnowledge({ knowledge }: Manifest): Table {
  return {
    topics: listed(knowledge.topics),
    priority: knowledge.priority === 50 ? undefined : knowledge.priority,
    max_context_tokens: knowledge.maxContextTokens === 1_000 ? undefined : knowledge.maxContextTokens,
    always_on: knowledge.alwaysOn ? true : undefined,
    synonyms: written(Object.fromEntries(knowledge.synonyms)),
  };
}

function writeRecipes({ recipes: { files, defaultConfirmation } }: Manifest): Table {
  return {
    files: files.length === 1 && files[0] === 'recipes/*.yaml' ? undefined : files,
    default_confirmation: defaultConfirmation === 'prompt' ? undefined : defaultConfirmation,
  };
}

function writeExecutable({ module, exports, kind, reuse, config }: NonNullable<Manifest['executable']>): Table {
  return { module, exports, kind, reuse: reuse ? true : undefined, config: written(Object.fromEntries(config)) };
}

function writeDependencies(dependencies: readonly Dependency[]): Table {
  return Object.fromEntries(
    dependencies.map(({ id, range, optional, features }) => [
      id,
      optional || features.length > 0
        ? { version: range, optional: optional ? true : undefined, features: listed(features) }
        : range,
    ]),
  );
}

type Feature = Manifest['features'] extends ReadonlyMap<infer Name, infer Value> ? readonly [Name, Value] : never;

function writeFeature([name, { description, default: isOn }]: Feature): readonly [string, Table] {
  return [name, { description: description === '' ? undefined : description, default: isOn ? true : undefined }];
}

function writePlatform({ platform }: Manifest): Table {
  return {
    os: listed(platform.os),
    arch: listed(platform.arch),
    required_tools: listed(platform.requiredTools),
    optional_tools: listed(platform.optionalTools),
  };
}
