import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, matchesArgs } from '../../../host/capability/decide.ts';
import { isProgramName } from '../../../host/capability/find-program.ts';
import { matchesNetwork, parseNetworkRule } from '../../../host/capability/network-rule.ts';
import { checkArgsText, checkRuleText } from '../../../src/manifest/rule-text.ts';

describe('patterns over arguments', () => {
  const word = fc.oneof(
    fc.constantFrom('a', 'b', '-x', '--force', '-', '', 'a b', '*', '**'),
    fc.string({ maxLength: 5 }),
  );

  it.each([
    ['status', ['status'], true],
    ['status', ['status', '-s'], false],
    ['status', [], false],
    ['log **', ['log'], true],
    ['log **', ['log', '-1', '--', 'x'], true],
    ['log **', ['lo'], false],
    ['**', [], true],
    ['*', ['x'], true],
    ['*', ['-x'], false],
    ['*', ['-'], false],
    ['*', ['--'], false],
    ['*', ['--upload-pack=x'], false],
    ['clone *', ['clone', '-cx=y'], false],
    ['clone * **', ['clone', '-u', 'x'], false],
    ['clone *', ['clone', 'ext::sh -c x'], true],
    ['a b', ['a b'], false],
    ['A', ['a'], false],
    ['*', ['*'], true],
    ['* *', ['x'], false],
  ] as const)('%j over %j is %s [R-GATE-1]', (pattern, args, expected) => {
    expect(checkArgsText(pattern)).toBeUndefined();
    expect(matchesArgs(pattern, args)).toBe(expected);
  });

  it('never take an option for a star [R-GATE-1]', () => {
    fc.assert(
      fc.property(fc.array(word), fc.nat(), fc.string(), (args, at, rest) => {
        const position = at % (args.length + 1);
        const stars = Array.from({ length: args.length + 1 }, () => '*').join(' ');
        expect(matchesArgs(stars, args.toSpliced(position, 0, `-${rest}`))).toBe(false);
      }),
    );
  });

  it('without stars take exactly their own words [R-GATE-1]', () => {
    const plain = fc.stringMatching(/^[a-z-]{1,4}$/);
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), fc.array(plain, { maxLength: 4 }), (words, args) => {
        expect(matchesArgs(words.join(' '), words)).toBe(true);
        expect(matchesArgs(words.join(' '), args)).toBe(JSON.stringify(words) === JSON.stringify(args));
      }),
    );
  });
});

describe('paths', () => {
  it('are covered by themselves and what leads to them, never by a longer or a sibling name [R-GATE-1]', () => {
    const name = fc.stringMatching(/^[a-z.]{1,3}$/).filter((text) => text !== '.' && text !== '..');
    const names = fc.array(name, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, names, (rule, path) => {
        const root = `/${rule.join('/')}`;
        const expected = rule.every((part, index) => path[index] === part);
        expect(covers({ written: root, real: root }, `/${path.join('/')}`)).toBe(expected);
        expect(covers({ written: '/elsewhere', real: root }, `/${path.join('/')}`)).toBe(
          expected || path[0] === 'elsewhere',
        );
      }),
    );
  });
});

describe('rules that a manifest accepts', () => {
  const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,6}[a-z0-9_])?$/);
  const host = fc.oneof(
    fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  );
  const rule = fc
    .record({
      methods: fc.constantFrom('', 'GET ', 'GET,POST ', 'DELETE '),
      scheme: fc.constantFrom('', 'http://', 'https://'),
      star: fc.constantFrom('', '', '*.'),
      host,
      port: fc.constantFrom('', ':1', ':80', ':443', ':65535'),
    })
    .map(({ methods, scheme, star, host: name, port }) => `${methods}${scheme}${star}${name}${port}`)
    .filter((text) => checkRuleText('network', text) === undefined);

  it('open nothing to guests by programs:*, which is the network of programs [R-COMMAND-3]', () => {
    const whole = parseNetworkRule({ text: 'programs:*', origin: '' });
    expect(whole.isShared).toBe(true);
    for (const name of ['', '*', 'programs', 'programs:*', 'a.org', '127.0.0.1', 'localhost'])
      for (const port of [80, 443]) {
        const target = { scheme: port === 80 ? 'http:' : 'https:', host: name, port, method: 'GET' };
        expect(matchesNetwork(whole, target)).toBe(false);
      }
    for (const text of [
      '*',
      '*.*',
      'programs:* ',
      'programs',
      'GET programs:*',
      'https://programs:*',
      'programs:443',
      'Programs:*',
    ])
      expect(parseNetworkRule({ text, origin: '' }).isShared).toBe(false);
  });

  it('are read by the gate as they are written [R-GATE-1]', () => {
    fc.assert(
      fc.property(rule, (text) => {
        const parsed = parseNetworkRule({ text, origin: '' });
        const [, methods, scheme, name = '', port] = /^(?:(\S+) )?(?:(https?):\/\/)?(.+?)(?::(\d+))?$/.exec(text) ?? [];
        // Punycode that stands for nothing is refused by URL parsers, and the rule then matches nothing.
        if (parsed.host === '') expect(text).toContain('xn--');
        else if (!name.includes('[')) expect(parsed.host).toBe(name);
        expect(parsed.methods === undefined ? undefined : [...parsed.methods].join(',')).toBe(methods);
        expect(parsed.scheme).toBe(scheme === undefined ? undefined : `${scheme}:`);
        expect(parsed.port).toBe(port === undefined ? undefined : Number(port));
      }),
      { numRuns: 500 },
    );
  });

  it('match the host they name, and with a star only hosts below it [R-GATE-1]', () => {
    fc.assert(
      fc.property(rule, label, (text, below) => {
        const parsed = parseNetworkRule({ text, origin: '' });
        fc.pre(parsed.host !== '');
        const target = { scheme: parsed.scheme ?? 'https:', method: [...(parsed.methods ?? ['GET'])][0] ?? 'GET' };
        const port = parsed.port ?? (target.scheme === 'http:' ? 80 : 443);
        const bare = parsed.host.replace('*.', '');
        const isStar = parsed.host.startsWith('*.');
        expect(matchesNetwork(parsed, { ...target, port, host: bare })).toBe(!isStar);
        expect(matchesNetwork(parsed, { ...target, port, host: `${below}.${bare}` })).toBe(isStar);
        expect(matchesNetwork(parsed, { ...target, port, host: `${below}${bare}` })).toBe(false);
        expect(matchesNetwork(parsed, { ...target, port: port + 1, host: isStar ? `${below}.${bare}` : bare })).toBe(
          false,
        );
        expect(matchesNetwork(parsed, { ...target, port, host: `${bare}.evil.test` })).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['', '*', 'GET', 'a/b', 'u@h', 'ftp://h', '*.', '[::g]', 'h:999999'])(
    'are the only ones that match: %j matches nothing [R-GATE-1]',
    (text) => {
      const parsed = parseNetworkRule({ text, origin: '' });
      for (const target of ['h', 'a', '', 'x.', '::g', 'GET', 'u', 'b']) {
        expect(matchesNetwork(parsed, { scheme: 'https:', host: target, port: 443, method: 'GET' })).toBe(false);
      }
    },
  );

  it('name programs exactly as the gate takes them [R-GATE-1]', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_.@+/ *-]{1,6}$/),
      fc.string({ maxLength: 4 }),
      fc.constantFrom('.', '..', '...', 'x'.repeat(128), 'x'.repeat(129)),
    );
    fc.assert(
      fc.property(
        name.filter((text) => text !== '*'),
        (text) => {
          expect(isProgramName(text)).toBe(checkRuleText('terminal_exec', text) === undefined);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
