import type { Workspace } from '../workspace/workspace.js';
import { loadSettings } from './load.js';

export async function evidenceRootOf(workspace: Workspace): Promise<string> {
  return (await loadSettings(workspace)).settings.workspace.evidence_root;
}
