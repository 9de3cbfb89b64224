/** The page's signs, drawn in the colour of the text that they stand beside. */

import { html, svg } from 'lit';

/** Each as the paths of a 24 by 24 drawing. */
const PATHS = {
  stage: svg`<path d="M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3" />`,
  camera: svg`<path d="M4 8h3l2-3h6l2 3h3v11H4z" /><circle cx="12" cy="13" r="3.5" />`,
  lamp: svg`<path d="M9 18h6M10 21h4M12 3a6 6 0 0 0-3.6 10.8c.7.6 1.1 1.3 1.1 2.2h5c0-.9.4-1.6 1.1-2.2A6 6 0 0 0 12 3z" />`,
  capture: svg`<circle cx="12" cy="12" r="9" /><circle cx="12" cy="12" r="5" />`,
  measure: svg`<path d="M3 16 16 3l5 5L8 21zM7 12l2 2M10 9l3 3M13 6l2 2" />`,
  gallery: svg`<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z" />`,
  dashboard: svg`<path d="M3 12h4l3-8 4 16 3-8h4" />`,
  settings: svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9" /><circle cx="15" cy="7" r="2" /><circle cx="9" cy="17" r="2" />`,
  about: svg`<circle cx="12" cy="12" r="9" /><path d="M12 11v5M12 8v.01" />`,
  home: svg`<path d="m4 11 8-7 8 7M6 10v10h12V10" />`,
  rename: svg`<path d="m5 19 1-4L16 5l3 3L9 18zM13 8l3 3" />`,
  delete: svg`<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13" />`,
  back: svg`<path d="m14 6-6 6 6 6" />`,
  next: svg`<path d="m10 6 6 6-6 6" />`,
  download: svg`<path d="M12 4v11M7 11l5 5 5-5M5 20h14" />`,
  share: svg`<path d="M12 15V3M8 7l4-4 4 4M6 12H5v9h14v-9h-1" />`,
  close: svg`<path d="M6 6l12 12M18 6 6 18" />`,
  undo: svg`<path d="M9 7 4 12l5 5M4 12h10a5 5 0 0 1 0 10" />`,
};

/** @typedef {keyof typeof PATHS} Icon */

/** A sign. It says nothing aloud: what it stands for is named by its button. @param {Icon} name */
export function icon(name) {
  return DRAWN[name];
}

const DRAWN = Object.fromEntries(
  Object.entries(PATHS).map(([name, paths]) => [
    name,
    html`<svg
      viewBox="0 0 24 24"
      width="22"
      height="22"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      ${paths}
    </svg>`,
  ]),
);
