import { createServer } from 'node:http';

/**
 * A provider on loopback that does the same at every turn. `mode` is one of ok, fenced, prose, truncated, hang, an HTTP
 * status, or what makes the answer of what was asked; `bodies` keeps that.
 */
export async function startStub(dialect, mode) {
  const bodies = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const { pathname } = new URL(request.url, 'http://provider');
    if (request.method !== 'POST' || !dialect.turn.test(pathname)) {
      response.writeHead(/\/models$/.test(pathname) ? 200 : 404, { 'content-type': 'application/json' });
      response.end('{"data":[],"models":[]}');
      return;
    }
    bodies.push(text);
    if (mode === 'hang') return;
    if (typeof mode === 'number') {
      response.writeHead(mode, { 'content-type': 'application/json' });
      response.end(JSON.stringify(errorOf(mode)));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of eventsOf(dialect, mode, bodies.length, JSON.parse(text)))
      response.write(`${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    bodies,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const ANSWER = { stage: 'spec-plan' };

const texts = {
  ok: JSON.stringify(ANSWER),
  fenced: `\`\`\`json\n${JSON.stringify(ANSWER)}\n\`\`\``,
  prose: `Sure! The stage is ${JSON.stringify(ANSWER)}. Anything else?`,
  truncated: JSON.stringify(ANSWER).slice(0, 9),
};

export const textOf = mode => texts[mode];

function eventsOf(dialect, mode, number, body) {
  const answer = typeof mode === 'function' ? mode(JSON.stringify(body)) : ANSWER;
  const structured = (body.tools ?? []).some(({ name }) => name === 'StructuredOutput');
  const answered = JSON.stringify(body.messages ?? []).includes('tool_result');
  const step =
    texts[mode] === undefined || mode === 'ok'
      ? structured && !answered
        ? { call: { name: 'StructuredOutput' }, args: answer }
        : { say: JSON.stringify(answer) }
      : { say: texts[mode] };
  const events = dialect.reply(step, number, body).map(read);
  return mode === 'truncated' ? events.map(cut) : events;
}

/** As if all of a long prompt had been read: fewer tokens than were sent are a prompt that was cut. */
function read(event) {
  const text = JSON.stringify(event).replace(/"(input_tokens|promptTokenCount)":1\b/g, '"$1":50000');
  return JSON.parse(text);
}

/** The same answer, ended at the output limit, in each dialect. */
function cut(event) {
  if (event.type === 'response.completed')
    return {
      ...event,
      type: 'response.incomplete',
      response: { ...event.response, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    };
  if (event.type === 'message_delta') return { ...event, delta: { ...event.delta, stop_reason: 'max_tokens' } };
  if (event.candidates)
    return { ...event, candidates: event.candidates.map(each => ({ ...each, finishReason: 'MAX_TOKENS' })) };
  return event;
}

function errorOf(status) {
  const type = { 401: 'authentication_error', 429: 'rate_limit_error', 500: 'api_error' }[status];
  return { type: 'error', error: { type, code: status, message: `a stub answers ${status}`, status: type } };
}
