import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { SpecError } from '../../src/errors.js';
import { keepToken } from '../../src/ports/token-file.js';
import { createTrustStore } from '../../src/ports/trust-store.js';
import { updateTask } from '../../src/tracker/update.js';
import { type Fault, withFault } from '../support/faults.js';
import { test } from '../support/workspace.js';

const FAULTS: readonly Fault[] = ['EIO', 'ENOSPC', 'EMFILE', 'short'];
const MOST_CALLS = 300;

/** Runs `act` with the first call going wrong, then the second, until none is hit; `after` judges each. */
async function each(
  root: string,
  fault: Fault,
  act: (n: number) => unknown,
  after: (error: unknown, at: string) => void,
): Promise<void> {
  for (let n = 1; n < MOST_CALLS; n++) {
    const { hit, call, error } = await withFault(root, fault, n, () => act(n));
    after(error, `${call} ${n}`);
    if (!hit) return;
  }
  throw new Error(`still hit after ${MOST_CALLS} calls`);
}

test.for(FAULTS)(
  '%s at any one call of an edit of the tracker: the old file or the new one, whole',
  async (fault, { repo, workspace }) => {
    const header = '| Order | Task ID | Title | Status | PR |\n|---|---|---|---|---|\n';
    const row = (cell: string) => `| 1 | T1 | A title | Backlog | ${cell} |\n`;
    repo.write('SPEC.md', `${header}${row('#0')}`);
    let pr = '#0';
    const scratch = path.join(repo.root, '.git/spec-kit-mcp');
    await each(
      repo.root,
      fault,
      n => updateTask(workspace, { trackerPath: 'SPEC.md', taskId: 'T1', pr: `#${n}` }),
      (error, at) => {
        const text = repo.read('SPEC.md');
        const now = /#\d+/.exec(text)?.[0] ?? '';
        expect(text, at).toBe(`${header}${row(now)}`);
        if (error === undefined) expect(now, at).not.toBe(pr);
        else expect(error, at).toBeInstanceOf(SpecError);
        pr = now;
        const left = (existsSync(scratch) ? readdirSync(scratch) : []).filter(name => name.endsWith('.tmp'));
        if (!at.startsWith('rmSync')) expect(left, at).toEqual([]);
        for (const name of left) rmSync(path.join(scratch, name));
      },
    );
    const { after } = await updateTask(workspace, { trackerPath: 'SPEC.md', taskId: 'T1', pr: '#9999' });
    expect(after.cells).toMatchObject({ PR: '#9999' });
  },
);

test.for(FAULTS)(
  '%s at any one call of creating a file: complete or absent',
  async (fault, { repo, workspace }) => {
    const bytes = Buffer.alloc(100_000, 'whole ');
    await each(
      repo.root,
      fault,
      n => workspace.files.create(`made/${n}/file.txt`, bytes),
      (error, at) => {
        const full = path.join(repo.root, 'made', at.split(' ')[1] ?? '', 'file.txt');
        if (error === undefined) expect(readFileSync(full).equals(bytes), at).toBe(true);
        else {
          expect(error, at).toBeInstanceOf(SpecError);
          expect(String(error), at).not.toContain(repo.root);
          expect(existsSync(full), at).toBe(false);
        }
      },
    );
  },
);

test.for(FAULTS)(
  '%s at any one call: a kept token and a remembered trust are whole or absent',
  async fault => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spec-kit-faults-'));
    const digest = (n: number) => n.toString(16).padStart(64, '0');
    try {
      await each(
        folder,
        fault,
        () => keepToken(folder),
        (_, at) => {
          const file = path.join(folder, 'http-token');
          if (existsSync(file)) expect(readFileSync(file, 'utf8'), at).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
          rmSync(file, { force: true });
        },
      );
      const trust = createTrustStore(folder);
      const has = (n: number) => trust.has({ digest: digest(n), repository: '/x/.git' });
      await each(
        folder,
        fault,
        n => trust.remember({ digest: digest(n), repository: '/x/.git' }, '~/x', new Date(0)),
        (error, at) => {
          const n = Number(at.split(' ')[1]);
          if (error === undefined) {
            expect(has(n), at).toBe(true);
            for (const name of readdirSync(path.join(folder, 'trusted')))
              expect(statSync(path.join(folder, 'trusted', name)).mode & 0o077, at).toBe(0);
          } else expect(has(n), at).toBe(false);
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
