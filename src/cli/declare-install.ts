import type { Command, Option } from 'commander';
import { SkillError } from '../../host/index.ts';
import type { Context } from './context.ts';
import type { AddFlags } from './verbs/add.ts';
import type { PackFlags } from './verbs/pack.ts';
import type { PublishFlags } from './verbs/publish.ts';
import type { RemoveFlags } from './verbs/remove.ts';
import type { UpdateFlags } from './verbs/update.ts';

type Repeatable = (flags: string, description: string) => Option;

const PLACES = `
A skill comes from
  ./folder, ./skill.tgz                 a folder or an archive of this machine
  github:owner/repo[/folder][@ref]      a repository on GitHub
  git+https://host/repo.git[#ref]       any other repository; also git+ssh://
  https://host/skill.tgz                an archive: .tgz, .tar.gz, .zip
  oci://host/name[:tag]                 a registry of container images
  cloud.aws[@^1.2]                      a registry of skills in config.toml`;

/** The verbs that change what is installed. */
export function declareInstallVerbs(
  program: Command,
  context: () => Context,
  onExit: (code: number) => void,
  repeatable: Repeatable,
): void {
  const answers = (command: Command): Command =>
    command
      .option('-y, --yes', 'grant all that is asked for')
      .addOption(repeatable('--grant <cap=scope>', 'grant this much, and ask nothing'))
      .option('--no-grant', 'grant nothing, and ask nothing')
      .option('--replace', 'also in the place of a skill from elsewhere')
      .option('--allow-downgrade', 'also older than what is installed')
      .option('--accept-signer', 'also signed by somebody else than what is installed');

  answers(
    program
      .command('add')
      .description('install skills, pinned, checked, and asked about')
      .argument('<skills...>', 'where they come from, see below'),
  )
    .option('--link', 'use a folder where it is, for development')
    .addOption(repeatable('--pick <name>', 'of a package with several skills, this one'))
    .option('--all', 'of a package with several skills, all')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', PLACES)
    .action(async (requests: string[], flags: AddFlags) =>
      onExit(await (await import('./verbs/add.ts')).add(requests, flags, context())),
    );
  program
    .command('install')
    .description('fetch what skills.lock names and is not here, byte for byte')
    .option('--frozen', 'the same; nothing is ever decided anew')
    .argument('[skills...]', 'skill add installs new ones')
    .action(async (requests: string[]) => {
      if (requests.length > 0)
        throw new SkillError('E_USAGE', 'skill install takes no skills: it installs what the lock file names', {
          hint: 'skill add installs new ones',
        });
      onExit(await (await import('./verbs/install.ts')).installFrozen(context()));
    });
  answers(
    program.command('update').description('install newer versions from where skills came from').argument('[ids...]'),
  )
    .option('--check', 'only say what there is')
    .option('--major', 'also versions that may break what relies on them')
    .option('--format <format>', 'table, json or yaml', 'table')
    .action(async (ids: string[], flags: UpdateFlags) =>
      onExit(await (await import('./verbs/update.ts')).update(ids, flags, context())),
    );
  program
    .command('remove')
    .description('remove skills, and what was here only because of them')
    .argument('<ids...>')
    .option('--keep-state', 'leave the values they keep, for when they are installed again')
    .action(async (ids: string[], flags: RemoveFlags) =>
      onExit(await (await import('./verbs/remove.ts')).remove(ids, flags, context())),
    );
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    program
      .command(verb)
      .description(enabled ? 'switch skills on again' : 'switch skills off; they stay installed')
      .argument('<ids...>')
      .action(async (ids: string[]) =>
        onExit(await (await import('./verbs/remove.ts')).switchTo(enabled, ids, context())),
      );
  program
    .command('verify')
    .description('whether everything is as it was installed')
    .argument('[ids...]')
    .option('--explain', 'what was checked, step by step')
    .option('--format <format>', 'text or json', 'text')
    .action(async (ids: string[], flags: { format: string; explain?: boolean }) =>
      onExit(await (await import('./verbs/verify.ts')).verify(ids, flags, context())),
    );
  program
    .command('doctor')
    .description('find what is wrong with what is installed, and remove what killed processes left')
    .option('--dry-run', 'only look')
    .option('--format <format>', 'text or json', 'text')
    .action(async (flags: { format: string; dryRun?: boolean }) =>
      onExit(await (await import('./verbs/doctor.ts')).doctor(flags, context())),
    );
  program
    .command('pack')
    .description('make an archive of a skill, the same bytes each time')
    .argument('<folder>')
    .option('-o, --out <file>', 'where to; otherwise ID-VERSION.tgz here')
    .option('--sign <key>', 'with a secret key file: minisign, or a private key in PEM')
    .option('--format <format>', 'text or json', 'text')
    .action(async (folder: string, flags: PackFlags) =>
      onExit(await (await import('./verbs/pack.ts')).pack(folder, flags, context())),
    );
  program
    .command('publish')
    .description('pack a skill and put it where others install it from')
    .argument('<folder>')
    .argument('<to>', 'oci://host/name[:tag], or a folder that serves as a registry')
    .option('--sign <key>', 'as in skill pack; a key in PEM signs as cosign does as well')
    .option('--format <format>', 'text or json', 'text')
    .action(async (folder: string, to: string, flags: PublishFlags) =>
      onExit(await (await import('./verbs/publish.ts')).publish(folder, to, flags, context())),
    );
}
