// For `node --import`: lets the conformance suite, which wants Node 22, load on Node 20.
import { register } from 'node:module';

register('./node-20-hook.mjs', import.meta.url);
