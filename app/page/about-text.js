/** The words about the microscope. */

import { learn } from './text.js';

export const t = await learn('about');
