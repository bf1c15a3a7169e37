import { expect } from 'vitest';
import { SpecError } from '../../src/errors.js';
import { readRun, runIds } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { attemptsOf, auto, implement, openTrusted, writePipeline } from '../support/auto.js';
import { test } from '../support/workspace.js';

test('a disk that is full in the middle ends the run with an error, and it resumes when there is room', async ({
  repo,
}) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  let writes = 0;
  const cramped: Workspace = {
    ...workspace,
    files: {
      ...workspace.files,
      openFolder(path) {
        const folder = workspace.files.openFolder(path);
        const { create } = folder;
        // The port knows its folders by themselves, so this one is changed and not copied.
        return Object.assign(folder, {
          create(...file: Parameters<typeof folder.create>) {
            writes += 1;
            if (writes > 7)
              throw new SpecError(
                'FILE_UNAVAILABLE',
                'No space is left on the disk. Free some and call again.',
              );
            return create(...file);
          },
        });
      },
    },
  };
  await expect(auto(cramped)).rejects.toMatchObject({
    code: expect.stringMatching(/FILE_UNAVAILABLE|EVIDENCE_WRITE_FAILED/),
  });
  const root = await evidenceRootOf(workspace);
  const [runId = ''] = runIds(workspace, root);
  expect(readRun(workspace, root, runId)).toMatchObject({
    status: 'interrupted',
    failure: { message: expect.stringMatching(/space/) },
  });
  const report = await auto(workspace, { resume: runId });
  expect(report).toMatchObject({ needs: 'implementation' });
  expect((await attemptsOf(workspace, runId)).filter(({ ending }) => ending === 'error')).toHaveLength(1);
});

test('a clock that was set back changes nothing about what is resumed', async ({ repo }) => {
  writePipeline(repo);
  const workspace = openTrusted(repo);
  const { runId } = await auto(workspace);
  implement(repo);
  const yesterday: Workspace = { ...workspace, now: () => new Date(Date.now() - 86_400_000) };
  expect(await auto(yesterday, { resume: runId })).toMatchObject({ outcome: 'passed' });
});
