import assert from 'node:assert/strict';
import { test } from 'node:test';
import { health } from '../src/health.mjs';

test('R1: answers 200 with version and database', async () => {
  assert.deepEqual(await health('1.2.0', async () => {}), { status: 200, body: { version: '1.2.0', database: 'reachable' } });
});

test('R2: answers 503 when the database is stopped', async () => {
  const stopped = async () => {
    throw new Error('connection refused');
  };
  assert.deepEqual(await health('1.2.0', stopped), { status: 503, body: { version: '1.2.0', database: 'unreachable' } });
});
