import { Settings } from '../../schemas/settings.js';
import type { Workspace } from '../workspace/workspace.js';
import { loadHalConfig } from './hal-config.js';
import { DEFAULT_PROFILE_PATH } from './profile.js';

/**
 * Whether this workspace has an API at all: the operator or hal_config.toml names a base URL, there is a profile, or
 * [hal] says something. Throws CONFIG_INVALID for a hal_config.toml that is no TOML.
 */
export async function halConfigured(workspace: Workspace, { hal }: Settings): Promise<boolean> {
  if (workspace.operator.hal.baseUrl !== undefined) return true;
  if (workspace.files.info(DEFAULT_PROFILE_PATH).kind !== 'missing') return true;
  if (JSON.stringify(hal) !== JSON.stringify(Settings.parse({}).hal)) return true;
  return (await loadHalConfig(workspace)).baseUrl !== undefined;
}
