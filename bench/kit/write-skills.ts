import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a directory of so many `SKILL.md` skills of the usual size. */
export function writeSkills(directory: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const name = `skill-${i}`;
    const about = `${SUBJECTS[i % SUBJECTS.length]} of kind ${i % 97}`;
    const head = `---\nname: ${name}\ndescription: Handles ${about}. Use it when somebody asks for ${about} or a report on them.\n---\n`;
    const body = `\n# ${about}\n\n${`Look at the ${about} first, then write down what was found. `.repeat(20)}\n`;
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'SKILL.md'), head + body);
  }
}

const SUBJECTS = [
  'invoices',
  'log files',
  'translations',
  'spreadsheets',
  'test reports',
  'maps',
  'recipes',
  'letters',
];
