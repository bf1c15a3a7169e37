import { redactorOf } from '../evidence/redaction.js';
import { createKeptAnswers, type KeptAnswers } from '../ports/kept-answers.js';
import { isPlainFolder, type OpenOptions, openPlainFolder, openWorkspace } from '../ports/open.js';
import { createTrustStore, type TrustStore } from '../ports/trust-store.js';
import type { RunCommand } from '../workspace/command.js';
import type { SendRequest } from '../workspace/http.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Environment } from './environment.js';

/** How this process opens workspaces: one set of ports for all of them. */
export interface Workspaces {
  readonly trust: TrustStore;
  readonly kept: KeptAnswers;
  open(directory: string | undefined): Workspace;
  /** For reading: the workspace, or a folder that is in no repository. */
  openToRead(directory: string | undefined): Workspace;
  /** Ends every command that still runs, with its children. */
  endCommands(): Promise<void>;
}

export function createWorkspaces({ operator, commandEnv, configFolder }: Environment): Workspaces {
  const trust = createTrustStore(configFolder);
  let ran = false;
  const runCommand =
    (root: string): RunCommand =>
    async run => {
      ran = true;
      const { createRunCommand } = await import('../ports/exec.js');
      return createRunCommand({ root, env: commandEnv })(run);
    };
  const options: OpenOptions = {
    operator,
    runCommand,
    searchPath: commandEnv['PATH'] ?? '',
    copyLog: root => async (from, to) => {
      const { createCopyLog } = await import('../ports/log.js');
      return createCopyLog({ root, redactor: redactorOf({ operator }) })(from, to);
    },
    http: sendRequest,
    trusts: trusted => trusted.digest === operator.trust || trust.has(trusted),
  };
  return {
    trust,
    kept: createKeptAnswers(configFolder),
    open: directory => openWorkspace(directory ?? process.cwd(), options),
    openToRead: (directory = process.cwd()) =>
      isPlainFolder(directory) ? openPlainFolder(directory, options) : openWorkspace(directory, options),
    async endCommands() {
      if (!ran) return;
      const { endAllCommands } = await import('../ports/exec.js');
      await endAllCommands();
    },
  };
}

const sendRequest: SendRequest = async request => {
  const { createSendRequest } = await import('../ports/http.js');
  return createSendRequest()(request);
};
