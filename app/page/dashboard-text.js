/** The dashboard's words. */

import { learn } from './text.js';

export const t = await learn('dashboard');
