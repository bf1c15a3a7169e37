import type { Check, Waiver } from '../../schemas/guardrail.js';
import type { HalCheck, HalSummary } from '../../schemas/hal.js';
import type { Outcome } from '../../schemas/ids.js';
import type { BundleFile } from '../evidence/bundle.js';
import type { Call } from '../tool.js';

/** One run of the HAL checks, for the bundle of `sessionId`. */
export interface HalOptions {
  readonly specId: string;
  readonly sessionId: string;
  /** Folder of this run for files that are not published yet, relative to the workspace. */
  readonly staging: string;
  /** Hex sha256 of spec-kit.toml; null when there is none. */
  readonly configDigest: string | null;
  /** Only these checks; what is left out did not run. Undefined: all of the profile. */
  readonly checks?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly progress: Call['progress'];
}

/** A check that is done. `file`: its capture, or for the check `start` the log of the command. */
export interface HalRunCheck extends HalCheck {
  readonly file?: BundleFile;
}

/** Where the checks came from: null for the built-in ones. `path` is relative to the workspace. */
export interface HalProfileSource {
  readonly path: string | null;
  readonly sha256: string | null;
}

export interface HalRun {
  readonly outcome: Outcome;
  readonly checks: readonly HalRunCheck[];
  readonly summary: HalSummary;
  /** Set when an operator ordered the skip; then every check is `waived`. */
  readonly waiver?: Waiver;
  readonly profile: HalProfileSource;
  /** Scheme, host and port of the API; null when it was not to be contacted at all. */
  readonly origin: string | null;
}

/** The files that a run adds to its bundle. */
export function filesOf({ checks }: HalRun): readonly BundleFile[] {
  return checks.flatMap(({ file }) => file ?? []);
}

/** The checks as telemetry and manifests list them, `hal:<name>`. `folder`: where the files will lie, with a slash at its end. */
export function guardrailChecks(checks: readonly HalRunCheck[], folder: string): readonly Check[] {
  return checks.map(({ name, status, cause, message, durationMs, file }) => ({
    name: `hal:${name}`,
    status,
    required: true,
    message: cause === undefined ? message : `${cause}: ${message}`,
    durationMs,
    ...(file === undefined ? {} : { log: `${folder}${file.name}` }),
  }));
}
