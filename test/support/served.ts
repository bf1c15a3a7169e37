import { resources } from '../../resources/index.js';
import { prompts } from '../../resources/prompts.js';
import { createHost, type Host } from '../../src/server/host.js';
import { tools } from '../../tools/index.js';
import { connectStreams, type Peer } from './clients.js';
import { test as base } from './workspace.js';

/** The product's own tools and resources on a test workspace, with a client of the newest era. */
export const test = base.extend<{ host: Host; logged: string[]; client: Peer }>({
  logged: async ({}, use) => {
    await use([]);
  },
  host: async ({ workspace, logged }, use) => {
    await use(
      createHost({ tools, resources, prompts, workspaces: [workspace], log: line => logged.push(line) }),
    );
  },
  client: async ({ host }, use) => {
    const peer = await connectStreams(host, 'modern');
    await use(peer);
    await peer.close();
  },
});
