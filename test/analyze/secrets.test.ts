import { describe, expect, it } from 'vitest';
import { alarms, rulesOf, scan, skillMd } from './support.ts';

// Put together here, so that none of them stands in this file.
const MIXED = 'q7Zk2Xw9Rt4Yp8Lm3Nc6Vb1Hs5Jd0Fg7Ka';
const SECRETS: readonly (readonly [name: string, secret: string])[] = [
  ['a key of AWS', `AKIA${MIXED.slice(0, 16).toUpperCase()}`],
  ['a token of GitHub', `ghp_${MIXED}q7`],
  ['a fine token of GitHub', `github_pat_${MIXED}${MIXED}`],
  ['a token of GitLab', `glpat-${MIXED.slice(0, 20)}`],
  ['a token of Slack', `xoxb-48151623-${MIXED}`],
  ['a key of Anthropic', `sk-ant-${MIXED}${MIXED}`],
  ['a key of OpenAI', `sk-proj-${MIXED}${MIXED}`],
  ['a key of Stripe', `sk_live_${MIXED}`],
  ['a key of Google', `AIza${MIXED}q`],
  ['a key of SendGrid', `SG.${MIXED.slice(0, 22)}.${MIXED}${MIXED.slice(0, 8)}`],
  ['a token of npm', `npm_${MIXED}Qq`],
  ['a token of Hugging Face', `hf_${MIXED}`],
  ['a bot of Telegram', `815162342:AA${MIXED.slice(0, 33)}`],
];

describe('secrets that everybody gets with the skill [R-ANALYZE-5]', () => {
  it.each(SECRETS)('%s', (_, secret) => {
    expect(alarms(scan('a.py', `KEY = "${secret}"\n`))).toEqual(['embedded_secret']);
    expect(alarms(scan('SKILL.md', skillMd(`Use ${secret} to log in.`)))).toEqual(['embedded_secret']);
    expect(alarms(scan('config.json', `{"key": "${secret}"}\n`))).toEqual(['embedded_secret']);
    expect(alarms(scan('a.py', `# KEY = "${secret}"\n`))).toEqual(['embedded_secret']);
  });

  it.each([
    ['an example of AWS', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['crosses', `ghp_${'x'.repeat(36)}`],
    ['a word', `sk-ant-your-key-${'0'.repeat(20)}`],
    ['one character', `AKIA${'Z'.repeat(16)}`],
    ['no key at all', 'sk-learn-based-pipelines-for-everything'],
    ['a name in angles', 'ghp_<token>'],
    ['a digest', `sha256-${MIXED}`],
  ])('and not what stands in the place of one: %s', (_, text) => {
    expect(rulesOf(scan('a.py', `KEY = f("${text}")\n`))).toEqual([]);
    expect(alarms(scan('SKILL.md', skillMd(`Use ${text} to log in.`)))).toEqual([]);
  });

  it('private keys, with what stands in them', () => {
    const head = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
    expect(alarms(scan('key.txt', `${head}\n${MIXED}${MIXED}\n`))).toEqual(['private_key']);
    expect(alarms(scan('a.py', `KEY = """${head}\n${MIXED}${MIXED}\n"""\n`))).toEqual(['private_key']);
    expect(alarms(scan('a.py', `if text.startswith("${head}"):\n    pass\n`))).toEqual([]);
    expect(alarms(scan('SKILL.md', skillMd(`It begins with \`${head}\`.`)))).toEqual([]);
  });

  it('passwords in addresses and assignments, without those that are none', () => {
    const address = (password: string, host: string): string => `u = "postgres://app:${password}@${host}/db"\n`;
    expect(alarms(scan('a.py', address('hunter2Blue', 'db.corp.net')))).toEqual(['password_in_address']);
    expect(alarms(scan('a.py', address('password', 'db.corp.net')))).toEqual([]);
    expect(alarms(scan('a.py', address('hunter2Blue', 'localhost')))).toEqual([]);
    expect(rulesOf(scan('a.py', 'db_password = "hunter2Blue"\n'))).toEqual(['written_password']);
    expect(rulesOf(scan('a.py', 'db_password = "changeme123"\n'))).toEqual([]);
    expect(rulesOf(scan('a.py', 'db_password = os.environ["DB_PASSWORD_1"]\n'))).toEqual([]);
  });
});
