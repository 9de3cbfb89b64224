/** The deeds that come with the second stage: nothing that is there before it asks for them. */

import { aboutDeeds } from './about-deeds.js';
import { albumDeeds } from './album-deeds.js';
import { cameraDeeds } from './camera-deeds.js';
import { controlDeeds } from './control-deeds.js';
import { lampDeeds } from './lamp-deeds.js';
import { opticsDeeds } from './optics-deeds.js';
import { overlayDeeds } from './overlay-deeds.js';
import { placeDeeds } from './place-deeds.js';
import { upkeepDeeds } from './upkeep-deeds.js';
import { watchDeeds } from './watch-deeds.js';

export const MORE_DEEDS = [
  aboutDeeds,
  albumDeeds,
  cameraDeeds,
  controlDeeds,
  lampDeeds,
  opticsDeeds,
  overlayDeeds,
  placeDeeds,
  upkeepDeeds,
  watchDeeds,
];
