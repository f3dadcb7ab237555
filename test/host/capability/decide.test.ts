// cspell:ignore notapi REGIO
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CapabilityRequest, decide } from '../../../host/capability/decide.ts';
import type { Layer } from '../../../host/capability/layer.ts';
import { layerOf, type Rules } from '../function/scope-fixture.ts';

// Pure decisions: no file, name or program of this machine is looked at, so programs have no real path.

const place = { cwd: '/nowhere/at-all' };
const layer = (name: string, rules: Rules): Layer => layerOf(name, rules, place);

interface Kind {
  readonly request: CapabilityRequest;
  /** Lists that cover the request, each in another form. */
  readonly wide: readonly Rules[];
  /** Lists that look alike and do not cover it. */
  readonly narrow: readonly Rules[];
}

const KINDS: Readonly<Record<CapabilityRequest['capability'], Kind>> = {
  filesystem_read: {
    request: { capability: 'filesystem_read', path: '/data/in/a.txt' },
    wide: [{ read: ['/data/in/a.txt'] }, { read: ['/data/in'] }, { read: ['/data/in/'] }, { read: ['/'] }],
    narrow: [{ read: ['/data/i'] }, { read: ['/data/in/a'] }, { read: ['/Data/in'] }, { write: ['/data/in'] }],
  },
  filesystem_write: {
    request: { capability: 'filesystem_write', path: '/nowhere/at-all/out/x' },
    wide: [{ write: ['./out'] }, { write: ['.'] }, { write: ['$PROJECT_ROOT/out'] }, { write: ['out/x'] }],
    narrow: [{ write: ['./ou'] }, { write: ['$CACHE'] }, { write: ['~'] }, { read: ['/'] }],
  },
  network: {
    request: { capability: 'network', scheme: 'https:', host: 'api.example.org', port: 443, method: 'POST' },
    wide: [
      { network: ['api.example.org'] },
      { network: ['*.example.org'] },
      { network: ['https://api.example.org'] },
      { network: ['GET,POST https://api.example.org:443'] },
    ],
    narrow: [
      { network: ['example.org'] },
      { network: ['*.api.example.org'] },
      { network: ['http://api.example.org'] },
      { network: ['api.example.org:8443'] },
      { network: ['GET api.example.org'] },
      { network: ['api.example.org.evil.test'] },
      { network: ['notapi.example.org'] },
    ],
  },
  env_read: {
    request: { capability: 'env_read', name: 'AWS_REGION' },
    wide: [{ env: ['AWS_REGION'] }, { env: ['AWS_*'] }, { env: ['HOME', 'A*'] }],
    narrow: [{ env: ['AWS_REGIO'] }, { env: ['AWS_REGION_*'] }, { env: ['aws_*'] }, { secrets: ['AWS_REGION'] }],
  },
  secrets_access: {
    request: { capability: 'secrets_access', name: 'github-token' },
    wide: [{ secrets: ['github-token'] }, { secrets: ['other', 'github-token'] }],
    narrow: [{ secrets: ['github'] }, { secrets: ['github-token-2'] }, { env: ['github-token'] }],
  },
  terminal_exec: {
    request: { capability: 'terminal_exec', name: 'git', real: '', args: ['status', '--short'] },
    wide: [
      { commands: ['git'] },
      { commands: ['*'] },
      { commands: ['git'], args: { git: ['status **'] } },
      { commands: ['git'], args: { git: ['log', 'status --short'] } },
      { commands: ['git'], args: { hg: ['status'] } },
    ],
    narrow: [
      { commands: ['gi'] },
      { commands: ['git-lfs'] },
      { commands: ['*'], blocked: ['git'] },
      { commands: ['git'], blocked: ['git'] },
      { commands: ['git'], args: { git: ['status'] } },
      { commands: ['git'], args: { git: ['status *'] } },
      { commands: ['*'], args: { git: ['log **'] } },
    ],
  },
};

const EVERYTHING: Rules = {
  read: ['/'],
  write: ['/'],
  network: ['api.example.org'],
  env: ['AWS_*'],
  secrets: ['github-token'],
  commands: ['*'],
};

