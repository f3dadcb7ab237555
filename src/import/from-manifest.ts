import { basename } from 'node:path';
import { withoutMark } from '../manifest/decode-text.ts';
import { splitFrontMatter } from '../manifest/format/front-matter.ts';
import { isManifestFile, type ManifestFile } from '../manifest/format.ts';
import type { DeclaredTool, Manifest, Problem } from '../manifest/manifest.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { parseYaml } from '../manifest/parse-yaml.ts';
import { Report } from '../manifest/report.ts';
import { YAML } from '../manifest/syntax.ts';
import { isTable } from '../manifest/values.ts';
import { loadSkill } from '../skill/load-skill.ts';
import { isSignaturePath } from '../trust/statement.ts';
import type { RawFile } from '../tree/raw-file.ts';
import { type Drafted, textFile } from './draft.ts';
import type { NotCarried } from './not-carried.ts';
import type { FolderSource, FileSource } from './read-source.ts';
import { addStubs } from './stubs.ts';

const CONTEXT = 'knowledge/prompts/context.md';
/** Mended by the files that every imported skill gets, or by its folder. */
const MENDED: ReadonlySet<string> = new Set(['M_COMPANION_MISSING', 'M_FOLDER_NAME', 'M_TOOL_NO_MODULE']);

/** A folder with one of the other manifests. */
export async function fromFolder({ path, manifest: file, files }: FolderSource): Promise<Drafted> {
  const skill = await loadSkill(path);
  if (!skill.ready || skill.manifest === undefined) return { problems: skill.problems };
  return draftOf(skill.manifest, skill.problems, { file, files });
}

/** Such a manifest by itself: what lies beside it is not looked at. */
export async function fromManifestFile({ bytes, path }: FileSource, file: ManifestFile): Promise<Drafted> {
  const { manifest, problems } = await parseManifest(bytes, { file });
  const name = basename(path);
  if (manifest === undefined) return { problems: problems.map((one) => ({ ...one, file: name })) };
  return draftOf(manifest, problems, { file, files: [{ path: file, bytes, executable: false }] });
}

interface Origin {
  readonly file: ManifestFile;
  readonly files: readonly RawFile[];
}

function draftOf(manifest: Manifest, problems: readonly Problem[], { file, files }: Origin): Drafted {
  const source = files.find(({ path }) => path === file);
  const taken = new Set(['skill.toml', ...(file === 'SKILL.md' ? [CONTEXT] : [])]);
  const others = files.filter(({ path }) => !isManifestFile(path) && !isSignaturePath(path) && !taken.has(path));
  const instructions = file === 'SKILL.md' && source !== undefined ? contextOf(source, others) : [];
  const notCarried = [
    ...problems.filter(({ code }) => !MENDED.has(code)).map(fromWarning),
    ...(file === 'manifest.yaml' && source !== undefined ? lostHandlers(source) : []),
    ...files.filter(({ path }) => isSignaturePath(path)).map(lostSignature),
    ...files.filter(({ path }) => path === CONTEXT && taken.has(path)).map(lostContext),
  ];
  const draft = { manifest, files: [...others, ...instructions], notCarried };
  const isBuilt = manifest.executable !== undefined || !manifest.tools.some(isOfModule);
  return isBuilt ? draft : addStubs(draft, 'its module is not built: there was no bin/skill.wasm');
}

const isOfModule = ({ settings }: DeclaredTool): boolean => settings.type === 'wasm';

function fromWarning({ file, field, message, fix }: Problem): NotCarried {
  return { field: field ?? file, why: message, fix };
}

/** The manifest is read without them, for only the build of the SDK wants to know. */
function lostHandlers({ bytes }: RawFile): NotCarried[] {
  const text = withoutMark(Buffer.from(bytes).toString());
  const parsed = parseYaml(text, new Report({ syntax: YAML }), { scalars: 'typed' });
  const tools = parsed?.table['tools'];
  if (!Array.isArray(tools)) return [];
  return (tools as unknown[]).flatMap((tool, i) =>
    isTable(tool) && tool['handler'] !== undefined
      ? [
          {
            field: `tools[${i}].handler`,
            why: 'it tells the build of the SDK where a source is',
            fix: 'build it there',
          },
        ]
      : [],
  );
}

function lostSignature({ path }: RawFile): NotCarried {
  return { field: path, why: 'it signs other files than those that were written', fix: 'sign the skill anew' };
}

function lostContext({ path }: RawFile): NotCarried {
  return { field: path, why: 'the instructions of SKILL.md stand there', fix: `put what it said into ${CONTEXT}` };
}

/** The instructions, and the files of `references/`, which a `SKILL.md` offers by itself. */
function contextOf(source: RawFile, others: readonly RawFile[]): readonly RawFile[] {
  const text = Buffer.from(source.bytes).toString();
  const head = splitFrontMatter(withoutMark(text));
  const body = 'wrong' in head ? '' : head.body.trimEnd();
  const references = others.filter(({ path }) => /^references\/[^/]+\.md$/.test(path));
  const list = references.map(({ path }) => `- ${path}`).join('\n');
  const more = references.length === 0 ? '' : `## More on request\n\n${list}`;
  const whole = [body, more].filter((part) => part.trim() !== '').join('\n\n');
  return whole === '' ? [] : [textFile(CONTEXT, `${whole}\n`)];
}
