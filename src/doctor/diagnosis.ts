import type { LoadedSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';

/** `fix` says what to do; a warning keeps nothing from working. */
export interface Diagnosis {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly fix: string | null;
}

export type Checkup = (
  workspace: Workspace,
  loaded: LoadedSettings,
  call: Call,
) => Promise<readonly Diagnosis[]>;

export function ok(name: string, message: string): Diagnosis {
  return { name, status: 'ok', message, fix: null };
}

export function warning(name: string, message: string, fix: string): Diagnosis {
  return { name, status: 'warning', message, fix };
}

export function problem(name: string, message: string, fix: string): Diagnosis {
  return { name, status: 'problem', message, fix };
}
