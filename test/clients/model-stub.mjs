import { createServer } from 'node:http';

/**
 * A model on a loopback port. It speaks one vendor's `dialect`, answers each turn with what `decide(received)` says,
 * and keeps what it was shown in `turns`, newest last.
 *
 * - dialect.turn: matches the path of a request for a turn; everything else is answered 404 or, for models, an empty list
 * - dialect.received(body): {tools: [{name, call, description, schema}], results: [{tool, text}]} of our server alone
 * - dialect.reply(step, number, body): the server-sent events for {call, args} or {say}
 */
export async function startModel(dialect, decide) {
  const turns = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://model');
    const body = await readJson(request);
    if (request.method !== 'POST' || !dialect.turn.test(pathname)) {
      response.writeHead(/\/models$/.test(pathname) ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [], models: [] }));
      return;
    }
    const received = dialect.received(body);
    turns.push(received);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of dialect.reply(decide(received), turns.length, body))
      response.write(`${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    turns,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
