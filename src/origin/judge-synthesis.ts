import type { Stage } from '../../schemas/ids.js';
import {
  blameIdentity,
  blamePlaceholders,
  claimOf,
  type FoundFile,
  type Judging,
  objectIn,
} from './evidence-file.js';
import { at, type Fields, listAt, quoted, textAt } from './fields.js';
import { type Payload, payloadOf, rosterOf } from './judge-agent.js';
import type { Blame, Claim } from './reasons.js';

/** The payloads of the same run. */
export interface Run extends Judging {
  readonly stage: Stage;
  readonly payloads: readonly Payload[];
}

/** A synthesis as the shell, the Rust hook or the later pipeline wrote it; its status is held against the payloads. */
export function judgeSynthesis(file: FoundFile, run: Run): Claim {
  const { blame } = run;
  const value = objectIn(file, blame);
  if (value === undefined) return 'none';
  const status = textAt(value, 'status');
  const claim = claimOf(status);
  if (claim === 'none')
    blame(
      'unknown-status',
      file.name,
      `Its status ${quoted(status ?? 'nothing')} is none of ok, conflict, degraded.`,
    );
  blamePlaceholders(file.name, value, blame);
  blameIdentity(file, value, run);
  blameStage(file.name, value, run);
  blameAgents(file.name, value, run);
  if (claim === 'passed') blameOk(file.name, value, run);
  return claim;
}

function blameStage(name: string, value: Fields, { stage, blame }: Run): void {
  const said = textAt(value, 'stage') ?? '';
  if (said === '' || said.startsWith('${') || said === stage || said === `spec-${stage}`) return;
  blame('wrong-identity', name, `Its stage is ${quoted(said)}; its name says ${stage}.`);
}

/** Later syntheses count their agents, the Rust hook names the aggregator only; bash lists them. */
function blameAgents(name: string, value: Fields, { stage, payloads, blame }: Run): void {
  const listed = listAt(value, 'agents').map(one =>
    typeof one === 'string' ? one : (textAt(one, 'agent') ?? ''),
  );
  if (at(value, 'agents') !== undefined && listed.length === 0)
    blame('agents-empty', name, 'Its list of agents is empty, so nothing was synthesised.');
  if (at(value, 'artifacts_count') === 0) blame('agents-empty', name, 'It was made from no answers.');
  if (at(value, 'agents') === undefined && at(value, 'aggregatorAgent') === null)
    blame('agents-empty', name, 'It names no agent that decided.');
  const absent = rosterOf(stage).filter(role => !listed.includes(role));
  if (listed.length > 0 && absent.length > 0)
    blame('roster-mismatch', name, `Of the stage's agents it leaves out ${absent.join(', ')}.`);
  const missing = listed.filter(role => role !== '' && !payloads.some(payload => payload.role === role));
  if (missing.length > 0)
    blame(
      'payload-missing',
      name,
      `The answers of ${missing.slice(0, 4).map(quoted).join(', ')} are not there.`,
    );
  if (payloads.length === 0) blame('payload-missing', name, 'None of the answers it was made from is there.');
}

/** Everything that an `ok` denies. */
function blameOk(name: string, value: Fields, run: Run): void {
  const { blame } = run;
  blamePayloads(name, run.payloads, blame);
  const own = [...listAt(value, 'consensus', 'conflicts'), ...listAt(value, 'conflicts')];
  if (own.length > 0)
    blame('conflicts-ignored', name, `It says ok and lists ${own.length} conflicts itself.`);
  const less = ['missing_agents', 'missingAgents', 'degraded'].flatMap(field => listAt(value, field));
  if (less.length > 0)
    blame(
      'degraded-under-ok',
      name,
      `It says ok although it lists ${less.length} agents as missing or degraded.`,
    );
  const told = textAt(value, 'output_markdown') ?? '';
  if (/NOT ready|extraction failed/i.test(told.slice(0, 1_000_000)))
    blame(
      'verdict-unsupported',
      name,
      'It says ok and its own text says that it is not ready or could not be read.',
    );
  const versions = new Set(run.payloads.flatMap(({ promptVersion }) => promptVersion ?? []));
  if (versions.size > 1)
    blame('prompt-version-mismatch', name, `Its agents used ${versions.size} versions of the prompts.`);
}

/** What the answers themselves say against an ok. */
export function blamePayloads(name: string, payloads: readonly Payload[], blame: Blame): void {
  const failed = payloads.filter(payload => payload.failed);
  if (failed.length > 0)
    blame(
      'errors-under-ok',
      name,
      `It says ok although ${failed.map(({ role }) => role).join(', ')} failed.`,
    );
  const conflicts = payloads.filter(payload => !payload.failed && payload.conflicts.length > 0);
  if (conflicts.length > 0)
    blame(
      'conflicts-ignored',
      name,
      `It says ok although ${conflicts.map(({ role }) => role).join(', ')} names conflicts.`,
    );
  const held = payloads.filter(payload => payload.hold !== undefined);
  if (held.length > 0)
    blame(
      'hold-under-ok',
      name,
      `It says ok although ${held.map(({ role, hold }) => `${role} decided ${quoted(hold ?? '')}`).join(', ')}.`,
    );
}

/** The Rust reader's verdict, or the later export of proposals. */
export function judgeVerdict(file: FoundFile, run: Run): Claim {
  const { blame } = run;
  const value = objectIn(file, blame);
  if (value === undefined) return 'none';
  blamePlaceholders(file.name, value, blame);
  blameIdentity(file, value, run);
  blameStage(file.name, value, run);
  if (at(value, 'proposals') !== undefined) return judgeProposals(file.name, value, blame);
  const ok = at(value, 'consensus_ok');
  const inside = listAt(value, 'artifacts').map(one =>
    payloadOf(file.name, textAt(one, 'agent') ?? '?', at(one, 'content')),
  );
  if (inside.length === 0) blame('agents-empty', file.name, 'It holds no answer of any agent.');
  if (ok !== true) return ok === false ? 'failed' : 'none';
  blamePayloads(file.name, inside, blame);
  if (listAt(value, 'conflicts').length > 0)
    blame('conflicts-ignored', file.name, 'It says ok and lists conflicts.');
  if (listAt(value, 'missing_agents').length > 0 || at(value, 'degraded') === true)
    blame('degraded-under-ok', file.name, 'It says ok although agents are missing.');
  if (at(value, 'required_fields_ok') === false || !inside.some(({ role }) => role === 'gpt_pro'))
    blame('verdict-unsupported', file.name, 'It says ok without the deciding agent or its required fields.');
  const absent = rosterOf(run.stage).filter(role => !inside.some(payload => payload.role === role));
  if (absent.length > 0)
    blame('roster-mismatch', file.name, `Of the stage's agents it leaves out ${absent.join(', ')}.`);
  return 'passed';
}

function judgeProposals(name: string, value: Fields, blame: Blame): Claim {
  const proposals = listAt(value, 'proposals');
  if (proposals.length === 0) blame('agents-empty', name, 'It holds no proposal of any agent.');
  else if (
    proposals.every(one => /^\s*$/.test(textAt(one, 'content') ?? JSON.stringify(at(one, 'content') ?? '')))
  )
    blame('content-empty', name, 'Its proposals are empty.');
  return 'none';
}
