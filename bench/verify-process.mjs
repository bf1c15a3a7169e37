// Verifies the evidence of a workspace once, in a process of its own, and prints its outcome and the most memory it held (KiB).
import { openWorkspace } from '../dist/src/ports/open.js';
import { verifyEvidence } from '../dist/src/evidence/verify.js';
import { ROOT, SPEC } from './evidence-tree.mjs';

const refuse = () => async () => {
  throw new Error('Nothing runs here.');
};
const workspace = openWorkspace(process.argv[2], {
  operator: { allowDirty: false, baselineAllowFail: false, trust: undefined, secrets: [] },
  searchPath: process.env.PATH ?? '',
  runCommand: refuse,
  copyLog: refuse,
  trusts: () => false,
});
const start = performance.now();
const { outcome, counts } = await verifyEvidence(workspace, ROOT, { specId: SPEC }, { signal: new AbortController().signal, progress: async () => {} });
console.log(JSON.stringify({ outcome, records: counts.records, ms: performance.now() - start, rss: process.resourceUsage().maxRSS }));
