// The part of lodash 3 that is about texts and numbers, with what version 4 added.
(function (world) {
  'use strict';

  const { isNil, isGuard, api: objects } = world.part('lodashObjects');
  const { isObject, isRegExp } = objects;

  const text = (value) => (isNil(value) ? '' : `${value}`);
  // Version 4: lists as their elements, minus zero with its sign, symbols as what they are called.
  const toText = (value) => {
    if (isNil(value)) return '';
    if (Array.isArray(value)) return value.map((one) => (isNil(one) ? `${one}` : toText(one))).join();
    return typeof value === 'symbol' ? value.toString() : Object.is(value, -0) ? '-0' : `${value}`;
  };
  const LIGATURES = { Æ: 'Ae', æ: 'ae', Ø: 'O', ø: 'o', ß: 'ss', Þ: 'Th', þ: 'th', Ð: 'D', ð: 'd' };
  const deburr = (value) => text(value).replace(/[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]/g, (one) => LIGATURES[one]
    || one.normalize('NFD')[0]).replace(/[\u0300-\u036f\ufe20-\ufe23]/g, '');
  const capitalize = (value) => text(value).charAt(0).toUpperCase() + text(value).slice(1);
  const [UPPER, LOWER] = ['[A-Z\\u00c0-\\u00d6\\u00d8-\\u00de]', '[a-z\\u00df-\\u00f6\\u00f8-\\u00ff]'];
  const WORDS = new RegExp(`${UPPER}+(?=${UPPER}${LOWER}+)|${UPPER}?${LOWER}+|${UPPER}+|[0-9]+`, 'g');
  const guarded = (value, index, collection) => Boolean(collection) && isGuard(value, index, collection);
  const words = (value, pattern, guard) => text(value).match(guarded(value, pattern, guard) || isNil(pattern) ? WORDS : pattern)
    || [];
  const joined = (separator, change) => (value) => words(deburr(value)).map(change).join(separator);
  const lower = (word) => word.toLowerCase();
  // Version 4 leaves apostrophes out.
  const spaced = (change) => (value) => words(deburr(value).replace(/['\u2019]/g, '')).map(change).join(' ');

  const filler = (missing, characters) => {
    const fill = isNil(characters) ? ' ' : `${characters}`;
    return missing > 0 && Number.isFinite(missing) && fill !== ''
      ? fill.repeat(Math.ceil(missing / fill.length)).slice(0, missing) : '';
  };
  const missingOf = (value, length) => +length - text(value).length;
  const padStart = (value, length, characters) => filler(missingOf(value, length), characters) + text(value);
  const padEnd = (value, length, characters) => text(value) + filler(missingOf(value, length), characters);
  const pad = (value, length, characters) => {
    const missing = missingOf(value, length);
    return filler(Math.floor(missing / 2), characters) + text(value) + filler(Math.ceil(missing / 2), characters);
  };
  const trimmed = (atStart, atEnd) => (value, characters, guard) => {
    if (isNil(characters) || guarded(value, characters, guard)) {
      const start = atStart ? text(value).trimStart() : text(value);
      return atEnd ? start.trimEnd() : start;
    }
    const all = Array.from(text(value));
    const isKept = (one) => !`${characters}`.includes(one);
    const from = atStart ? all.findIndex(isKept) : 0;
    const to = atEnd ? all.findLastIndex(isKept) : all.length - 1;
    return from === -1 ? '' : all.slice(from, to + 1).join('');
  };
  const truncate = (value, options, guard) => {
    const given = guarded(value, options, guard) || isNil(options) ? {} : isObject(options) ? options : { length: +options || 0 };
    const length = 'length' in given ? +given.length || 0 : 30;
    const omission = 'omission' in given ? text(given.omission) : '...';
    const all = text(value);
    if (length >= all.length) return all;
    const end = length - omission.length;
    if (end < 1) return omission;
    let kept = all.slice(0, end);
    if (isNil(given.separator)) return kept + omission;
    if (isRegExp(given.separator)) {
      if (all.slice(end).search(given.separator)) {
        const found = [...kept.matchAll(new RegExp(given.separator.source, given.separator.flags.replace(/g?$/, 'g')))].at(-1);
        if (found) kept = kept.slice(0, found.index);
      }
    } else if (all.indexOf(given.separator, end) !== end) {
      const at = kept.lastIndexOf(given.separator);
      if (at > -1) kept = kept.slice(0, at);
    }
    return kept + omission;
  };

  const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };
  const CHARACTERS = Object.fromEntries(Object.entries(ENTITIES).map(([one, entity]) => [entity, one]));
  const ANY_ENTITY = new RegExp(Object.keys(CHARACTERS).join('|'), 'g');
  const escape = (value) => text(value).replace(/[&<>"'`]/g, (one) => ENTITIES[one]);
  const SYNTAX = '|\\/(){}[]^$+*?.';
  const BREAKS = { '\n': '\\n', '\r': '\\r', '\u2028': '\\u2028', '\u2029': '\\u2029' };
  // What a regular expression might take for something else where it is put together of texts.
  const escapeRegExp = (value) => {
    const safe = Array.from(text(value), (one, at) => {
      // What could go on an escape that stands before it is written as a number.
      if (at === 0 && /^[\da-f]$|^[nrtuvx]$/i.test(one) && !'NRTUVX'.includes(one)) {
        return `\\x${one.charCodeAt(0).toString(16)}`;
      }
      const isMark = SYNTAX.includes(one) || (at === 0 && ':!,'.includes(one));
      return BREAKS[one] || (isMark ? `\\${one}` : one);
    });
    return safe.join('') || '(?:)';
  };

  // ---- templates ----
  const SETTINGS = { escape: /<%-([\s\S]+?)%>/g, evaluate: /<%([\s\S]+?)%>/g, interpolate: /<%=([\s\S]+?)%>/g, variable: '',
    imports: {} };
  const NEVER = /($^)/;
  const template = (source, options, other) => {
    const given = { ...SETTINGS, ...(other && isGuard(source, options, other) ? {} : options) };
    const interpolate = given.interpolate || NEVER;
    // The language's own form, too, unless an author has chosen another one.
    const own = interpolate === SETTINGS.interpolate ? /\$\{((?:\\[^]|[^\\}])*)\}/ : NEVER;
    const forms = [given.escape || NEVER, interpolate, own, given.evaluate || NEVER].map((form) => form.source);
    const pattern = new RegExp(`${forms.join('|')}|$`, 'g');
    const textOf = (part) => JSON.stringify(part).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
    let body = '';
    let at = 0;
    text(source).replace(pattern, (all, escaped, shown, shownToo, run, place) => {
      body += `_out += ${textOf(text(source).slice(at, place))};\n`;
      if (escaped) body += `_out += _escape(${escaped});\n`;
      if (shown || shownToo) body += `_out += _text(${shown || shownToo});\n`;
      if (run) body += `${run};\n`;
      at = place + all.length;
      return all;
    });
    const imports = { _: world.part('lodash'), ...SETTINGS.imports, ...given.imports };
    const names = Object.keys(imports);
    const scoped = given.variable ? body : `with (_data || {}) {\n${body}}\n`;
    const code = `var _out = '', print = function () { _out += [].join.call(arguments, ''); };\n${scoped}return _out;`;
    const render = new Function(...names, '_escape', '_text', given.variable || '_data', code);
    const result = (data) => render(...names.map((name) => imports[name]), escape, text, data);
    result.source = code;
    return result;
  };

  // ---- numbers ----
  const rounder = (round) => (value, digits) => {
    const by = +digits || 0;
    return by ? round(value * 10 ** by) / 10 ** by : round(value);
  };
  const toNumber = (value) => {
    const plain = isObject(value) ? (isObject(value.valueOf()) ? `${value}` : value.valueOf()) : value;
    return typeof plain === 'symbol' ? NaN : +plain;
  };
  const toFinite = (value) => {
    const number = toNumber(value);
    if (number === Infinity || number === -Infinity) return Math.sign(number) * Number.MAX_VALUE;
    return number || 0;
  };
  const toInteger = (value) => Math.trunc(toFinite(value)) || 0;
  const bounded = (value, low, high) => Math.min(Math.max(toInteger(value), low), high);
  const operation = (calculate, none) => (a, b) => {
    if (a === undefined || b === undefined) return a === undefined && b === undefined ? none : a === undefined ? b : a;
    const read = typeof a === 'string' || typeof b === 'string' ? String : toNumber;
    return calculate(read(a), read(b));
  };
  const clamp = (value, ...bounds) => {
    const [low, high] = (bounds[1] === undefined ? [undefined, bounds[0]] : bounds).map((one) =>
      (one === undefined ? one : toNumber(one)));
    let result = toNumber(value);
    if (result !== result) return result;
    if (high !== undefined) result = Math.min(result, high || 0);
    return low === undefined ? result : Math.max(result, low || 0);
  };
  let ids = 0;

  return {
    capitalize, deburr, words, pad, padLeft: padStart, padStart, padRight: padEnd, padEnd,
    trim: trimmed(true, true), trimLeft: trimmed(true, false), trimStart: trimmed(true, false), trimRight: trimmed(false, true),
    trimEnd: trimmed(false, true),
    trunc: truncate, truncate: (value, options, guard) => truncate(value, isObject(options) ? options : undefined, guard),
    template, templateSettings: SETTINGS,
    camelCase: joined('', (word, i) => (i === 0 ? lower(word) : capitalize(lower(word)))),
    snakeCase: joined('_', lower), kebabCase: joined('-', lower), startCase: joined(' ', capitalize),
    lowerCase: spaced(lower), upperCase: spaced((word) => word.toUpperCase()),
    upperFirst: capitalize,
    lowerFirst: (value) => text(value).charAt(0).toLowerCase() + text(value).slice(1),
    toLower: (value) => toText(value).toLowerCase(), toUpper: (value) => toText(value).toUpperCase(), toString: toText,
    startsWith: (value, start, at) => text(value).startsWith(`${start}`, isNil(at) ? 0 : at),
    endsWith: (value, end, at) => text(value).endsWith(`${end}`, at === undefined ? undefined : +at || 0),
    repeat: (value, count) => (+count >= 1 && Number.isFinite(+count) ? text(value).repeat(Math.floor(+count)) : ''),
    replace: (value, ...rest) => (rest.length < 2 ? text(value) : text(value).replace(...rest)),
    split: (value, separator, limit) => text(value).split(separator, limit),
    escape, unescape: (value) => text(value).replace(ANY_ENTITY, (one) => CHARACTERS[one]), escapeRegExp,
    parseInt: (value, base, guard) => parseInt(text(value).trim(), guarded(value, base, guard) ? 0 : base),

    toNumber, toFinite, toInteger, toLength: (value) => bounded(value, 0, 4294967295),
    toSafeInteger: (value) => bounded(value, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    add: (a, b) => (+a || 0) + (+b || 0), subtract: operation((a, b) => a - b, 0), multiply: operation((a, b) => a * b, 1),
    divide: operation((a, b) => a / b, 1),
    round: rounder(Math.round), floor: rounder(Math.floor), ceil: rounder(Math.ceil), clamp,
    inRange: (value, start, end) => {
      const [low, high] = end === undefined ? [0, +start || 0] : [+start || 0, +end || 0];
      return value >= Math.min(low, high) && value < Math.max(low, high);
    },
    uniqueId: (prefix) => { ids += 1; return text(prefix) + ids; },
    now: () => Date.now(),
  };
})
