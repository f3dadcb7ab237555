import { describe, expect, it } from 'vitest';
import { type CapabilityRequest, type Layer, resolveLayer } from '../../host/index.ts';
import { explainRequest, parseRequest } from '../../src/policy/explain.ts';
import { capabilitiesOf, type Grant } from '../../src/policy/grant.ts';

const anchors = { cwd: '/here', home: '/home/me', cache: '/cache', state: '/state' };
const around = { anchors, path: '/nowhere' };

describe('a request as written after --why', () => {
  const web = { capability: 'network', host: 'a.org', method: 'GET' } as const;
  it.each<[text: string, request: CapabilityRequest]>([
    ['filesystem_read=./notes', { capability: 'filesystem_read', path: '/here/notes' }],
    ['filesystem_read=~/notes', { capability: 'filesystem_read', path: '/home/me/notes' }],
    ['filesystem_read=~', { capability: 'filesystem_read', path: '/home/me' }],
    ['filesystem_read=~other/notes', { capability: 'filesystem_read', path: '/here/~other/notes' }],
    ['filesystem_write=$STATE/a', { capability: 'filesystem_write', path: '/state/a' }],
    ['filesystem_write=$PROJECT_ROOT/a', { capability: 'filesystem_write', path: '/here/a' }],
    ['filesystem_write=/a/../b', { capability: 'filesystem_write', path: '/b' }],
    ['env_read=LANG', { capability: 'env_read', name: 'LANG' }],
    ['secrets_access=token', { capability: 'secrets_access', name: 'token' }],
    ['network=a.org', { ...web, scheme: 'https:', port: 443 }],
    ['network=http://a.org', { ...web, scheme: 'http:', port: 80 }],
    ['network=POST https://a.org:8443/path?x', { ...web, scheme: 'https:', port: 8443, method: 'POST' }],
    ['terminal_exec=git push -f', { capability: 'terminal_exec', name: 'git', real: '', args: ['push', '-f'] }],
  ])('%s', (text, request) => {
    expect(parseRequest(text, around)).toEqual(request);
  });

  it.each(['', 'nonsense', 'filesystem_read', 'env_read=', 'state=x', 'network=http://'])('%j is refused', (text) => {
    const expected = expect.objectContaining({ code: 'E_USAGE', hint: expect.stringContaining('--why') });
    expect(() => parseRequest(text, around)).toThrow(expected);
  });
});

describe('the explanation [R-GATE-1]', () => {
  const layerOf = (name: string, grant: Grant): Layer =>
    resolveLayer({ name, source: `${name}.toml` }, capabilitiesOf(grant), { anchors, path: '' });
  const request = parseRequest('filesystem_read=./notes/today', around);
  const broad: Grant = { filesystem_read: ['./'] };
  const narrow: Grant = { filesystem_read: ['./notes'] };

  it.each<[who: string, layers: Record<string, Grant>, allowed: boolean, decider: string]>([
    ['nobody', {}, false, 'gate'],
    ['both', { manifest: broad, grant: narrow }, true, 'grant'],
    ['the manifest alone', { manifest: broad, grant: {} }, false, 'grant'],
    ['the grant alone', { manifest: {}, grant: narrow }, false, 'manifest'],
    ['neither', { manifest: {}, grant: {} }, false, 'manifest'],
  ])('when %s allows', (_who, layers, allowed, decider) => {
    const voicesOf = Object.entries(layers).map(([name, grant]) => layerOf(name, grant));
    const { decision, voices } = explainRequest(request, voicesOf);
    expect(decision).toMatchObject({ allowed, layer: decider, resource: '/here/notes/today' });
    expect(voices.map(({ layer }) => layer)).toEqual(Object.keys(layers));
    expect(voices.length > 0 && voices.every((voice) => voice.allowed)).toBe(allowed);
  });
});
