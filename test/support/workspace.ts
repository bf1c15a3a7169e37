import { rmSync } from 'node:fs';
import { test as base } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.js';
import { makeRepository, openTest, type Repository } from './repository.js';

export const test = base.extend<{ repo: Repository; workspace: Workspace }>({
  repo: async ({}, use) => {
    const repo = makeRepository();
    await use(repo);
    rmSync(repo.root, { recursive: true, force: true });
  },
  workspace: async ({ repo }, use) => {
    await use(openTest(repo.root));
  },
});
