// Sums vitest's JSON reports, names what failed, and prints `N passed, N failed, N skipped` alone on the last line.
// usage: node scripts/ci-count.mjs <report.json> …
// Exits 1 when a test failed, when none passed, and with CI=true when one was skipped. A test that only some Node
// versions can run says so with `[only …]` in its title and may be skipped.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The counts of one report. A report that is missing, and a test file that could not be loaded, count as a failure. */
export function countReport(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, forgotten: [], notes: [`no report ${path}: ${error.message}`] };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + broken.length,
    skipped: skipped.length,
    forgotten: skipped.map((test) => test.fullName).filter((name) => !/\[only [^\]]+\]/.test(name)),
    notes: [
      ...broken.map((file) => `${file.name}: ${file.message.split('\n')[0]}`),
      ...report.testResults.flatMap((file) =>
        file.assertionResults
          .filter((test) => test.status === 'failed')
          .map((test) => `failed: ${file.name}: ${test.fullName}: ${test.failureMessages[0]?.split('\n')[0] ?? ''}`),
      ),
    ],
  };
}

function main(paths) {
  const counts = paths.map(countReport);
  const sum = (name) => counts.reduce((total, one) => total + one[name], 0);
  const forgotten = [...new Set(counts.flatMap((one) => one.forgotten))];
  for (const note of counts.flatMap((one) => one.notes)) console.log(note);
  for (const name of forgotten) console.log(`skipped: ${name}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  const isStrict = process.env['CI'] === 'true';
  if (sum('failed') > 0 || sum('passed') === 0 || (isStrict && forgotten.length > 0)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
