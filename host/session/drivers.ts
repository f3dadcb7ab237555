import { SkillError } from '../errors.ts';
import { quote } from '../quote.ts';

/** How an interpreter is made to take one request after another, and to say where each one ends. */
export interface Driver {
  /** Words in front of those of the tool. */
  readonly words: readonly string[];
  /** One request as a line: the mark that is to end its output, and its code. */
  readonly encode: (mark: string, code: string) => string;
}

const jsonLine = (mark: string, code: string): string => `${JSON.stringify([mark, code])}\n`;

/** Every byte as an octal escape of `printf %b`, so that a line is a line whatever is in it. */
const shellLine = (mark: string, code: string): string => {
  const escaped = [...Buffer.from(code)].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
  return `${mark} ${escaped}\n`;
};

// Requests come by a descriptor that the code is not given as its standard input. The value of a last expression is shown,
// as such a program does when a person types to it.
const PYTHON = `
import ast, json, os, sys, traceback
def _serve():
    requests = os.fdopen(os.dup(0), 'r', encoding='utf-8', newline='\\n')
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    out, err = os.dup(1), os.dup(2)
    space = {'__name__': '__main__', '__builtins__': __builtins__}
    for line in requests:
        mark, code = json.loads(line)
        failure = None
        try:
            tree = ast.parse(code, '<session>')
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, '<session>', 'exec'), space)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), '<session>', 'eval'), space)
                if value is not None:
                    print(repr(value))
        except SystemExit:
            raise
        except BaseException as error:
            failure = ''.join(traceback.format_exception_only(type(error), error)).strip()
            traceback.print_exc()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        os.write(out, ('\\n' + mark + '\\n').encode())
        os.write(err, ('\\n' + mark + ' ' + json.dumps({'error': failure}) + '\\n').encode())
_serve()
`;

const BASH = `
exec {SKILLHOST_REQUESTS}<&0 {SKILLHOST_OUT}>&1 {SKILLHOST_ERR}>&2 </dev/null
while IFS= read -r -u "$SKILLHOST_REQUESTS" SKILLHOST_LINE; do
  SKILLHOST_MARK=\${SKILLHOST_LINE%% *}
  printf -v SKILLHOST_CODE %b "\${SKILLHOST_LINE#* }"
  eval "$SKILLHOST_CODE"
  SKILLHOST_STATUS=$?
  printf '\\n%s\\n' "$SKILLHOST_MARK" >&"$SKILLHOST_OUT"
  printf '\\n%s {"status":%d}\\n' "$SKILLHOST_MARK" "$SKILLHOST_STATUS" >&"$SKILLHOST_ERR"
done
`;

const SH = `
exec 7<&0 8>&1 9>&2 </dev/null
while IFS= read -r SKILLHOST_LINE <&7; do
  SKILLHOST_MARK=\${SKILLHOST_LINE%% *}
  SKILLHOST_CODE=$(printf %b "\${SKILLHOST_LINE#* }")
  eval "$SKILLHOST_CODE"
  SKILLHOST_STATUS=$?
  printf '\\n%s\\n' "$SKILLHOST_MARK" >&8
  printf '\\n%s {"status":%d}\\n' "$SKILLHOST_MARK" "$SKILLHOST_STATUS" >&9
done
`;

const NODE = `
const { writeSync } = require('node:fs');
const { inspect } = require('node:util');
const { runInThisContext } = require('node:vm');
globalThis.require = require;
(async () => {
  for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
    const [mark, code] = JSON.parse(line);
    let failure = null;
    try {
      const value = await runInThisContext(code, { filename: 'session' });
      if (value !== undefined) console.log(typeof value === 'string' ? value : inspect(value));
    } catch (error) {
      failure = String(error);
      console.error(error);
    }
    writeSync(1, '\\n' + mark + '\\n');
    writeSync(2, '\\n' + mark + ' ' + JSON.stringify({ error: failure }) + '\\n');
  }
})();
`;

const DRIVERS: ReadonlyMap<string, Driver> = new Map([
  ['python3', { words: ['-u', '-c', PYTHON], encode: jsonLine }],
  ['python', { words: ['-u', '-c', PYTHON], encode: jsonLine }],
  ['bash', { words: ['-c', BASH, 'bash'], encode: shellLine }],
  ['sh', { words: ['-c', SH, 'sh'], encode: shellLine }],
  ['node', { words: ['-e', NODE, '--'], encode: jsonLine }],
]);

/** Programs that sessions can be of. */
export const SESSION_PROGRAMS: readonly string[] = [...DRIVERS.keys()];

/** @throws SkillError E_UNSUPPORTED for a program that nobody knows to feed one request at a time */
export function driverOf(program: string): Driver {
  const driver = DRIVERS.get(program);
  if (driver !== undefined) return driver;
  throw new SkillError('E_UNSUPPORTED', `there are no sessions of ${quote(program)}`, {
    hint: `sessions are of ${SESSION_PROGRAMS.join(', ')}`,
  });
}
