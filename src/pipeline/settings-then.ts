import type { Manifest } from '../../schemas/evidence.js';
import { SpecError } from '../errors.js';
import { canonicalJson } from '../evidence/canonical.js';
import { sha256Of } from '../evidence/digest.js';
import { type LoadedSettings, MAX_SETTINGS_BYTES, SETTINGS_FILE, settingsIn } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';

/**
 * True when the settings differ from those that evidence was made with in what a run may cost, and in nothing that was checked
 * or asked. False when nobody can tell.
 */
export async function onlyBudgetsChanged(
  { git }: Pick<Workspace, 'git'>,
  { settings }: LoadedSettings,
  { configDigest, source }: Pick<Manifest['predicate'], 'configDigest' | 'source'>,
): Promise<boolean> {
  if (configDigest === null || source.commit === null) return false;
  const bytes = await git.blob(`${source.commit}:${SETTINGS_FILE}`, MAX_SETTINGS_BYTES);
  if (bytes === undefined || sha256Of(bytes) !== configDigest) return false;
  try {
    const then = await settingsIn(bytes);
    return withoutBudgets(then.settings) === withoutBudgets(settings);
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

function withoutBudgets(settings: LoadedSettings['settings']): string {
  return canonicalJson({ ...settings, budgets: {}, prices: {} });
}
