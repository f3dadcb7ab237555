import { hasInvisible, quote } from '../../../host/index.ts';
import { MANIFEST_CEILINGS } from '../ceilings.ts';
import { formatField } from '../field-path.ts';
import type { Format, Named } from '../format.ts';
import { type Manifest, plainManifest } from '../manifest.ts';
import { type ParsedYaml, parseYaml } from '../parse-yaml.ts';
import { Report } from '../report.ts';
import { YAML } from '../syntax.ts';
import type { TableReader } from '../table-reader.ts';
import { splitFrontMatter } from './front-matter.ts';
import { readAllowedTools } from './read-allowed-tools.ts';
import { oneLine, readAuthors, readDescription, readLooseVersion, readName, readProse } from './read-common.ts';

/**
 * `SKILL.md` (source: Agent Skills specification): fields in front matter, and below it the instructions, which are read
 * when they are needed.
 */
export const skillMd: Format = {
  syntax: YAML,
  parse: parseHead,
  loadPlaces: (source) => Promise.resolve(parseHead(source, new Report({ syntax: YAML }))?.places),
  read: readManifest,
};

function parseHead(source: string, report: Report): ParsedYaml | undefined {
  const head = splitFrontMatter(source);
  if ('wrong' in head) {
    report.error({ code: 'M_FRONT_MATTER', path: [], message: head.wrong, fix: head.fix, place: head.place });
    return undefined;
  }
  if (Buffer.byteLength(head.yaml) > MANIFEST_CEILINGS.bytes) {
    const message = `the front matter is longer than ${MANIFEST_CEILINGS.bytes} bytes`;
    report.error({ code: 'M_TOO_LARGE', path: [], message, fix: 'move long text into the body or into references/' });
    return undefined;
  }
  const parsed = parseYaml(head.yaml, report, { scalars: 'text', firstLine: head.yamlLine });
  if (head.body.trim() === '') reportNoBody(head.bodyLine - 1, report);
  return parsed;
}

function reportNoBody(line: number, report: Report): void {
  const message = 'there is nothing below the front matter: the skill has no instructions';
  const fix = 'write below --- what an agent should know or do';
  report.warn({ code: 'M_NO_INSTRUCTIONS', path: [], message, fix, place: { line, column: 1 } });
}

function readManifest(root: TableReader, { file, folder }: Named): Manifest {
  const { id, name } = readName(root);
  const described = { description: readDescription(root), license: readProse(root, 'license', 1_024) };
  const metadata = root.section('metadata');
  const labels = { version: readLooseVersion(metadata, 'version'), authors: readAuthors(metadata, 'author') };
  const allowed = readAllowedTools(root);
  if (folder !== undefined && name !== '' && folder !== name) reportFolder(root, name, folder);
  const plain = plainManifest({ file, id, name, description: described.description, version: labels.version });
  const manifest = {
    ...plain,
    license: described.license,
    authors: labels.authors,
    compatibility: readProse(root, 'compatibility', 500),
    metadata: readMetadata(metadata),
    allowedTools: allowed.tools,
    // The format has no such field; its specification asks for bodies of less than this.
    knowledge: { ...plain.knowledge, maxContextTokens: 5_000 },
    capabilities: allowed.capabilities,
  };
  root.finish('move it below metadata: the format has no such field');
  return manifest;
}

/** These have fields of their own, and are told there. */
const READ: ReadonlySet<string> = new Set(['author', 'version']);

/** A map of texts; what is no text is told and left out, since many public skills keep lists there. */
function readMetadata(metadata: TableReader): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const name of metadata.names()) {
    const value = metadata.value(name);
    const text = typeof value === 'string' ? oneLine(value) : undefined;
    if (text !== undefined && !hasInvisible(name + text)) entries.set(name, text);
    else if (value !== undefined && !READ.has(name)) {
      const path = metadata.at(name);
      const wrong = text === undefined ? 'is not text' : 'holds control or invisible characters';
      const fix = `write ${metadata.report.syntax.assign(name, '"…"')}, on one line`;
      metadata.report.warn({ code: 'M_METADATA', path, message: `${formatField(path)} ${wrong}; it is not read`, fix });
    }
  }
  return entries;
}

/** A warning here, for many public skills break it. */
function reportFolder(root: TableReader, name: string, folder: string): void {
  const message = `the skill is named ${quote(name)}, its folder ${quote(folder)}`;
  root.report.warn({ code: 'M_FOLDER_NAME', path: root.at('name'), message, fix: `rename the folder to ${name}` });
}
