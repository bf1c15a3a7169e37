import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { test } from '../support/workspace.js';
import { DEFAULT_ROOT, quiet } from './fixtures.js';

const PROGRAM = path.join(import.meta.dirname, '../../dist/bin/spec-kit-mcp.js');
const SPEC = 'SPEC-CRASH-1';
/** More than a write of one bundle makes; a call that is never reached ends the sweep. */
const MOST = 40;

/** Whether the system lets us trace at all: containers may not. */
const canTrace = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']).status === 0;

/** The calls that change what is on disk, by the names they have on this machine. */
const CALLS = ['fsync', 'link', 'linkat', 'unlink', 'mkdir'] as const;

test.skipIf(!canTrace)(
  'killed at any call that changes the disk: recorded and whole, or not recorded',
  { timeout: 120_000 },
  async ({ repo, workspace }) => {
    repo.write(`docs/${SPEC}/spec.md`, '# Spec\n');
    repo.write('note.txt', 'kept or absent, never half');
    repo.commit();
    const write = (inject: readonly string[]) =>
      spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          ...inject,
          process.execPath,
          PROGRAM,
          'evidence',
          'write',
          SPEC,
          'note.txt',
          '--from',
          'note.txt',
          '--workspace',
          repo.root,
          '--json',
        ],
        { cwd: repo.root, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: repo.root } },
      );
    let acknowledged = 0;
    let killed = 0;
    for (const call of CALLS) {
      for (let n = 1; n <= MOST; n++) {
        const { status, signal, stdout } = write([
          '-e',
          `trace=${call}`,
          '-e',
          `inject=${call}:signal=KILL:when=${n}`,
        ]);
        const { findings, counts } = await verifyEvidence(workspace, DEFAULT_ROOT, { specId: SPEC }, quiet);
        expect(
          findings.filter(({ severity, code }) => severity === 'error' && code !== 'no-evidence'),
          `${call} ${n}`,
        ).toEqual([]);
        if (status === 0) {
          acknowledged++;
          expect(counts.records, `${call} ${n}`).toBeGreaterThanOrEqual(JSON.parse(stdout).record.seq);
          break;
        }
        expect(String(signal ?? status), `${call} ${n}: ${stdout}`).toMatch(/SIGKILL|137/);
        killed++;
      }
    }
    expect(acknowledged).toBe(CALLS.length);
    expect(killed).toBeGreaterThan(5);
    // A write after all the crashes is recorded as any other.
    expect(write([]).status).toBe(0);
    execFileSync('git', ['-C', repo.root, 'status']);
  },
);
