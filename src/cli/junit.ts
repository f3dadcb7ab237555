/** What JUnit calls a suite: the tests of one skill. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly {
    readonly name: string;
    readonly failures: readonly { readonly expected: string; readonly actual: string }[];
    readonly durationMs?: number;
  }[];
  /** What is wrong with the tests themselves, each an error. */
  readonly problems: readonly string[];
}

/** Results as the XML of JUnit, as it is read by servers that build (https://github.com/testmoapp/junitxml). */
export function toJunit(suites: readonly Suite[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.map(suite).join('')}</testsuites>\n`;
}

function suite({ name, cases, problems }: Suite): string {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const counts = `tests="${cases.length + problems.length}" failures="${failed}" errors="${problems.length}"`;
  const wrong = problems.map(
    (problem) => `    <testcase name="the tests can be read"><error message="${escape(problem)}"/></testcase>\n`,
  );
  const all = cases.map((one) => testCase(name, one));
  return `  <testsuite name="${escape(name)}" ${counts}>\n${[...wrong, ...all].join('')}  </testsuite>\n`;
}

function testCase(suiteName: string, { name, failures, durationMs }: Suite['cases'][number]): string {
  const time = durationMs === undefined ? '' : ` time="${durationMs / 1_000}"`;
  const head = `    <testcase classname="${escape(suiteName)}" name="${escape(name)}"${time}`;
  if (failures.length === 0) return `${head}/>\n`;
  const inner = failures.map(
    ({ expected, actual }) =>
      `      <failure message="${escape(`expected ${expected}`)}">${escape(`but ${actual}`)}</failure>\n`,
  );
  return `${head}>\n${inner.join('')}    </testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 cannot hold are shown by their number. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (one) => ENTITIES[one] ?? one)
    .replaceAll(
      /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replaceAll(/[\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`);
}
