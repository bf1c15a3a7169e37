import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Whether what the model was shown is complete and true. Returns what is wrong, in sentences. */
export function judge({ received, called, toolNames, lint, workspace }) {
  if (received === undefined) return ['the model was never asked'];
  if (received.tools.length === 0) return ['the model was shown none of our tools'];
  return [
    ...judgeTools(received.tools, toolNames),
    ...called.filter(name => toolNames.includes(name)).flatMap(name => judgeResult(received, name)),
    ...judgeLint(resultOf(received, 'lint_tasks'), lint),
    ...judgeGuardrail(resultOf(received, 'run_guardrail'), workspace),
    ...['lint_tasks', 'run_guardrail']
      .filter(name => !toolNames.includes(resultOf(received, name).next?.tool))
      .map(name => `${name} names no next step`),
  ];
}

function judgeTools(tools, toolNames) {
  const names = new Set(tools.map(({ name }) => name));
  const missing = toolNames.filter(name => !names.has(name));
  const bare = tools.filter(({ description, schema }) => !description || schema?.type !== 'object');
  const guardrail = tools.find(({ name }) => name === 'run_guardrail')?.schema?.properties ?? {};
  const lost = ['specId', 'stage'].filter(name => guardrail[name] === undefined);
  return [
    ...missing.map(name => `${name} is not on the model's list`),
    ...bare.map(({ name }) => `${name} has no description or no input schema`),
    ...lost.map(name => `run_guardrail lost its argument ${name}`),
  ];
}

function judgeLint({ outcome, counts }, lint) {
  return [
    ...differs('the outcome of lint_tasks', outcome, lint.outcome),
    ...differs('the counts of lint_tasks', counts, lint.counts),
  ];
}

function judgeGuardrail({ outcome, checks = [], telemetry }, workspace) {
  return [
    ...differs('the outcome of run_guardrail', outcome, recordedOutcome(workspace, telemetry)),
    ...(checks.length > 0 ? [] : ['run_guardrail lists no checks']),
  ];
}

function resultOf({ results }, tool) {
  return readObject(results.find(result => result.tool === tool)?.text ?? '') ?? {};
}

function judgeResult({ results }, tool) {
  const text = results.find(result => result.tool === tool)?.text;
  if (text === undefined) return [`${tool} gave the model no result`];
  const named = readObject(text)?.workspace !== undefined;
  return named ? [] : [`${tool} gave the model no result object: ${text.slice(0, 300)}`];
}

/** The structured result: one line of JSON among what clients put around it. */
function readObject(text) {
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    try {
      return JSON.parse(line);
    } catch {
      // Cut off, or a line of something else.
    }
  }
  return undefined;
}

function recordedOutcome(workspace, telemetry) {
  const file = path.join(workspace, telemetry ?? 'missing');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).outcome : 'none on disk';
}

function differs(name, shown, expected) {
  const [left, right] = [JSON.stringify(shown), JSON.stringify(expected)];
  return left === right && left !== undefined
    ? []
    : [`${name} is ${left} for the model, but really ${right}`];
}
