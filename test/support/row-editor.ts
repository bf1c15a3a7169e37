import { updateTask } from '../../src/tracker/update.js';
import { openTest } from './repository.js';

/** Edits the PR cell of one row again and again; reports each acknowledged value, and how many edits were refused. */
const [root = '', taskId = '', times = '0'] = process.argv.slice(2);
const workspace = openTest(root);
let refused = 0;
for (let attempt = 1; attempt <= Number(times); attempt++) {
  try {
    await updateTask(workspace, { trackerPath: 'SPEC.md', taskId, pr: `#${attempt}` });
    process.send?.({ acknowledged: attempt });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'STALE_WRITE')) throw error;
    refused++;
  }
}
process.send?.({ refused });
