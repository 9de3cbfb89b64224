/** The words of what comes with the second stage. */

import { learn } from './text.js';

export const t = await learn('controls');
