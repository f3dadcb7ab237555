import { createHash } from 'node:crypto';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import {
  type Skill as SkillEntry,
  skillEntry,
  type SkillReadResult,
  type SkillResourceEntry,
  type SkillSource,
} from '@modelcontextprotocol/server/ext/skills';
import { readable } from '../agent/readable.ts';
import type { LeftOut } from '../agent/offered-skills.ts';
import type { ToolList } from '../agent/tool-list.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { ReadInstructions } from './read-instructions.ts';
import { readWithin } from '../skill/read-within.ts';
import { readSkillFiles } from './skill-files.ts';
import { writeSkillPage } from './skill-page.ts';

const PAGE = 50;
const SKILL_FILE = 'SKILL.md';

interface Published {
  readonly skill: ReadySkill;
  readonly entry: SkillEntry;
  /** SKILL.md as it is given out; the other files are read when they are asked for. */
  readonly page: string;
}

interface SourceParts {
  readonly skills: readonly ReadySkill[];
  readonly tools: ToolList;
  readonly readInstructions: ReadInstructions;
  /** Told of a skill that cannot be given out as files. */
  readonly onLeftOut: (left: LeftOut) => void;
}

/** Skills as the skills extension gives them out, each with the digests of all its files. */
export function skillSource(parts: SourceParts): SkillSource {
  let published: Promise<ReadonlyMap<string, Published>> | undefined;
  const load = (): Promise<ReadonlyMap<string, Published>> => (published ??= publishAll(parts));
  return {
    async list({ cursor }) {
      const all = [...(await load()).values()].map(({ entry }) => entry);
      const rest = cursor === undefined ? all : all.filter(({ uri }) => uri > cursor);
      const skills = rest.slice(0, PAGE);
      const last = skills.at(-1);
      return { skills, ...(last !== undefined && rest.length > PAGE && { nextCursor: last.uri }) };
    },
    async get(uri) {
      return (await load()).get(canonical(uri))?.entry;
    },
    async read(uri) {
      for (const one of (await load()).values()) {
        const resource =
          one.entry.resources === 'dynamic' ? undefined : one.entry.resources.find((r) => r.uri === canonical(uri));
        if (resource !== undefined) return readFile(one, resource);
      }
      return undefined;
    },
    async listResources() {
      return [...(await load()).values()].map(({ entry: { uri, frontmatter } }) => {
        const { name, description } = frontmatter;
        return { uri, name, description, mimeType: 'text/markdown' };
      });
    },
  };
}

async function publishAll(parts: SourceParts): Promise<ReadonlyMap<string, Published>> {
  const published: Published[] = [];
  for (const skill of parts.skills) {
    try {
      const one = await publish(skill, parts);
      if (one !== undefined) published.push(one);
    } catch (error) {
      const why = readable(error instanceof Error ? error.message : String(error));
      parts.onLeftOut({ skill: skill.id, path: skill.path, why: `its files are not given out: ${why}` });
    }
  }
  const byUri = published.toSorted((a, b) => (a.entry.uri < b.entry.uri ? -1 : 1));
  return new Map(byUri.map((one) => [one.entry.uri, one]));
}

/** Undefined for a skill that is no folder. */
async function publish(skill: ReadySkill, { tools, readInstructions }: SourceParts): Promise<Published | undefined> {
  if (skill.manifest === undefined) return undefined;
  const files = await readSkillFiles(skill.path);
  const own = files.get(SKILL_FILE);
  const named = tools.tools.filter(({ name }) => tools.target(name)?.skill === skill.id);
  const page =
    own === undefined ? writeSkillPage(skill, await readInstructions(skill), named) : readable(own.toString());
  const wrong = skill.fault();
  if (wrong !== undefined) throw new Error(wrong);
  const entry = await skillEntry(skill.id.replace('.', '/'), { ...Object.fromEntries(files), [SKILL_FILE]: page });
  return { skill, entry, page };
}

/** What was published, or an error: a file that has changed since is not what its digest promised. */
async function readFile(
  { skill, entry, page }: Published,
  { uri, digest, size }: SkillResourceEntry,
): Promise<SkillReadResult> {
  if (uri === entry.uri) return { text: page, mimeType: 'text/markdown' };
  const root = entry.uri.slice(0, -SKILL_FILE.length);
  const path = uri.slice(root.length).split('/').map(decodeURIComponent).join('/');
  const bytes = await readWithin(skill.path, path, size).catch(() => undefined);
  // Without the reason: where a skill lies on this machine is no business of its clients.
  if (bytes === undefined || `sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
    throw new ProtocolError(ProtocolErrorCode.InternalError, `${uri} has changed since this server was started`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, mimeType: path.endsWith('.md') ? 'text/markdown' : 'text/plain' };
  } catch {
    return { bytes, mimeType: 'application/octet-stream' };
  }
}

function canonical(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).href : uri;
}
