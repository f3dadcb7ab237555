import type { CommandRules } from '../../host/index.ts';
import type { Grant } from '../policy/grant.ts';
import type { FileChanges } from './compare-files.ts';

/** What somebody is asked before a skill is installed. */
export interface Proposal {
  readonly id: string;
  readonly version: string;
  /** Where exactly it is from. */
  readonly source: string;
  /** Who signed it; undefined for nobody. */
  readonly signer: string | undefined;
  readonly description: string;
  /** All that it asks for. */
  readonly asks: Grant;
  /** What of that nobody was asked before. */
  readonly fresh: Grant;
  /** With which arguments it asks to start programs. */
  readonly programs: CommandRules;
  readonly warnings: readonly string[];
  /** What is critical in its files, for somebody who is asked. */
  readonly analyze: () => Promise<readonly string[]>;
  /** What is there now; undefined for a skill that is new. */
  readonly before:
    | {
        readonly version: string;
        readonly granted: Grant;
        /** What becomes of its files; undefined for a linked folder. */
        readonly files: FileChanges | undefined;
      }
    | undefined;
  /** Whether it is here because another skill needs it. */
  readonly isDependency: boolean;
}

/** Answers for the person who installs. */
export interface InstallAsker {
  /** What to grant of `fresh`, which may be nothing; undefined: do not install. */
  decide(proposal: Proposal): Promise<Grant | undefined>;
  /** Which folders to take of a package that holds several skills; undefined when there is nobody to ask. */
  pick(folders: readonly string[]): Promise<readonly string[] | undefined>;
}
