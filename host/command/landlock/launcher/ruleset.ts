import { closeSync, fstatSync } from 'node:fs';
import { grantable, type Handled, handledBy } from './access-rights.ts';
import { addressOf, call } from './kernel.ts';

// cspell:ignore ruleset

const ASK_VERSION = 1;
const BENEATH_PATH = 1;

/** The version of the interface that this kernel has. @throws where it has none, or it is switched off */
export function landlockVersion(): number {
  return call('landlock_create_ruleset', 0, 0, ASK_VERSION);
}

/** Rules of this thread, for good: whoever becomes another program, and all it starts, keeps them. */
export class Ruleset {
  readonly #fd: number;
  readonly #handled: Handled;

  constructor(version: number, options: { readonly hasNetwork: boolean }) {
    this.#handled = handledBy(version, options);
    const attributes = attributesOf(this.#handled, version);
    this.#fd = call('landlock_create_ruleset', addressOf(attributes), attributes.length, 0);
  }

  /** Allows what lies at or below the object that a descriptor holds, by whatever name it is reached. */
  allow(fd: number, rights: bigint): void {
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(grantable(rights, this.#handled, fstatSync(fd).isDirectory()), 0);
    rule.writeInt32LE(fd, 8);
    call('landlock_add_rule', this.#fd, BENEATH_PATH, addressOf(rule), 0);
  }

  /** Nothing else from here on. */
  enforce(): void {
    call('landlock_restrict_self', this.#fd, 0);
    closeSync(this.#fd);
  }
}

/** A kernel takes no more than it knows, unless the rest is zero, and old ones not even that. */
function attributesOf({ files, tcp, scopes }: Handled, version: number): Buffer {
  const attributes = Buffer.alloc(24);
  attributes.writeBigUInt64LE(files, 0);
  attributes.writeBigUInt64LE(tcp, 8);
  attributes.writeBigUInt64LE(scopes, 16);
  return attributes.subarray(0, version >= 6 ? 24 : version >= 4 ? 16 : 8);
}
