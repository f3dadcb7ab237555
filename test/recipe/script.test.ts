import { describe, expect, it } from 'vitest';
import { parseScript } from '../../src/recipe/script.ts';
import { parseTemplate } from '../../src/recipe/template.ts';

function parse(text: string): string {
  const template = parseTemplate(
    text,
    (name) => ({ kind: 'parameter', name }),
    (fault) => {
      throw new Error(fault.wrong);
    },
  );
  const parsed = parseScript(text, template);
  return 'wrong' in parsed ? parsed.wrong : parsed.script;
}

const V = '"${SKILL_VALUE_1}"';

describe('a script is given values as variables in quotes of their own [R-RECIPE-4]', () => {
  it.each<[text: string, script: string]>([
    ['echo $HOME "a" `b` $((1))', 'echo $HOME "a" `b` $((1))'],
    ['echo {{a}}', `echo ${V}`],
    ['echo x{{a}}y', `echo x${V}y`],
    ['echo {{a}} {{b}} {{a}}', `echo ${V} "\${SKILL_VALUE_2}" ${V}`],
    [`echo 'x' {{a}} "y"`, `echo 'x' ${V} "y"`],
    [`echo "$(basename {{a}})"`, `echo "$(basename ${V})"`],
    [`echo "$(a "$(b {{a}})")" {{a}}`, `echo "$(a "$(b ${V})")" ${V}`],
    [`echo \${x} {{a}}`, `echo \${x} ${V}`],
    [`echo "\${x}" {{a}}`, `echo "\${x}" ${V}`],
    [`# it's "so\necho {{a}}`, `# it's "so\necho ${V}`],
    [`echo a#'b' {{a}}`, `echo a#'b' ${V}`],
    [`echo 'it'\\''s' {{a}}`, `echo 'it'\\''s' ${V}`],
    [`echo \\" {{a}} \\"`, `echo \\" ${V} \\"`],
    [`(cd x && cat {{a}}) | wc`, `(cd x && cat ${V}) | wc`],
    [`x={{a}}`, `x=${V}`],
    [`cat > {{a}}`, `cat > ${V}`],
    [`echo {{"{{"}}`, 'echo {{'],
    [`grep 'x$' {{a}}`, `grep 'x$' ${V}`],
    [`grep "x$" {{a}}`, `grep "x$" ${V}`],
    [`echo $(x) {{a}}`, `echo $(x) ${V}`],
    [`echo thread {{a}}`, `echo thread ${V}`],
  ])('%j', (text, script) => {
    expect(parse(text)).toBe(script);
  });

  it.each([
    `echo '{{a}}'`,
    `echo "{{a}}"`,
    `echo "x {{a}} y"`,
    `echo "$(basename "{{a}}")"`,
    `echo \\{{a}}`,
    `echo "\\"{{a}}"`,
    `echo \${x:-{{a}}}`,
    `echo "\${x:-{{a}}}"`,
    `echo \${x:-"}"} {{a}}`,
    `echo $'it\\'s' {{a}}`,
    `echo \${{a}}`,
    `# {{a}}`,
    `echo x # {{a}}`,
    `# "x\necho "{{a}}"`,
    `echo 'x' "y '{{a}}'"`,
  ])('%j puts one where it would be no word of its own', (text) => {
    expect(parse(text)).toMatch(/inside of quotes, of a comment/);
  });

  it.each([
    'eval {{a}}',
    'echo x; eval "$y" {{a}}',
    'echo $(({{a}}))',
    '[[ {{a}} -eq 1 ]]',
    'echo `cat {{a}}`',
    '. ./x {{a}}',
    'source x {{a}}',
    'let x={{a}}',
    'declare x={{a}}',
    'trap {{a}} EXIT',
    'cat <<EOF\n{{a}}\nEOF',
    'cat <<< {{a}}',
    'printf -v {{a}} x',
    'test -v {{a}}',
    'read {{a}}',
    'x; unset {{a}}',
    'while read {{a}}; do x; done',
    'alias x={{a}}',
    'x "$(case y in y) echo {{a}};; esac)"',
  ])('%j reads one again', (text) => {
    expect(parse(text)).toMatch(/reads them again/);
  });

  it.each([
    '{{a}}',
    ' {{a}} x',
    'x; {{a}}',
    'x && {{a}}',
    'x | {{a}}',
    'x\n{{a}}',
    '({{a}})',
    'y "$({{a}})"',
    '{ {{a}}; }',
    '! {{a}}',
    'if {{a}}; then x; fi',
    'if x; then {{a}}; fi',
    'for i in 1; do {{a}}; done',
    'exec {{a}}',
    'env {{a}}',
    'env -i {{a}}',
    'A=b {{a}}',
    'x; A=b {{a}}',
    'sh -c {{a}}',
    'bash -e -c {{a}}',
    'x | xargs {{a}}',
    'sudo {{a}}',
    'case x in x) {{a}};; esac',
    'case x in y) z;; x) {{a}};; esac',
  ])('%j lets one choose what is started', (text) => {
    expect(parse(text)).toMatch(/starts what \{\{a\}\} says/);
  });
});

describe('a script of any size is read in proportion to it [R-RECIPE-2]', () => {
  // One that took the square would still be at it.
  it.each(['$(', '\n', ' ', ';;', '\t;', "'", '"$(', '{{a}}', '{{a}}$(', 'in x)', 'do ', '${', '\\', '#'])(
    '%j, over and over',
    (part) => {
      const text = `echo {{a}} ${part.repeat(1_000_000 / part.length)}`;
      expect(parse(text)).not.toBe('');
    },
  );
});
