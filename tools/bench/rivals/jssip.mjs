// JsSIP exports no parser; its file is taken directly, as its own tests do.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const path = require('node:path');
export const Parser = require(path.join(path.dirname(require.resolve('jssip')), 'Parser.js'));
