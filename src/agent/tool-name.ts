import { createHash } from 'node:crypto';

/** What every provider takes: letters, digits, `_` and `-`, a letter in front, 64 characters at most. */
const MAX_NAME = 64;
const HASH_DIGITS = 20;
const PLAIN_ID = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const PLAIN_TOOL = /^[a-z][a-z0-9_-]*$/;

/**
 * The name of a tool for a model: `tool.text` and `slugify` are `tool_text_slugify`. It depends on these two alone, so
 * that no other skill can change it, and no two tools share one: an id has no `_`, so the first two part the name, and
 * whatever does not fit gets a digest behind `_X`, which no plain name has.
 */
export function nameTool(skill: string, tool: string): string {
  const plain = `${skill.replace('.', '_')}_${tool}`;
  if (PLAIN_ID.test(skill) && PLAIN_TOOL.test(tool) && plain.length <= MAX_NAME) return plain;
  const digest = createHash('sha256')
    .update(JSON.stringify([skill, tool]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const shown = plain.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^(?![A-Za-z])/, 'S');
  return `${shown.slice(0, MAX_NAME - HASH_DIGITS - 2)}_X${digest}`;
}
