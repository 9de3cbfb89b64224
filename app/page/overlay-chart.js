/** Where on the screen the overlay's lines go: from the specimen to the pane's pixels and back. */

import { fieldSize, toField, toScreen } from './field-view.js';
import { POINTS, roundNumber } from './measures.js';

/**
 * @typedef {import('./field-view.js').Point} Point
 * @typedef {import('./specimen.js').Place} Place
 */

/** The scale bar is not longer than this share of the pane's width, nor than so many pixels. */
const BAR_SHARE = 0.25;
const BAR_PX = 200;
/** Between two lines of the grid there are at least so many pixels. */
const GRID_PX = 80;
const ARC_PX = 28;
/** How large a new mark is, of the pane's smaller side. */
const NEW_SHARE = 0.25;
/** New marks do not hide each other: so many stand below each other. */
const ROWS = 5;
const ROW_PX = 30;
/** A narrow pane has its figures where else the scale is. */
const NARROW_PX = 600;

export class Chart {
  /**
   * @param {import('./field-view.js').View} view
   * @param {import('./field-view.js').Pane} pane
   * @param {import('./specimen.js').Specimen} specimen
   */
  constructor(view, pane, specimen) {
    this.view = view;
    this.pane = pane;
    this.specimen = specimen;
    this.um_per_px = specimen.width_um / fieldSize(view, pane).width;
  }

  /** @param {Place} place @returns {Point} */
  toScreen(place) {
    return toScreen(this.view, this.pane, this.specimen.find(place));
  }

  /** @param {Point} point @returns {Place} */
  toSpecimen(point) {
    return this.specimen.at(toField(this.view, this.pane, point));
  }

  /** A round length and how long it is on the screen. */
  get scaleBar() {
    const um = roundNumber(this.um_per_px * Math.min(this.pane.width * BAR_SHARE, BAR_PX));
    return { um, px: um / this.um_per_px };
  }

  /** Where the scale bar ends: in the corner of what is seen of the picture. */
  get corner() {
    const { width, height } = this.pane;
    const end = toScreen(this.view, this.pane, { x: 1, y: 1 });
    return { x: Math.min(width, end.x) - 16, y: Math.min(height - (width < NARROW_PX ? 84 : 0), end.y) - 16 };
  }

  get gridStep_um() {
    const least = this.um_per_px * GRID_PX;
    const under = roundNumber(least);
    // The next of 1, 2, 5, 10 is never more than two and a half times as much.
    return under >= least * 0.999 ? under : roundNumber(under * 2.5);
  }

  /** The grid as an SVG path: lines at multiples of its step on the specimen. */
  get gridPath() {
    const { width, height } = this.pane;
    const corners = [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: 0, y: height },
      { x: width, y: height },
    ].map((corner) => this.toSpecimen(corner));
    const step_um = this.gridStep_um;
    const [left, right] = span(corners.map(({ x_um }) => x_um));
    const [top, bottom] = span(corners.map(({ y_um }) => y_um));
    const [xs, ys] = [multiples(left, right, step_um), multiples(top, bottom, step_um)];
    const upright = xs.map((x_um) => this.#line({ x_um, y_um: top }, { x_um, y_um: bottom }));
    const level = ys.map((y_um) => this.#line({ x_um: left, y_um }, { x_um: right, y_um }));
    return [...upright, ...level].join('');
  }

  /** The arc of an angle as an SVG path. @param {Point[]} points on the screen */
  static arc([one, vertex, other]) {
    const ends = [one, other].map(({ x, y }) => {
      const px = Math.hypot(x - vertex.x, y - vertex.y) || 1;
      return { x: vertex.x + ((x - vertex.x) / px) * ARC_PX, y: vertex.y + ((y - vertex.y) / px) * ARC_PX };
    });
    const [a, b] = ends.map(({ x, y }) => Math.atan2(y - vertex.y, x - vertex.x));
    const turn = (b - a + 2 * Math.PI) % (2 * Math.PI);
    return `M${fixed(ends[0])}A${ARC_PX} ${ARC_PX} 0 0 ${turn < Math.PI ? 1 : 0} ${fixed(ends[1])}`;
  }

  /**
   * Where a new mark has its points: about the middle of the pane.
   *
   * @param {import('./measures.js').Kind} kind
   * @param {number} others how many there are
   * @returns {Place[]}
   */
  newPoints(kind, others) {
    const { width, height } = this.pane;
    const reach = Math.min(width, height) * NEW_SHARE;
    const offsets = [
      [-reach, 0],
      [reach, 0],
      [reach * 0.7, -reach * 0.7],
    ];
    // An angle opens at its second point.
    const [first, second, third] = offsets;
    const chosen = POINTS[kind] === 3 ? [second, first, third] : [first, second];
    const y = height / 2 + (others % ROWS) * ROW_PX;
    return chosen.map(([dx, dy]) => this.toSpecimen({ x: width / 2 + dx, y: y + dy }));
  }

  /** @param {Place} from @param {Place} to */
  #line(from, to) {
    return `M${fixed(this.toScreen(from))}L${fixed(this.toScreen(to))}`;
  }
}

/** @param {Point} point */
function fixed({ x, y }) {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** @param {number[]} values */
function span(values) {
  return [Math.min(...values), Math.max(...values)];
}

/** @param {number} first @param {number} last @param {number} step */
function multiples(first, last, step) {
  const start = Math.ceil(first / step);
  return Array.from({ length: Math.max(0, Math.floor(last / step) - start + 1) }, (_, index) => (start + index) * step);
}
