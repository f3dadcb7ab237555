import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { write } from '../runtime/folders.ts';

const MANIFEST = `[skill]
id = "custom.notes"
name = "Notes"
description = "Keeps notes in a folder"
version = "0.1.0"
api_version = "1.0"

[capabilities]
terminal_exec = { allowed = true, commands = ["touch", "rm", "cat", "false", "printf", "sleep", "sh", "test"] }
filesystem_read = ["./"]
filesystem_write = ["./"]
`;

/** Makes a note, says something, and fails when it is told to. */
export const NOTE = `id: make-note
name: Make a note
description: Makes a note and says what is in it
version: 1.0.0
triggers:
  - keywords: [make a note, jot down, scribble a memo]
  - keywords: [remember]
    context: { has_files: [notebook.txt] }
parameters:
  - { name: who, default: world, description: Who is greeted }
  - { name: fail, type: boolean, default: false }
preconditions:
  - { check: command_exists, args: [touch, cat] }
  - { check: custom, script: "touch looked.txt", message: A look around }
steps:
  - { id: make, name: Make it, command: touch note.txt, confirmation: auto }
  - { id: greet, command: 'printf "hello, {{who}}\\n"', register: greeting, confirmation: auto }
  - { id: break, when: fail, command: "false", confirmation: auto }
verification:
  - { check: cat note.txt, message: The note is there }
rollback:
  - { command: rm note.txt, undoes: make, description: Remove the note }
`;

const SLOW = `id: wait
name: Wait
description: Waits, so that it can be ended
version: 1.0.0
steps:
  - { id: make, command: touch note.txt, confirmation: auto }
  - { id: rest, command: sleep 30, confirmation: auto }
  - { id: last, command: touch last.txt, confirmation: auto }
rollback:
  - { command: rm note.txt, undoes: make }
`;

const ASKING = `id: ask
name: Ask
description: Asks before each step, and takes a secret
version: 1.0.0
parameters:
  - { name: token, type: secret, description: A token }
  - { name: color, type: enum, values: [red, green] }
steps:
  - { id: first, command: touch first.txt }
  - { id: second, command: touch second.txt, confirmation: always, env: { TOKEN: "{{token}}" } }
`;

/** A folder of a skill with recipes, and an empty one to work in. */
export function writeRecipes(root: string): { readonly skill: string; readonly work: string; readonly home: string } {
  const skill = join(root, 'notes');
  const work = join(root, 'work');
  write(root, {
    'notes/skill.toml': MANIFEST,
    'notes/recipes/note.yaml': NOTE,
    'notes/recipes/slow.yaml': SLOW,
    'notes/recipes/ask.yaml': ASKING,
  });
  mkdirSync(work, { recursive: true });
  return { skill, work, home: join(root, 'home') };
}

/** All that the recipes above want. */
export const GRANTED = [
  '--grant',
  'terminal_exec=touch,rm,cat,false,printf,sleep',
  '--grant',
  'filesystem_read=.',
  '--grant',
  'filesystem_write=.',
];
