// Small helpers: elements, numbers, times. Text is always set as text, never as markup.
const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/** An element with attributes and children; null, undefined and false children are left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== null && value !== false)
      element.setAttribute(name, value === true ? '' : value);
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function table(className, columns, rows) {
  const head = columns.map(column => h('th', { scope: 'col', class: column.number ? 'number' : null }, column.name ?? column));
  return h('table', { class: className }, h('thead', {}, h('tr', {}, head)), h('tbody', {}, rows));
}

export const empty = (title, text) => h('div', { class: 'empty' }, h('strong', {}, title), text);

export const cell = (content, className) => h('td', { class: className }, content ?? '');

export const number = (value, digits = 0) =>
  value === null || value === undefined ? '–' : value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: value !== 0 && value < 10 ? digits : 0 });

/** Milliseconds with as many digits as mean something. */
export function milliseconds(value) {
  if (value === null || value === undefined)
    return '–';
  return value < 1 ? `${value.toFixed(2)} ms` : value < 100 ? `${value.toFixed(1)} ms` : value < 10000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

export const time = text => new Date(text).toLocaleTimeString('en-GB');

export function ago(text, now) {
  const seconds = Math.max(0, Math.round((new Date(now) - new Date(text)) / 1000));
  return seconds < 60 ? `${seconds} s ago` : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}

export const plural = (count, one) => `${number(count)} ${one}${count === 1 ? '' : 's'}`;

/** `n1#17` -> `n1`. */
export const nameOf = node => node.slice(0, node.lastIndexOf('#') < 0 ? node.length : node.lastIndexOf('#'));

/** The coloured, numbered mark of a rank; colours repeat after eight, numbers do not. */
export const rankMark = rank => h('span', { class: `rank r${rank % 8}` }, String(rank));

/** The group in which the daemons tell this page what they see; of no interest to people. */
export const OWN_GROUP = 'groupcomm.page';
