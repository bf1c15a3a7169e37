import { createRunCommand } from '../ports/exec.js';
import { createCopyLog } from '../ports/log.js';
import { openWorkspace } from '../ports/open.js';
import { createTrustStore, type TrustStore } from '../ports/trust-store.js';
import type { Workspace } from '../workspace.js';
import type { Environment } from './environment.js';

/** How this process opens workspaces: one set of ports for all of them. */
export interface Workspaces {
  readonly trust: TrustStore;
  open(directory: string | undefined): Workspace;
}

export function createWorkspaces({ operator, commandEnv, configFolder }: Environment): Workspaces {
  const trust = createTrustStore(configFolder);
  return {
    trust,
    open: directory =>
      openWorkspace(directory ?? process.cwd(), {
        operator,
        commandEnv,
        trusts: digest => digest === operator.trust || trust.has(digest),
      }),
  };
}
