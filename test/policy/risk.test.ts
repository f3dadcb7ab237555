import { describe, expect, it } from 'vitest';
import type { Grant } from '../../src/policy/grant.ts';
import { asksOf } from '../../src/policy/risk.ts';

describe('the risk of what a skill asks for [R-INSTALL-5]', () => {
  it.each<[Grant, 'low' | 'medium' | 'high']>([
    [{ filesystem_read: ['./'] }, 'low'],
    [{ filesystem_read: ['./notes', '$CACHE/x', '$STATE'] }, 'low'],
    [{ filesystem_read: ['./', '~/.ssh'] }, 'medium'],
    [{ filesystem_read: ['/etc'] }, 'medium'],
    [{ filesystem_read: ['~'] }, 'high'],
    [{ filesystem_read: ['/'] }, 'high'],
    [{ filesystem_read: ['./', '*'] }, 'high'],
    [{ filesystem_write: ['./out'] }, 'medium'],
    [{ filesystem_write: ['./out', '~/.bashrc'] }, 'high'],
    [{ filesystem_write: ['/usr/local'] }, 'high'],
    [{ network: ['api.example.org'] }, 'medium'],
    [{ network: ['*'] }, 'high'],
    [{ network: ['https://*'] }, 'high'],
    [{ env_read: ['LANG'] }, 'medium'],
    [{ env_read: ['*'] }, 'high'],
    [{ secrets_access: ['github-token'] }, 'high'],
    [{ terminal_exec: ['git'] }, 'high'],
    [{ messaging: ['reviewer'] }, 'low'],
  ])('%j is %s', (grant, risk) => {
    expect(asksOf(grant).map((ask) => ask.risk)).toEqual([risk]);
  });

  it('puts the riskiest first', () => {
    const asks = asksOf({ filesystem_read: ['./'], network: ['a.example.org'], terminal_exec: ['git'] });
    expect(asks.map(({ capability }) => capability)).toEqual(['terminal_exec', 'network', 'filesystem_read']);
  });
});
