import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('loses nothing that was acknowledged when writers are killed at random', { timeout: 60_000 }, () => {
  const storm = path.join(import.meta.dirname, 'kill-storm.mjs');
  const counts: unknown = JSON.parse(
    execFileSync(process.execPath, [storm, '3', '3'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  expect(counts).toMatchObject({ lost: 0, repeated: 0, errors: 0 });
  expect(counts).toMatchObject({
    kills: expect.toSatisfy((kills: number) => kills >= 3),
    acknowledged: expect.toSatisfy((bundles: number) => bundles > 0),
  });
});
