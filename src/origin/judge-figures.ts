import {
  blameIdentity,
  blamePlaceholders,
  claimOf,
  type FoundFile,
  type Judging,
  objectIn,
} from './evidence-file.js';
import { at, fieldsOf, jsonOf, listAt, numberAt, quoted, textAt } from './fields.js';
import type { Payload } from './judge-agent.js';
import type { Blame, Claim } from './reasons.js';

const MOST_LINES = 1000;
/** No model answers a prompt over the network faster. */
const FASTEST_MS = 200;
const CLOSE = 1e-6;

/** One agent's figures, in a metrics file or a line of telemetry. */
interface Figures {
  readonly agent: string;
  readonly model: string | undefined;
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
  readonly latency: number | undefined;
  readonly cost: number | undefined;
  readonly status: string | undefined;
}

function figuresOf(value: unknown): Figures {
  return {
    agent: textAt(value, 'agent') ?? '?',
    model: textAt(value, 'model_id') ?? textAt(value, 'modelId'),
    prompt: numberAt(value, 'prompt_tokens'),
    completion: numberAt(value, 'completion_tokens'),
    latency: numberAt(value, 'latency_ms'),
    cost: numberAt(value, 'cost_usd'),
    status: textAt(value, 'status'),
  };
}

/** `_metrics.json` of one agent, held against its payload. */
export function judgeMetrics(
  file: FoundFile,
  role: string,
  payloads: readonly Payload[],
  blame: Blame,
): Claim {
  const value = objectIn(file, blame);
  if (value === undefined) return 'none';
  blamePlaceholders(file.name, value, blame);
  const figures = figuresOf(value);
  blameFigures(file.name, [figures], blame);
  const payload = payloads.find(one => one.role === role);
  blameAgainst(file.name, figures, payload, blame);
  return claimOf(figures.status);
}

function blameAgainst(name: string, figures: Figures, payload: Payload | undefined, blame: Blame): void {
  if (payload === undefined)
    blame('payload-missing', name, `The answer of ${quoted(figures.agent)} is not there.`);
  else if (payload.model !== undefined && figures.model !== undefined && payload.model !== figures.model)
    blame(
      'metrics-disagree',
      name,
      `It says ${quoted(figures.model)} answered; the answer says ${quoted(payload.model)}.`,
    );
  else if (payload.failed && figures.status === 'ok')
    blame('metrics-disagree', name, `It says ok of ${quoted(figures.agent)}, whose answer is an error.`);
}

/** Consensus telemetry, one JSON object a line: schema 1.0, 2.0, or the shape of the Rust hook. */
export function judgeTelemetry(
  file: FoundFile,
  payloads: readonly Payload[],
  synthesisStatus: string | undefined,
  judging: Judging,
): Claim {
  const { blame } = judging;
  if (file.text === undefined) {
    blame('unreadable', file.name, `It is ${file.why}.`);
    return 'none';
  }
  const lines = file.text
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, MOST_LINES);
  if (lines.length === 0) blame('artifact-empty', file.name, 'It holds no line.');
  let claim: Claim = 'none';
  for (const [index, line] of lines.entries()) {
    const value = fieldsOf(jsonOf(line));
    if (value === undefined) {
      blame('not-json', file.name, `Line ${index + 1} is not a JSON object.`);
      continue;
    }
    blamePlaceholders(file.name, value, blame);
    blameIdentity(file, value, judging);
    claim = judgeLine(file.name, value, payloads, synthesisStatus, blame);
  }
  return claim;
}

function judgeLine(
  name: string,
  value: unknown,
  payloads: readonly Payload[],
  synthesisStatus: string | undefined,
  blame: Blame,
): Claim {
  const status = textAt(value, 'consensus', 'status') ?? textAt(value, 'consensus', 'synthesis_status');
  const listed = at(value, 'consensus', 'agents') ?? at(value, 'agents');
  const agents = (Array.isArray(listed) ? listed : []).map(figuresOf);
  if (Array.isArray(listed) && agents.length === 0)
    blame('agents-empty', name, 'Its list of agents is empty.');
  blameFigures(name, agents, blame);
  for (const figures of agents) {
    const payload = payloads.find(({ role }) => role === figures.agent);
    if (payload !== undefined) blameAgainst(name, figures, payload, blame);
  }
  blameSums(name, value, agents, blame);
  if (status === 'ok') blameOkLine(name, value, agents, synthesisStatus, blame);
  return claimOf(status);
}

