import type { RawFile } from '../tree/raw-file.ts';
import type { GateFinding } from './finding.ts';
import { findHiddenText } from './hidden-text.ts';

const RULES = [findHiddenText] as const;

/** Looks at every file of a skill before it is installed. Nothing of them is run. */
export function analyze(files: readonly RawFile[]): readonly GateFinding[] {
  return files.flatMap((file) => RULES.flatMap((rule) => rule(file)));
}
