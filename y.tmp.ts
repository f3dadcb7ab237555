import { parseYaml } from './src/manifest/parse-yaml.ts';
import { Report } from './src/manifest/report.ts';
const t = (name: string, src: string, scalars: 'text' | 'typed' = 'text') => {
  const s = performance.now();
  const r = new Report();
  const v = parseYaml(src, r, { scalars });
  console.log(
    name,
    (performance.now() - s).toFixed(1),
    JSON.stringify(v?.table, (k, x) => (typeof x === 'bigint' ? `${x}n` : x))?.slice(0, 120),
    JSON.stringify(r.findings.slice(0, 2)).slice(0, 300),
  );
};
t('x', 'name: abc\nv: 1.0\nb: true\ne:\nl: [a, "b", 1]\nt: 12345678901234567890\n');
t(
  'x',
  'name: abc\nv: 1.0\nb: true\ne:\nl: [a, "b", 1]\nt: 12345678901234567890\nd: 2024-01-01\nn: ~\nh: 0x10',
  'typed',
);
t('dup', 'a: 1\na: 2');
t(
  'bomb',
  'a: &a [x,x,x,x,x,x,x,x,x]\n' +
    Array.from(
      { length: 20 },
      (_, i) =>
        `a${i}: &a${i} [*a${i === 0 ? '' : i - 1},*a${i === 0 ? '' : i - 1},*a${i === 0 ? '' : i - 1},*a${i === 0 ? '' : i - 1},*a${i === 0 ? '' : i - 1}]`,
    ).join('\n'),
);
t('cycle', 'a: &a [*a]');
t('proto', '__proto__: {x: 1}\nconstructor: 2');
t('deep', '['.repeat(20000));
t('map20k', Array.from({ length: 20000 }, (_, i) => `k${i}: v`).join('\n'));
t('flow', ',[' + 'a,'.repeat(100000) + ']');
t('flow', 'a: [' + 'a,'.repeat(100000) + ']');
t('emptyflow', '[,,,' + ','.repeat(200000) + ']');
t('bang', '! '.repeat(100000));
t('lf', '\n'.repeat(250000) + 'a: b');
t('str', 'a: "' + '\\x'.repeat(60000) + '"');
t('tag', 'a: !!js/function "x"\nb: !foo x\nc: !!str 3');
t('merge', 'a: &x {b: 1}\nc:\n  <<: *x');
t('docs', 'a: b\n---\nc: d');
t('colon', 'description: Use this: when you need');
t('tab', 'a:\n\tb: c');
t('q', '? [a]\n: b');
t('seq', '- a\n- b');
t('scalar', 'hello');
t('empty', '');
t('comment', '# hi');
t('star', 'a: *b');
