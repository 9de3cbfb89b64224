/** The settings' words. */

import { learn } from './text.js';

export const t = await learn('settings');
