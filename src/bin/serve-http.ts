import type { Parsed } from '../cli/command.js';
import { SpecError } from '../errors.js';
import { labelOf } from '../ports/open.js';
import { keepToken } from '../ports/token-file.js';
import type { Host } from '../server/host.js';
import { type HttpServing, serveHttp } from '../server/http.js';
import type { Environment } from './environment.js';

const DEFAULT_PORT = 7331;
const SHORTEST_TOKEN = 16;

export async function startHttp(host: Host, parsed: Parsed, environment: Environment): Promise<HttpServing> {
  const port = portOf(parsed.text('port'));
  try {
    return await serveHttp(host, {
      port,
      tokens: parsed.on('no-auth') ? 'none' : [tokenOf(environment, host)],
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new SpecError(
      'INVALID_ARGUMENT',
      `Port ${port} is taken. Name another with --port, or 0 for any free one.`,
      {
        cause: error,
      },
    );
  }
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text !== '') return port;
  throw new SpecError('INVALID_ARGUMENT', `--port takes a number from 0 to 65535, not "${text}".`);
}

/** From SPEC_KIT_HTTP_TOKEN, else from a file that only its owner can read, which is created once and named on stderr. */
function tokenOf({ httpToken, configFolder }: Environment, host: Host): string {
  if (httpToken !== undefined) {
    if (/^\S+$/.test(httpToken) && httpToken.length >= SHORTEST_TOKEN) return httpToken;
    throw new SpecError(
      'CONFIG_INVALID',
      `SPEC_KIT_HTTP_TOKEN must have at least ${SHORTEST_TOKEN} characters and no blanks. Unset it to have one made.`,
    );
  }
  const { token, path } = keepToken(configFolder);
  host.log(`the bearer token is in ${labelOf(path)}`);
  return token;
}
