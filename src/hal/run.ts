import type { HalCause, HalProfile } from '../../schemas/hal.js';
import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { commandPath } from '../evidence/layout.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { SETTINGS_FILE } from '../settings/load.js';
import type { Workspace } from '../workspace/workspace.js';
import { runChecks, type Smoke, unsent } from './checks.js';
import { copyCaptures } from './copies.js';
import {
  guardrailChecks,
  type HalOptions,
  type HalProfileSource,
  type HalRun,
  type HalRunCheck,
} from './hal.js';
import { loadHalConfig } from './hal-config.js';
import { secretNames } from './placeholders.js';
import { loadProfile } from './profile.js';
import { START, serveDuring } from './service.js';
import { summarize } from './summary.js';
import { targetOf } from './target.js';
import { createResolve, foreignVariables, mainSecret } from './variables.js';

/**
 * Runs the HAL checks of a workspace against the one configured origin. A failed check is a result; the files of the
 * result are still to be published with the bundle of `sessionId`. Throws CONFIG_INVALID, LIMIT_EXCEEDED and
 * INVALID_ARGUMENT when there is nothing that could be run, and what files throw.
 */
export async function runHal(workspace: Workspace, settings: Settings, options: HalOptions): Promise<HalRun> {
  if (workspace.operator.hal.skip) return skipped(settings, options);
  const { hal } = settings;
  const config = await loadHalConfig(workspace);
  const { requests, source } = loadProfile(
    workspace,
    hal.profile,
    mainSecret(workspace.operator, hal, config.secretNames),
  );
  const target = targetOf(workspace.operator, hal, config);
  const smoke: Smoke = {
    workspace,
    options,
    settings: hal,
    target,
    resolve: createResolve(workspace.operator, hal, onlySecret(requests)),
  };
  const chosen = choose(requests, options.checks);
  const checks = await serve(smoke, settings, chosen);
  const all = inOrder(requests, checks);
  copyCaptures(workspace, settings.workspace.evidence_root, all);
  return finished(settings, options, all, source, target.origin);
}

function finished(
  settings: Settings,
  options: HalOptions,
  checks: readonly HalRunCheck[],
  profile: HalProfileSource,
  origin: string | null,
): HalRun {
  const folder = `${settings.workspace.evidence_root}/${commandPath(options.specId, '')}`;
  return {
    outcome: decideOutcome(guardrailChecks(checks, folder)),
    checks,
    summary: summarize(checks, folder),
    profile,
    origin,
  };
}

function skipped(settings: Settings, options: HalOptions): HalRun {
  const by = 'SPEC_OPS_HAL_SKIP';
  const check = {
    name: 'all',
    status: 'waived',
    message: `Not run: the operator set ${by}.`,
    durationMs: 0,
  } as const;
  const run = finished(settings, options, [check], { path: null, sha256: null }, null);
  return { ...run, waiver: { check: 'hal:all', by, reason: 'the operator skips the HAL checks' } };
}

function choose(requests: HalProfile, names: readonly string[] | undefined): HalProfile {
  if (names === undefined) return requests;
  const unknown = names.find(name => !Object.hasOwn(requests, name));
  if (unknown !== undefined)
    throw new SpecError(
      'INVALID_ARGUMENT',
      `There is no HAL check "${unknown}". The profile has: ${Object.keys(requests).slice(0, 20).join(', ')}.`,
    );
  return Object.fromEntries(Object.entries(requests).filter(([name]) => names.includes(name)));
}

/** Every check of the profile, those that were not asked for included: a run that leaves some out is not the whole. */
function inOrder(requests: HalProfile, checks: readonly HalRunCheck[]): readonly HalRunCheck[] {
  const start = checks.filter(({ name }) => name === START);
  const rest = Object.keys(requests).map(
    name =>
      checks.find(check => check.name === name) ??
      unsent(name, 'not_run', 'not asked for', 'Not run: this call asked for other checks only.'),
  );
  return [...start, ...rest];
}

async function serve(
  smoke: Smoke,
  settings: Settings,
  requests: HalProfile,
): Promise<readonly HalRunCheck[]> {
  const nobody = (cause: HalCause, why: string) =>
    Object.keys(requests).map(name => unsent(name, 'not_run', cause, `Not run: ${why}`));
  const distrust = distrustOf(smoke);
  if (distrust !== undefined) return nobody('untrusted', distrust);
  const name = smoke.settings.start;
  const command = name === undefined ? undefined : settings.commands[name];
  if (name === undefined || command === undefined) return runChecks(smoke, requests);
  const { start, checks } = await serveDuring(smoke, name, command, () => runChecks(smoke, requests));
  return [
    start,
    ...(checks ?? nobody(start.cause ?? 'start', 'the API was not started; see the check start.')),
  ];
}

/** A file of the repository must not choose who is asked, which variables go there, or what is started, before a person agreed. */
function distrustOf({ workspace, settings, target, options }: Smoke): string | undefined {
  const { configDigest } = options;
  if (configDigest !== null && workspace.trusts(configDigest)) return undefined;
  const foreign = foreignVariables(settings);
  const what =
    (target.chosenByFile !== undefined && `${target.chosenByFile} chooses ${target.origin}`) ||
    (foreign.length > 0 && `${SETTINGS_FILE} names the variables ${foreign.join(', ')}`) ||
    (settings.start !== undefined && `${SETTINGS_FILE} starts the command "${settings.start}"`);
  if (what === false) return undefined;
  const how =
    configDigest === null
      ? `Set SPEC_OPS_HAL_BASE_URL, or write the URL into ${SETTINGS_FILE} and trust that.`
      : `Read it, then run \`spec-kit-mcp trust\` in the workspace, or in CI set SPEC_KIT_TRUST=${configDigest}.`;
  return `untrusted: ${what}, and no person has trusted that yet. ${how}`;
}

/** The one secret that all requests use; undefined when they use none or several. */
function onlySecret(requests: HalProfile): string | undefined {
  const names = new Set(secretNames(JSON.stringify(requests)));
  const [first] = names;
  return names.size === 1 ? first : undefined;
}
