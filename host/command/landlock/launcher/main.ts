import { readFileSync, writeSync } from 'node:fs';
import { OPTIONS_FD, STATUS_FD } from '../../launch.ts';
import { BECOME, type Orders, type Report } from '../orders.ts';
import { become } from './become.ts';
import { filterCalls } from './filter-calls.ts';
import { allowView, mountView } from './prepare.ts';
import { dropCapabilities, renounce } from './privileges.ts';
import { landlockVersion, Ruleset } from './ruleset.ts';

// Started in namespaces of its own, in place of a program: closes itself in, then becomes that program.

let step = 'read its orders';
try {
  const orders = JSON.parse(readFileSync(OPTIONS_FD, 'utf8').replace(/\0$/, '')) as Orders;
  step = 'mount';
  const view = mountView(orders);
  step = 'give up its capabilities';
  dropCapabilities();
  renounce();
  step = 'set its rules';
  const ruleset = new Ruleset(landlockVersion(), orders);
  allowView(view, ruleset);
  ruleset.enforce();
  step = 'filter its calls';
  filterCalls();
  report({ starting: true });
  step = BECOME;
  become(orders.file, orders.argv, orders.env);
} catch (error) {
  const { code = 'EIO', message } = error as NodeJS.ErrnoException;
  report({ failed: { step, code, message } });
  process.exit(1);
}

function report(said: Report): void {
  writeSync(STATUS_FD, `${JSON.stringify(said)}\n`);
}
