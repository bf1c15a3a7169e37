import { SpecId } from '../../../schemas/ids.js';
import { SpecError } from '../../errors.js';
import { loadSettings } from '../../settings/load.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Parsed, Terminal } from '../command.js';

/** The workspace, and where its evidence lies. */
export async function evidenceOf(
  parsed: Parsed,
  terminal: Terminal,
): Promise<{ readonly workspace: Workspace; readonly root: string }> {
  const workspace = terminal.open(parsed.text('workspace'));
  const { settings } = await loadSettings(workspace);
  return { workspace, root: settings.workspace.evidence_root };
}

/** Throws INVALID_ARGUMENT. */
export function specIdOf(word: string | undefined): string {
  const specId = SpecId.safeParse(word).data;
  if (specId !== undefined) return specId;
  throw new SpecError('INVALID_ARGUMENT', 'Name the spec by its id, such as SPEC-KIT-018.');
}