describe.each(Object.entries(KINDS))('%s', (capability, { request, wide, narrow }) => {
  const granted = wide.map((rules) => [JSON.stringify(rules), rules] as const);
  const refused = [...narrow, {}].map((rules) => [JSON.stringify(rules), rules] as const);

  it.each(granted)('is allowed when manifest and grant both have %s [R-GATE-1]', (_text, rules) => {
    const decision = decide(request, [layer('manifest', rules), layer('grant', rules)]);
    expect(decision).toMatchObject({ allowed: true, capability, layer: 'grant', source: 'grant.toml' });
    expect(decision.rule).toContain(capability);
    expect(decision.field).toMatch(/^capabilities\.[a-z_.]+\[\d\]$/);
    expect(decision.resource).not.toBe('');
  });

  it.each(refused)('is denied by whichever layer has only %s, and names it [R-GATE-1]', (_text, rules) => {
    for (const at of ['manifest', 'corp', 'grant']) {
      const layers = ['manifest', 'corp', 'grant'].map((name) => layer(name, name === at ? rules : EVERYTHING));
      const decision = decide(request, layers);
      expect(decision).toMatchObject({ allowed: false, capability, layer: at, source: `${at}.toml` });
      expect(decision.rule).toMatch(new RegExp(`^${capability}(?:\\.[a-z]+)* = `));
      expect(decision.field).toContain(`capabilities.${capability}`);
    }
  });

  it('is denied by the first layer of several that refuse [R-GATE-1]', () => {
    const [no] = narrow;
    expect(decide(request, [layer('manifest', no ?? {}), layer('grant', {})]).layer).toBe('manifest');
    expect(decide(request, [layer('grant', {}), layer('manifest', no ?? {})]).layer).toBe('grant');
    expect(decide(request, [layer('manifest', EVERYTHING), layer('x', {}), layer('y', {})]).layer).toBe('x');
  });

  it('is denied when there is no layer at all [R-GATE-1]', () => {
    expect(decide(request, [])).toMatchObject({ allowed: false, layer: 'gate', rule: 'nothing was granted' });
  });

  it('is never widened by another layer, wherever it stands [R-GATE-1]', () => {
    const rules = fc.constantFrom<Rules>(...wide, ...narrow, EVERYTHING, {});
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 4 }), rules, fc.nat(4), (texts, added, at) => {
        const layers = texts.map((one, index) => layer(`layer-${index}`, one));
        const more = layers.toSpliced(at, 0, layer('added', added));
        const [before, after] = [decide(request, layers), decide(request, more)];
        const alone = more.every((one) => decide(request, [one]).allowed);
        expect(after.allowed).toBe(more.length > 0 && alone);
        if (layers.length > 0) expect(after.allowed && !before.allowed).toBe(false);
        if (!after.allowed) expect(after.layer).toBe(more.find((one) => !decide(request, [one]).allowed)?.name);
      }),
    );
  });

  it('is never allowed by more rules for other capabilities [R-GATE-1]', () => {
    const others = Object.entries(KINDS).filter(([name]) => name !== capability);
    const all = Object.assign({}, ...others.map(([, kind]) => kind.wide[0])) as Rules;
    expect(decide(request, [layer('grant', all)]).allowed).toBe(false);
  });
});

describe('blocked programs', () => {
  it('stay blocked under every list of commands and patterns [R-GATE-1]', () => {
    const word = fc.constantFrom('*', 'rm', 'git', 'sh');
    fc.assert(
      fc.property(fc.array(word), fc.array(word), fc.boolean(), (commands, blocked, open) => {
        const rules = { commands, blocked: [...blocked, 'rm'], ...(open && { args: { rm: ['**'] } }) };
        const decision = decide({ capability: 'terminal_exec', name: 'rm', real: '', args: [] }, [
          layer('grant', rules),
        ]);
        expect(decision).toMatchObject({ allowed: false, rule: 'terminal_exec.blocked = "rm"' });
      }),
    );
  });
});

describe('what a decision shows', () => {
  it('is cut, however long the list [R-GATE-1]', () => {
    const many = { env: Array.from({ length: 500 }, (_, index) => `N${index}_${'x'.repeat(500)}`) };
    const { rule } = decide({ capability: 'env_read', name: 'HOME' }, [layer('grant', many)]);
    expect(rule.length).toBeLessThan(1_000);
    expect(rule).toContain('…');
  });
});
