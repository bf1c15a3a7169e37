import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { redactorOf } from '../../src/evidence/redaction.js';
import { createCopyLog } from '../../src/ports/log.js';
import { openWorkspace } from '../../src/ports/open.js';
import type { Operator } from '../../src/workspace/operator.js';
import type { Workspace } from '../../src/workspace/workspace.js';

/** A real git repository in a temp folder, removed afterwards. */
export interface Repository {
  readonly root: string;
  write(relative: string, content: string | Uint8Array): void;
  read(relative: string): string;
  git(...args: string[]): string;
  /** Adds and commits everything. */
  commit(message?: string): void;
}

export const operator: Operator = {
  allowDirty: false,
  baselineAllowFail: false,
  trust: undefined,
  hal: { skip: false, telemetry: true, baseUrl: undefined, secretEnv: undefined, evidenceDir: undefined },
  policy: { prefilter: undefined, final: undefined },
  consensusTelemetry: true,
  cargoManifest: undefined,
  secrets: [],
  secret: () => undefined,
  variable: () => undefined,
};

/** Nothing here must survive a power cut, nor be packed: hundreds of repositories are made in a minute. */
const CONFIG = `[user]
\temail = test@example.com
\tname = Test
[core]
\tfsync = none
[maintenance]
\tauto = false
`;

export function makeRepository(): Repository {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-')));
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    });
  git('init', '-q', '-b', 'main', '--template=');
  appendFileSync(path.join(root, '.git/config'), CONFIG);
  return {
    root,
    git,
    write(relative, content) {
      const full = path.join(root, relative);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, content);
    },
    read: relative => readFileSync(path.join(root, relative), 'utf8'),
    commit(message = 'change') {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
    },
  };
}

/** Opens a repository as the product does; its clock stands at 2026-11-22T10:00:00Z unless `now` says otherwise. */
export function openTest(
  root: string,
  over: Partial<Operator> = {},
  now = new Date('2026-11-22T10:00:00Z'),
): Workspace {
  // With its getters, if it has any: the list of secrets may grow.
  const orders = Object.defineProperties({ ...operator }, Object.getOwnPropertyDescriptors(over));
  const workspace = openWorkspace(root, {
    operator: orders,
    runCommand: folder => async run => {
      const { createRunCommand } = await import('../../src/ports/exec.js');
      return createRunCommand({ root: folder, env: { PATH: process.env['PATH'] ?? '' } })(run);
    },
    searchPath: process.env['PATH'] ?? '',
    copyLog: folder => (from, to) =>
      createCopyLog({ root: folder, redactor: redactorOf({ operator: orders }) })(from, to),
    http: async request => {
      const { createSendRequest } = await import('../../src/ports/http.js');
      return createSendRequest()(request);
    },
    trusts: ({ digest }) => over.trust === digest,
  });
  return { ...workspace, now: () => now };
}