function blameOkLine(
  name: string,
  value: unknown,
  agents: readonly Figures[],
  synthesisStatus: string | undefined,
  blame: Blame,
): void {
  const failed = agents.some(({ status }) => status === 'error' || status === 'failed');
  if (failed || at(value, 'consensus', 'disagreement_detected') === true)
    blame(
      'contradicts-itself',
      name,
      'It says ok and records a failed agent or a disagreement in the same line.',
    );
  if (synthesisStatus !== undefined && synthesisStatus !== 'ok')
    blame('contradicts-itself', name, `It says ok; the synthesis says ${quoted(synthesisStatus)}.`);
}

function blameFigures(name: string, agents: readonly Figures[], blame: Blame): void {
  for (const figures of agents) if (figures.status === 'ok') blameFigure(name, figures, blame);
  const same = new Set(agents.map(({ prompt, completion }) => `${prompt}/${completion}`));
  if (agents.length > 2 && same.size === 1 && agents[0]?.prompt !== undefined)
    blame(
      'figures-implausible',
      name,
      `All ${agents.length} agents used exactly the same numbers of tokens.`,
    );
}

function blameFigure(
  name: string,
  { agent, prompt, completion, latency, cost }: Figures,
  blame: Blame,
): void {
  if (prompt === undefined || completion === undefined)
    blame('figures-missing', name, `${quoted(agent)} is ok and has no token counts.`);
  else if (latency !== undefined && latency < FASTEST_MS)
    blame('figures-implausible', name, `${quoted(agent)} answered in ${latency} ms, faster than any model.`);
  else if (cost === 0 && prompt + completion > 0)
    blame(
      'figures-implausible',
      name,
      `${quoted(agent)} used ${prompt + completion} tokens and cost exactly nothing.`,
    );
}

function blameSums(name: string, value: unknown, agents: readonly Figures[], blame: Blame): void {
  const total = numberAt(value, 'consensus', 'total_cost_usd');
  const parts = agents.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  if (total !== undefined && agents.length > 0 && Math.abs(total - parts) > CLOSE + parts * CLOSE)
    blame('sums-wrong', name, `It says ${total} USD in all; its agents make ${Number(parts.toFixed(6))}.`);
}

/** `costs/<SPEC-ID>_cost_summary.json`. */
export function judgeCost(file: FoundFile, { specId, blame }: Judging): Claim {
  const value = objectIn(file, blame);
  if (value === undefined) return 'none';
  blameIdentity(file, value, { specId, blame });
  const total =
    numberAt(value, 'total_spent') ?? numberAt(value, 'total_cost_usd') ?? numberAt(value, 'total_cost');
  const calls = numberAt(value, 'call_count') ?? numberAt(value, 'calls');
  if (total === undefined || calls === undefined) {
    blame('field-missing', file.name, 'It has no total or no number of calls.');
    return 'none';
  }
  if (total === 0 && calls > 0)
    blame('figures-implausible', file.name, `It says that ${calls} calls cost exactly nothing.`);
  for (const field of ['per_stage', 'per_model']) {
    const parts = Object.values(fieldsOf(at(value, field)) ?? {}).filter(one => typeof one === 'number');
    blameParts(file.name, field, parts, total, blame);
  }
  const budget = numberAt(value, 'budget');
  if (budget !== undefined && total > budget)
    blame('budget-exceeded', file.name, `It spent ${total} of a budget of ${budget}.`);
  return listAt(value, 'errors').length > 0 ? 'failed' : 'passed';
}

function blameParts(
  name: string,
  field: string,
  parts: readonly number[],
  total: number,
  blame: Blame,
): void {
  const sum = parts.reduce((all, one) => all + one, 0);
  if (parts.length > 0 && Math.abs(sum - total) > 0.005 + total * 0.001)
    blame('sums-wrong', name, `Its ${field} makes ${Number(sum.toFixed(6))}, its total is ${total}.`);
  const counted = new Map<number, number>();
  for (const one of parts) if (one > 0) counted.set(one, (counted.get(one) ?? 0) + 1);
  for (const [one, count] of counted)
    if (count > 3) blame('figures-implausible', name, `${count} entries of ${field} cost exactly ${one}.`);
}
