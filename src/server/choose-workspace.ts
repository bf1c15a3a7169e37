import { basename } from 'node:path';
import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * The workspace a call works in: the first one, or the one it names by label, absolute root, or folder name
 * when only one has it. Throws WORKSPACE_NOT_ALLOWED for every other text.
 */
export function chooseWorkspace(workspaces: readonly [Workspace, ...Workspace[]], named: unknown): Workspace {
  if (typeof named !== 'string') return workspaces[0];
  const text = named.length > 1 && named.endsWith('/') ? named.slice(0, -1) : named;
  const exact = workspaces.find(workspace => workspace.label === text || workspace.root === text);
  if (exact) return exact;
  const [byFolder, ...others] = workspaces.filter(workspace => basename(workspace.root) === text);
  if (byFolder && others.length === 0) return byFolder;
  const allowed = workspaces.map(workspace => workspace.label).join(', ');
  const why = byFolder ? 'several workspaces have that folder name' : 'the server was not started with it';
  throw new SpecError(
    'WORKSPACE_NOT_ALLOWED',
    `No call may work in that workspace: ${why}. Allowed: ${allowed}. Name one of them or leave the argument out.`,
  );
}
