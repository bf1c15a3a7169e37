import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { test } from '../support/workspace.js';

/** SPEC_KIT_STORM=200 makes each process try 200 edits. */
const EDITS = Number(process.env['SPEC_KIT_STORM'] ?? 25);
const WRITERS = 8;
const script = path.join(import.meta.dirname, '../../dist/test/support/row-editor.js');

const row = (id: number, pr: string) =>
  `| ${id} | T${id} | Ünïcode \\| title ${id} | Backlog |  |  |  | ${pr} |  |  | kept |`;
const header = [
  '# Tracker',
  '',
  '| Order | Task ID | Title | Status | Owners | PRD | Branch | PR | Last Validation | Evidence | Notes |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

interface Writer {
  readonly acknowledged: number[];
  refused: number | undefined;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

function start(root: string, id: number): Writer {
  const child = fork(script, [root, `T${id}`, String(EDITS)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const writer: Writer = {
    acknowledged: [],
    refused: undefined,
    child,
    ended: new Promise(resolve => child.on('exit', () => resolve())),
  };
  child.on('message', (message: { acknowledged?: number; refused?: number }) => {
    if (message.acknowledged !== undefined) writer.acknowledged.push(message.acknowledged);
    if (message.refused !== undefined) writer.refused = message.refused;
  });
  return writer;
}

/** The row holds the last acknowledged edit. A writer that was killed may have made one more and not lived to say so. */
function judge({ acknowledged, refused }: Writer, id: number, line: string): void {
  const pr = Number(/\| #(\d+) \|/.exec(line)?.[1] ?? 0);
  const last = acknowledged.at(-1) ?? 0;
  expect(line).toBe(row(id, pr === 0 ? '' : `#${pr}`));
  if (refused === undefined) {
    expect(pr).toBeGreaterThanOrEqual(last);
  } else {
    expect(pr).toBe(last);
    expect(acknowledged.length + refused).toBe(EDITS);
  }
}

test('8 processes that edit one tracker, two of them killed: every edit landed or was refused, and no other byte changed', {
  timeout: 120_000,
}, async ({ repo }) => {
  const ids = Array.from({ length: WRITERS }, (_, index) => index + 1);
  repo.write('SPEC.md', [...header, ...ids.map(id => row(id, '')), ''].join('\r\n'));
  const writers = ids.map(id => start(repo.root, id));
  for (const { child } of writers.slice(0, 2)) setTimeout(() => child.kill('SIGKILL'), 900);
  await Promise.all(writers.map(({ ended }) => ended));
  const lines = repo.read('SPEC.md').split('\r\n');
  expect(lines.slice(0, 4)).toEqual(header);
  expect(lines).toHaveLength(header.length + WRITERS + 1);
  for (const [index, writer] of writers.entries())
    judge(writer, index + 1, lines[header.length + index] ?? '');
  expect(writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)).toBeGreaterThan(WRITERS);
  const tidy = repo.git('status', '--porcelain');
  expect(tidy.trim()).toBe('?? SPEC.md');
});
