import type { Check, CheckStatus, Waiver } from '../../schemas/guardrail.js';
import type { Stage } from '../../schemas/ids.js';
import type { BaselineMode } from '../../schemas/inputs/checks.js';
import type { Settings } from '../../schemas/settings.js';
import type { StageFields } from '../../schemas/telemetry.js';
import type { BundleFile } from '../evidence/bundle.js';
import type { Packet } from '../packet/find.js';
import type { GitChange, GitHead } from '../workspace/git.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Orders } from './orders.js';

/** The state of the repository that a run speaks about. */
export interface SourceState {
  readonly head: GitHead;
  /** Uncommitted changes that are not outputs of ours; `version` changes whenever the file does. */
  readonly changes: readonly (GitChange & { readonly version: string })[];
}

/** One run of a stage's checks: what each check may look at. */
export interface Guardrail {
  readonly workspace: Workspace;
  readonly settings: Settings;
  /** Hex sha256 of spec-kit.toml; null when there is none. */
  readonly configDigest: string | null;
  readonly packet: Packet;
  readonly stage: Stage;
  readonly sessionId: string;
  /** As it was before the first check. */
  readonly source: SourceState;
  /** Folder of this run for files that are not published yet, relative to the workspace. */
  readonly staging: string;
  /** Asked for by the caller; undefined leaves it to the settings. */
  readonly baselineMode: BaselineMode | undefined;
  readonly orders: Orders;
  readonly signal: AbortSignal;
}

/** What a check leaves: its verdict, the waiver that excuses it, and the files it adds to the bundle. */
export interface Checked {
  /** Without a duration of its own it took as long as its step. */
  readonly check: Omit<Check, 'durationMs'> & Partial<Pick<Check, 'durationMs'>>;
  readonly waiver?: Waiver;
  /** Waivers of earlier runs that this check builds on. */
  readonly inherited?: readonly Waiver[];
  readonly files?: readonly BundleFile[];
}

/**
 * One check, or several that only show while it runs. Its name shows in progress before it runs. `before`: what the checks
 * before it left; `say` tells progress within the step.
 */
export interface Step {
  readonly name: string;
  run(
    guardrail: Guardrail,
    before: readonly Checked[],
    say: (message: string) => Promise<void>,
  ): Promise<Checked | readonly Checked[]> | Checked | readonly Checked[];
}

/** What a stage runs, and its own fields of telemetry v1 made from what its checks left. `log`: path of the run's log. */
export interface StagePlan {
  readonly steps: readonly Step[];
  /** The last check: it does what may happen only when all others passed, or undoes what they began. */
  readonly conclude?: Step;
  /** Called when the run ends unrecorded. */
  undo?(): Promise<void>;
  fields(done: readonly Checked[], log: string): StageFields;
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
