// cspell:ignore creativecommons opensource
import type { Capabilities, Rule } from '../../host/index.ts';
import type { Finding } from './finding.ts';
import { isSource } from './languages.ts';
import { LineIndex } from './line-index.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { TextFile } from './scan-text.ts';

const MOST = 20;
const URLS = /\b(?:https?|wss?):\/\/([A-Za-z0-9](?:[\w.-]{0,200}[A-Za-z0-9])?)(?::\d{1,5})?(?=[/\s"'`)?#<>]|$)/g;
/** Names in addresses that nothing is sent to: schemas, examples, this machine. */
const NO_REACH =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|(?:[\w-]+\.)*example(?:\.(?:com|org|net))?|(?:[\w.-]+\.)?(?:test|invalid|local|localhost)|www\.w3\.org|schemas\.[\w.]+|json-schema\.org|(?:www\.)?apache\.org|creativecommons\.org|opensource\.org|purl\.org|ns\.adobe\.com|xmlns\.com)$/i;
const PATHS =
  /(?<=["'`\s=(])(?:~\/[\w.-]{1,80}|\/(?:etc|home|root|var|usr\/local|opt|Users|Library|private|srv|mnt)\/[\w.-]{1,80})(?:\/[\w.-]{1,80}){0,8}/g;

/** Hosts and places that sources name and the manifest does not. What a `SKILL.md` cannot declare is only noted. */
export function checkReach(files: readonly TextFile[], manifest: Manifest | undefined): Finding[] {
  if (manifest === undefined) return [];
  const canDeclare = manifest.file !== 'SKILL.md';
  const executed = files.filter(({ language }) => isSource(language) || language === 'recipe');
  const severity = canDeclare ? 'medium' : 'info';
  return executed.flatMap((file) => [
    ...undeclared(file, URLS, (url) => coversHost(manifest.capabilities.network, url)).map((found): Finding => ({
      ...found,
      rule: 'undeclared_host',
      severity,
      why: 'it names a host that the manifest does not ask for',
      fix: 'add the host to capabilities.network, or remove it',
    })),
    ...undeclared(file, PATHS, (path) => coversPath(manifest.capabilities, path)).map((found): Finding => ({
      ...found,
      rule: 'undeclared_path',
      severity: canDeclare ? 'low' : 'info',
      why: 'it names a place outside of the skill that the manifest does not ask for',
      fix: 'add the place to capabilities.filesystem_read or filesystem_write, or remove it',
    })),
  ]);
}

function undeclared(
  { path, text }: TextFile,
  pattern: RegExp,
  covers: (match: string) => boolean,
): Pick<Finding, 'file' | 'line' | 'column'>[] {
  const index = new LineIndex(text);
  const seen = new Set<string>();
  const found: Pick<Finding, 'file' | 'line' | 'column'>[] = [];
  for (const match of text.matchAll(pattern)) {
    const what = match[1] ?? match[0];
    if (seen.has(what)) continue;
    if (seen.size >= 1_000 || found.length >= MOST) break;
    seen.add(what);
    if (!covers(what)) found.push({ file: path, ...index.placeOf(match.index) });
  }
  return found;
}

/** Whether rules for the network name a host, whatever else they say. */
export function coversHost(rules: readonly Rule[], host: string): boolean {
  if (NO_REACH.test(host)) return true;
  const wanted = host.toLowerCase();
  return rules.some(({ text }) => {
    const named = text
      .replace(/^[A-Z,]{1,60} +/, '')
      .replace(/^https?:\/\//, '')
      .replace(/(?::\d{1,5})?\/?$/, '')
      .toLowerCase();
    return (
      named === '*' ||
      named === 'programs:*' ||
      named === 'programs' ||
      named === wanted ||
      (named.startsWith('*.') && wanted.endsWith(named.slice(1)))
    );
  });
}

function coversPath({ filesystemRead, filesystemWrite }: Capabilities, path: string): boolean {
  return [...filesystemRead, ...filesystemWrite].some(({ text }) => {
    const named = text.replace(/\/(?:\*{1,2})?$/, '');
    return named === '' || named === '*' || path === named || path.startsWith(`${named}/`);
  });
}
