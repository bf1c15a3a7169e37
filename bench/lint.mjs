// Linting and looking up rows of a large tracker, against reading the file and scanning its lines bare.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace } from '../dist/src/ports/open.js';
import { lintTracker } from '../dist/src/tracker/lint.js';
import { findRow } from '../dist/src/tracker/rows.js';
import { median } from './mcp-process.mjs';

const ROUNDS = 9;
const ROWS = 100_000;
const SPECS = 100;
const EVIDENCE = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence/commands';
const HEADER = '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |';

function specId(number) {
  return `SPEC-KIT-${String(number % SPECS).padStart(3, '0')}`;
}

/** About 270 bytes. As in real trackers, three rows of five have evidence, a branch and a date, two of five a PRD. */
function row(number) {
  const spec = specId(number);
  const done = number % 5 < 3;
  const prd = number % 5 < 2 ? `docs/${spec}-nightly-run/PRD.md` : '';
  const branch = done ? 'feat/spec-auto-telemetry' : '';
  const evidence = done ? `${EVIDENCE}/${spec}/spec-plan_20250928T180000Z-0a1b2c3d.json` : '';
  const note = `2025-09-28: run ${number} captured with \`cargo test -p codex-tui spec_auto\`; runbook committed`;
  const more = done ? '' : '; waits for the schema guard, the follow-up is filed in the tracker and in the nightly report';
  return `| ${number} | T${number} | Task ${number} of the nightly run | ${done ? 'Done' : 'Backlog'} | Code | ${prd} | ${branch} | | ${done ? '2025-09-28' : ''} | ${evidence} | ${note}${more} |`;
}

/** A git repository whose tracker has ROWS good rows in SPEC.md and half as many in HALF.md. */
function makeTracker() {
  const root = mkdtempSync(path.join(tmpdir(), 'spec-kit-lint-'));
  const git = (...args) => execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.com', ...args], { cwd: root });
  git('init', '-q', '-b', 'feat/spec-auto-telemetry');
  for (let number = 0; number < SPECS; number++) {
    const spec = specId(number);
    write(root, `docs/${spec}-nightly-run/PRD.md`, '# PRD\n');
    write(root, `${EVIDENCE}/${spec}/spec-plan_20250928T180000Z-0a1b2c3d.json`, '{}\n');
  }
  for (const [name, rows] of [['SPEC.md', ROWS], ['HALF.md', ROWS / 2]]) {
    const lines = ['# Spec Tracker', '', HEADER, HEADER.replace(/[^|]+/g, ' --- ')];
    for (let number = 1; number <= rows; number++) lines.push(row(number));
    write(root, name, `${lines.join('\n')}\n`);
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'tracker');
  return root;
}

function write(root, file, text) {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function open(root) {
  return openWorkspace(root, {
    operator: { allowDirty: false, baselineAllowFail: false, trust: undefined, secrets: [] },
    searchPath: process.env.PATH ?? '',
    runCommand: () => async () => {
      throw new Error('No command runs here.');
    },
    copyLog: () => async () => {
      throw new Error('No log is copied here.');
    },
    trusts: () => false,
  });
}

function bareScan(file) {
  const bytes = readFileSync(file);
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  return lines;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export async function lint() {
  const root = makeTracker();
  try {
    const workspace = open(root);
    const lintFile = async name => {
      const { rows, counts } = await lintTracker(workspace, { path: name, profile: 'strict' });
      if (counts.error + counts.warning + counts.info > 0 || rows < ROWS / 2) throw new Error('the tracker should be clean');
    };
    const bare = [];
    const full = [];
    const half = [];
    const lookup = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => bareScan(path.join(root, 'SPEC.md'))));
      full.push(await timed(() => lintFile('SPEC.md')));
      half.push(await timed(() => lintFile('HALF.md')));
      findRow(workspace, 'SPEC.md', 'T1');
      lookup.push(await timed(() => findRow(workspace, 'SPEC.md', `T${ROWS - round}`)));
    }
    const base = median(bare);
    return [
      { what: `lint: ${ROWS} rows / read and bare line scan (${base.toFixed(1)} ms)`, value: median(full) / base, bound: 8 },
      { what: `lint: ${ROWS} rows / ${ROWS / 2} rows`, value: median(full) / median(half), bound: 2.5 },
      { what: 'lint: one row of the unchanged file / read and bare line scan', value: median(lookup) / base, bound: 0.1 },
      { what: 'lint: resident memory after it, MiB', value: process.memoryUsage().rss / 2 ** 20 },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
