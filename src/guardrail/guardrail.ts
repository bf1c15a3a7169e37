import type { BaselineMode, Check, CheckStatus, Waiver } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { Settings } from '../../schemas/settings.js';
import type { BundleFile } from '../evidence/bundle.js';
import type { Packet } from '../packet/find.js';
import type { Workspace } from '../workspace.js';

/** One run of a stage's checks: what each check may look at. */
export interface Guardrail {
  readonly workspace: Workspace;
  readonly settings: Settings;
  /** Hex sha256 of spec-kit.toml; null when there is none. */
  readonly configDigest: string | null;
  readonly packet: Packet;
  readonly stage: Stage;
  readonly sessionId: string;
  /** Folder of this run for files that are not published yet, relative to the workspace. */
  readonly staging: string;
  /** Asked for by the caller; undefined leaves it to the settings. */
  readonly baselineMode: BaselineMode | undefined;
  readonly signal: AbortSignal;
}

/** What a check leaves: its verdict, the waiver that excuses it, and the files it adds to the bundle. */
export interface Checked {
  readonly check: Omit<Check, 'durationMs'>;
  readonly waiver?: Waiver;
  readonly files?: readonly BundleFile[];
}

/** A check as data: its name shows in progress before it runs. */
export interface Step {
  readonly name: string;
  run(guardrail: Guardrail): Promise<Checked> | Checked;
}

/** A check that every run must pass. */
export function required(name: string, status: CheckStatus, message: string): Checked {
  return { check: { name, status, required: true, message } };
}

/** A check for which nothing is configured: it did not run, and that does not count. */
export function notConfigured(name: string, message: string): Checked {
  return { check: { name, status: 'not_run', required: false, message } };
}

/** At most `limit` of the paths, and how many more there are. */
export function some(paths: readonly string[], limit: number): string {
  const more = paths.length - limit;
  return more > 0 ? `${paths.slice(0, limit).join(', ')} and ${more} more` : paths.join(', ');
}
