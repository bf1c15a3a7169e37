import { createRun, updateRun } from '../../src/pipeline/run-store.js';
import { openTest } from './repository.js';

/** `run-starter.js ROOT SPEC MODE`: begins a run as another process; reports its id or the error, then hangs, or ends as MODE says. */
const [root = '', specId = '', mode = 'hang'] = process.argv.slice(2);
const workspace = openTest(root, {}, new Date());
try {
  const { runId } = createRun(workspace, 'evidence', { kind: 'stage', specId, stage: 'plan' });
  if (mode === 'await')
    updateRun(workspace, 'evidence', runId, () => ({ status: 'awaiting_output', owner: null }));
  process.send?.({ runId });
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : '' });
}
if (mode === 'hang') setInterval(() => {}, 1000);
else process.disconnect?.();
