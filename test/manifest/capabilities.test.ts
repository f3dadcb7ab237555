// cspell:ignore allowd filesytem
import { expect, test } from 'vitest';
import { NO_CAPABILITIES } from '../../host/index.ts';
import { HEAD, parseClean, parseText } from './sample.ts';

const ASK = `${HEAD}[capabilities]\n`;

test('nothing asked is nothing requested', async () => {
  expect((await parseClean(HEAD)).capabilities).toEqual(NO_CAPABILITIES);
  expect((await parseClean(`${ASK}terminal_exec = {}\nsecrets_access = false`)).capabilities).toEqual(NO_CAPABILITIES);
});

test('each rule knows the field it stands in', async () => {
  const { capabilities } = await parseClean(`${ASK}
network = ["*.amazonaws.com", "https://internal.corp:8443"]
filesystem_read = ["./"]
filesystem_write = ["$STATE"]
env_read = ["AWS_*"]
secrets_access = ["github-token"]
messaging = ["reviewer"]
terminal_exec = { allowed = true, commands = ["aws"], blocked = ["rm"], args = { aws = ["s3 ls **"] } }`);
  expect(capabilities).toEqual({
    network: [
      { text: '*.amazonaws.com', origin: 'capabilities.network[0]' },
      { text: 'https://internal.corp:8443', origin: 'capabilities.network[1]' },
    ],
    filesystemRead: [{ text: './', origin: 'capabilities.filesystem_read[0]' }],
    filesystemWrite: [{ text: '$STATE', origin: 'capabilities.filesystem_write[0]' }],
    envRead: [{ text: 'AWS_*', origin: 'capabilities.env_read[0]' }],
    secretsAccess: [{ text: 'github-token', origin: 'capabilities.secrets_access[0]' }],
    messaging: [{ text: 'reviewer', origin: 'capabilities.messaging[0]' }],
    terminalExec: {
      commands: [{ text: 'aws', origin: 'capabilities.terminal_exec.commands[0]' }],
      blocked: [{ text: 'rm', origin: 'capabilities.terminal_exec.blocked[0]' }],
      args: new Map([['aws', [{ text: 's3 ls **', origin: 'capabilities.terminal_exec.args.aws[0]' }]]]),
    },
  });
});

test('secrets_access = true asks for each secret', async () => {
  const { capabilities } = await parseClean(`${ASK}secrets_access = true`);
  expect(capabilities.secretsAccess).toEqual([{ text: '*', origin: 'capabilities.secrets_access' }]);
});

test('every program is only meant when it is written out', async () => {
  const { capabilities } = await parseClean(`${ASK}terminal_exec = { allowed = true, commands = ["*"] }`);
  expect(capabilities.terminalExec.commands).toMatchObject([{ text: '*' }]);
});

test.each(['allowed = false, commands = ["git"]', 'commands = ["git"]'])('{ %s } gives no commands', async (fields) => {
  const { manifest, problems } = await parseText(`${ASK}terminal_exec = { ${fields} }`);
  expect(problems).toMatchObject([{ severity: 'warning', code: 'M_COMMANDS_NOT_ALLOWED', line: 8 }]);
  expect(manifest?.capabilities.terminalExec.commands).toEqual([]);
});

const T = 'capabilities.terminal_exec';
test.each([
  ['terminal_exec = { allowed = true }', 'M_COMMANDS_EMPTY', `${T}.commands`, 'commands = ["*"]'],
  ['terminal_exec = { allowed = true, commands = [] }', 'M_COMMANDS_EMPTY', `${T}.commands`, 'commands = ["*"]'],
  ['terminal_exec = true', 'M_TYPE', T, 'write terminal_exec = { allowed = true, commands = ["git"] }'],
  ['terminal_exec = ["aws"]', 'M_TYPE', T, 'write terminal_exec = { allowed = true, commands = ["aws"] }'],
  ['terminal_exec = { allowed = "yes" }', 'M_TYPE', `${T}.allowed`, 'allowed = true'],
  ['terminal_exec = { allowd = true }', 'M_UNKNOWN_KEY', `${T}.allowd`, 'write allowed'],
  ['terminal_exec = { allowed = true, commands = ["sh -c x"] }', 'M_RULE', `${T}.commands[0]`, '["git"]'],
  ['terminal_exec = { allowed = true, commands = "git" }', 'M_TYPE', `${T}.commands`, 'write commands = ["git"]'],
  ['terminal_exec = { blocked = ["/bin/rm"] }', 'M_RULE', `${T}.blocked[0]`, '["git"]'],
  ['terminal_exec = { args = { git = ["log"] } }', 'M_ARGS_UNUSED', `${T}.args.git`, 'add "git" to commands'],
  [
    'terminal_exec = { allowed = true, commands = ["*"], args = { git = [] } }',
    'M_ARGS_EMPTY',
    `${T}.args.git`,
    'write patterns',
  ],
  [
    'terminal_exec = { allowed = true, commands = ["*"], args = { git = ["a*"] } }',
    'M_RULE',
    `${T}.args.git[0]`,
    'write patterns',
  ],
  [
    'terminal_exec = { allowed = true, commands = ["*"], args = { "*" = ["a"] } }',
    'M_RULE',
    `${T}.args."*"`,
    'program',
  ],
  ['network = "api.example.org"', 'M_TYPE', 'capabilities.network', 'write network = ["api.example.org"]'],
  ['network = ["ok.org", "*"]', 'M_RULE', 'capabilities.network[1]', 'network = ['],
  ['network = [1]', 'M_TYPE', 'capabilities.network[0]', 'quotes'],
  ['network = true', 'M_TYPE', 'capabilities.network', 'write network = ["api.example.org"]'],
  ['env_read = ["*"]', 'M_RULE', 'capabilities.env_read[0]', 'env_read = ["AWS_*"]'],
  ['secrets_access = ["*"]', 'M_RULE', 'capabilities.secrets_access[0]', 'secrets_access = ['],
  ['filesystem_read = ["../x"]', 'M_RULE', 'capabilities.filesystem_read[0]', 'filesystem_read = ["./"]'],
  ['filesytem_read = ["./"]', 'M_UNKNOWN_KEY', 'capabilities.filesytem_read', 'write filesystem_read'],
  ['state = true', 'M_STATE', 'capabilities.state', 'remove it'],
])('%s', async (line, code, field, fix) => {
  const { problems } = await parseText(ASK + line);
  expect(problems).toMatchObject([{ code, field, line: 8 }]);
  expect(problems[0]?.fix).toContain(fix);
});
