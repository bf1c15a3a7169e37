import type { FoundFile } from './evidence-file.js';
import { type Fields, fieldsOf, jsonOf, listAt, numberAt, quoted, textAt, textsIn } from './fields.js';
import type { Blame, Claim } from './reasons.js';

/** What an answer over HTTP shows, as far as the capture kept it. */
interface Answer {
  /** Undefined when the capture does not say. */
  readonly status: number | undefined;
  readonly body: string;
}

/**
 * A HAL capture in any of the origin's forms: the bare body (`*.json`), or the text that an MCP tool returned, with status
 * and headers (`*.txt`). Returns what it shows of the service.
 */
export function judgeCapture({ name, text, why }: FoundFile, blame: Blame): Claim {
  if (text === undefined) {
    blame('unreadable', name, `It is ${why}.`);
    return 'none';
  }
  if (text.trim() === '') {
    blame('artifact-empty', name, 'The capture is empty.');
    return 'none';
  }
  const value = jsonOf(text);
  const told = value === undefined ? text : toolText(value);
  if (told !== undefined) return judgeAnswer(name, answerOf(told), blame);
  const fields = fieldsOf(value);
  return fields === undefined
    ? judgeAnswer(name, { status: undefined, body: text }, blame)
    : judgeBody(name, fields, blame);
}

/** `{"content": [{"type": "text", "text": "Status: ..."}]}` as the tool call printed it. */
function toolText(value: unknown): string | undefined {
  const [first] = listAt(value, 'content');
  const text = textAt(first, 'text');
  return text?.startsWith('Status:') ? text : undefined;
}

function answerOf(text: string): Answer {
  const status = /^Status: (\d{3})\b/m.exec(text.slice(0, 4096))?.[1];
  const start = text.indexOf('Body:\n');
  return {
    status: status === undefined ? undefined : Number(status),
    body: start === -1 ? text : text.slice(start + 6),
  };
}

function judgeAnswer(name: string, { status, body }: Answer, blame: Blame): Claim {
  if (status !== undefined && (status < 200 || status > 299)) {
    blame('answer-is-error', name, `The service answered with status ${status}.`);
    return 'failed';
  }
  const value = jsonOf(body);
  const errors = graphQlErrors(value);
  if (errors !== undefined) {
    blame('answer-is-error', name, errors);
    return 'failed';
  }
  if (status === undefined)
    blame('status-not-recorded', name, 'It does not say which status the service answered with.');
  blameStub(name, value, blame);
  return 'passed';
}

/** A body that was kept without its status, or words that the script wrote because there was no body. */
function judgeBody(name: string, value: Fields, blame: Blame): Claim {
  if (isInvented(value)) {
    const status = numberAt(value, 'status') ?? '';
    blame(
      'status-invented',
      name,
      `Nothing came over the wire; the script wrote "status": ${status} itself.`,
    );
    return 'none';
  }
  if (textAt(value, 'status') === 'mocked' || name.endsWith('-hal-mock.json')) {
    blame('answer-mocked', name, 'No request was made: the capture says that it is a mock.');
    return 'skipped';
  }
  return judgeAnswer(name, { status: undefined, body: JSON.stringify(value) }, blame);
}

/** `{"status": 503, "note": "... returned no body"}` and nothing else. */
function isInvented(value: Fields): boolean {
  const names = Object.keys(value).sort().join(' ');
  return names === 'note status' && typeof value['status'] === 'number';
}

function graphQlErrors(value: unknown): string | undefined {
  const errors = listAt(value, 'errors');
  if (errors.length === 0) return undefined;
  const [first] = errors;
  const code = textAt(first, 'extensions', 'code');
  return `The answer holds ${errors.length} GraphQL errors, first ${quoted(textAt(first, 'message') ?? '')}${code === undefined ? '' : ` (${code.replace(/\W/g, '').slice(0, 40)})`}.`;
}

function blameStub(name: string, value: unknown, blame: Blame): void {
  for (const [member, text] of textsIn(value)) {
    if (!/^stub/i.test(text) || !/^(?:implementation|name|kind|type)$/.test(member)) continue;
    blame('answer-is-stub', name, `The answer names its ${member} ${quoted(text)}.`);
    return;
  }
}
