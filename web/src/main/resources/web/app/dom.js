/**
 * Elements made in code. Text only ever becomes a text node, so nothing a server says can become
 * markup, whatever it contains.
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} tag with classes, as in `button.quiet.small`
 * @param {Record<string, any>} [properties] `on…` are listeners, `aria-…`, `data-…`, `role` and the
 *   like become attributes, the rest properties; null and undefined are left out
 * @param {...(Node|string|null|undefined|false)} children strings become text
 * @returns {any} the element
 */
export function h(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length > 0) {
    element.className = classes.join(' ');
  }
  set(element, properties);
  put(element, ...children);
  return element;
}

/** @param {any} element @param {Record<string, any>} properties */
export function set(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name in element && !name.includes('-') && name !== 'list' && name !== 'form') {
      element[name] = value;
    } else {
      element.setAttribute(name, String(value));
    }
  }
}

/** Puts children in the place of those there were. @param {Element} element @param {...any} children */
export function put(element, ...children) {
  element.replaceChildren(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
}

/** Sets a text if it is another, so that a screen reader and a selection are left in peace. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** @param {string} name @param {Record<string, string|number>} [attributes] @param {...Node} children */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, String(value));
  }
  element.append(...children);
  return element;
}

/** Drawings of 24 by 24, as strokes. */
const DRAWINGS = {
  bell: 'M6 9a6 6 0 0 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.3c2.2.8 3.5 2.9 3.5 5.7',
  send: 'M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4',
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  lock: 'M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  numbers: 'M4 20V4M4 20h16M8 16l4-5 3 3 5-7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  leave: 'M14 5H6v14h8M11 12h10M18 9l3 3-3 3',
  power: 'M12 4v8M7.5 6.8a7 7 0 1 0 9 0',
  down: 'M12 5v14M6 13l6 6 6-6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.5 4.5',
};

/** @param {keyof typeof DRAWINGS} name decorative: whoever uses it says in words what it means */
export function icon(name) {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: DRAWINGS[name] }),
  );
}

/** The colour of a person, the same everywhere: one of eight. @param {string} id */
export function hueOf(id) {
  let sum = 7;
  for (const point of id) {
    sum = (sum * 31 + point.codePointAt(0)) >>> 0;
  }
  return `hue-${sum % 8}`;
}

/** A round first letter. @param {{id: string, name: string}} person */
export function avatar(person) {
  const [first = '?'] = person.name.trim();
  return h(`span.avatar.${hueOf(person.id)}`, { 'aria-hidden': 'true' }, first.toUpperCase());
}

/**
 * Runs a drawing once per frame however often it is asked for, and soon even when the page is
 * hidden, where frames stand still.
 *
 * @param {() => void} draw
 */
export function oncePerFrame(draw) {
  let isAsked = false;
  return () => {
    if (isAsked) {
      return;
    }
    isAsked = true;
    const run = () => {
      isAsked = false;
      draw();
    };
    if (document.hidden) {
      setTimeout(run, 100);
    } else {
      requestAnimationFrame(run);
    }
  };
}
