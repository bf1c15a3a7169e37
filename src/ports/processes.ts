import { hostname } from 'node:os';
import type { Processes } from '../workspace/processes.js';
import { isAlive, startTime } from './process-identity.js';

export const processes: Processes = {
  own: () => ({ host: hostname(), pid: process.pid, pidStart: startTime(process.pid) }),
  stateOf({ host, pid, pidStart }) {
    if (host !== hostname()) return 'elsewhere';
    return isAlive(`${pid}.${pidStart}.${host}`) ? 'alive' : 'gone';
  },
};
