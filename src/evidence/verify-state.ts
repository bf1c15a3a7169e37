import { SETTINGS_FILE } from '../settings/load.js';
import { VERSION } from '../version.js';
import type { Workspace } from '../workspace/workspace.js';
import { sha256Of } from './digest.js';
import { headNow } from './head.js';

/**
 * Changes whenever anything may have changed that a verification depends on: a file of the evidence, the tracker, the
 * settings, what git ignores at the top, the commit, or this program. Asks for no byte of any file.
 */
export async function evidenceState(workspace: Workspace, root: string, tracker: string): Promise<string> {
  const { files } = workspace;
  const { commit } = await headNow(workspace);
  const versions = [tracker, SETTINGS_FILE, '.gitignore', '.git/packed-refs'].map(
    path => files.info(path).version,
  );
  return sha256Of(Buffer.from([VERSION, commit ?? '', files.state(root), ...versions].join('\n')));
}
