import { SpecError } from '../errors.js';
import { type LoadedSettings, loadSettings, SETTINGS_FILE } from '../settings/load.js';
import type { Call } from '../tool.js';
import type { Workspace } from '../workspace/workspace.js';
import { agents, config, programs, trust } from './configured.js';
import { type Checkup, type Diagnosis, ok, problem, warning } from './diagnosis.js';
import { clients, evidence, hal, runs } from './surroundings.js';

const OLDEST_GIT = [2, 30] as const;
const OLDEST_NODE = [20, 19] as const;

/** Looks at everything a run needs and changes nothing. What is wrong is an answer, not an error. */
export async function diagnose(call: Call): Promise<readonly Diagnosis[]> {
  const { workspace } = call;
  const found: Diagnosis[] = [node(workspace), ...(await guarded('git', () => git(workspace)))];
  const loaded = await guardedSettings(workspace);
  if ('status' in loaded) return [...found, loaded];
  for (const [name, check] of checkups)
    found.push(...(await guarded(name, () => check(workspace, loaded, call))));
  return found;
}

const checkups: readonly [name: string, check: Checkup][] = [
  ['config', config],
  ['trust', trust],
  ['programs', programs],
  ['agents', agents],
  ['hal', hal],
  ['evidence', evidence],
  ['runs', runs],
  ['clients', clients],
];

async function guarded(
  name: string,
  check: () => Promise<readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return [{ name, status: 'problem', message: error.message, fix: 'See the message.' }];
  }
}

async function guardedSettings(workspace: Workspace): Promise<LoadedSettings | Diagnosis> {
  try {
    return await loadSettings(workspace);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return problem('config', error.message, `Mend ${SETTINGS_FILE}; nothing runs before it can be read.`);
  }
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, a = 0, b = 0] = /(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  return a < major || (a === major && b < minor);
}

function node({ runtime }: Workspace): Diagnosis {
  return isOlder(runtime.node, OLDEST_NODE)
    ? problem('node', `Node ${runtime.node} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
    : ok('node', `${runtime.node} on ${runtime.os}`);
}

async function git({ git: port, label }: Workspace): Promise<readonly Diagnosis[]> {
  const version = await port.version();
  const { commit, branch } = await port.head();
  return [
    isOlder(version, OLDEST_GIT)
      ? warning(
          'git',
          `${version} is older than what is tested.`,
          `Install git ${OLDEST_GIT.join('.')} or newer.`,
        )
      : ok('git', version),
    commit === null
      ? problem('workspace', `${label} has no commit yet.`, 'Commit once: a guardrail speaks about a commit.')
      : ok(
          'workspace',
          `${label} at ${commit.slice(0, 12)}, ${branch === null ? 'a detached HEAD' : `branch ${branch}`}`,
        ),
  ];
}
