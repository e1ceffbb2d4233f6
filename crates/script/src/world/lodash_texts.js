// The part of lodash 3 that is about texts, numbers and functions.
(function () {
  'use strict';

  const text = (value) => (value === null || value === undefined ? '' : String(value));
  const deburr = (value) => text(value).normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  const capitalize = (value) => text(value).charAt(0).toUpperCase() + text(value).slice(1);
  const words = (value, pattern) =>
    text(value).match(pattern || /\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+|\p{Lo}+|\d+/gu) || [];
  const joined = (separator, change) => (value) => words(deburr(value).replace(/['\u2019]/g, '')).map(change).join(separator);
  const lower = (word) => word.toLowerCase();

  const filler = (count, characters) => (count > 0 ? characters.repeat(Math.ceil(count / characters.length)).slice(0, count) : '');
  const pads = (value, length, characters) => {
    const missing = (length || 0) - text(value).length;
    const fill = characters === undefined ? ' ' : text(characters);
    return { missing, fill: fill === '' ? ' ' : fill };
  };
  const padStart = (value, length, characters) => {
    const { missing, fill } = pads(value, length, characters);
    return filler(missing, fill) + text(value);
  };
  const padEnd = (value, length, characters) => {
    const { missing, fill } = pads(value, length, characters);
    return text(value) + filler(missing, fill);
  };
  const pad = (value, length, characters) => {
    const { missing, fill } = pads(value, length, characters);
    return filler(Math.floor(missing / 2), fill) + text(value) + filler(Math.ceil(missing / 2), fill);
  };
  const trimStart = (value, characters) => {
    if (characters === undefined) return text(value).trimStart();
    const all = Array.from(text(value));
    const from = all.findIndex((one) => !text(characters).includes(one));
    return from === -1 ? '' : all.slice(from).join('');
  };
  const trimEnd = (value, characters) => {
    if (characters === undefined) return text(value).trimEnd();
    const all = Array.from(text(value));
    return all.slice(0, all.findLastIndex((one) => !text(characters).includes(one)) + 1).join('');
  };
  const trim = (value, characters) => trimEnd(trimStart(value, characters), characters);
  const truncate = (value, options) => {
    const { length = 30, omission = '...' } = typeof options === 'number' ? { length: options } : options || {};
    return text(value).length <= length ? text(value) : text(value).slice(0, Math.max(length - omission.length, 0)) + omission;
  };

  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };
  const characters = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&#96;': '`' };

  const rounder = (round) => (value, digits) => {
    if (!digits) return round(+value);
    const [digit, exponent = '0'] = String(+value).split('e');
    return +`${round(+`${digit}e${+exponent + digits}`)}e${-digits}`;
  };
  let ids = 0;

  return {
    capitalize, deburr, words, pad, padLeft: padStart, padStart, padRight: padEnd, padEnd, trim,
    trimLeft: trimStart, trimStart, trimRight: trimEnd, trimEnd, trunc: truncate, truncate,
    camelCase: joined('', (word, i) => (i === 0 ? lower(word) : capitalize(lower(word)))),
    snakeCase: joined('_', lower),
    kebabCase: joined('-', lower),
    startCase: joined(' ', capitalize),
    lowerCase: joined(' ', lower),
    upperCase: joined(' ', (word) => word.toUpperCase()),
    upperFirst: capitalize,
    lowerFirst: (value) => text(value).charAt(0).toLowerCase() + text(value).slice(1),
    toLower: (value) => text(value).toLowerCase(),
    toUpper: (value) => text(value).toUpperCase(),
    toString: text,
    startsWith: (value, start, at) => text(value).startsWith(start, at),
    endsWith: (value, end, at) => text(value).endsWith(end, at),
    repeat: (value, count) => text(value).repeat(Math.max(count || 0, 0)),
    replace: (value, pattern, by) => text(value).replace(pattern, by),
    split: (value, separator, limit) => text(value).split(separator, limit),
    escape: (value) => text(value).replace(/[&<>"'`]/g, (one) => entities[one]),
    unescape: (value) => text(value).replace(/&(?:amp|lt|gt|quot|#39|#96);/g, (one) => characters[one]),
    escapeRegExp: (value) => text(value).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    parseInt: (value, base) => parseInt(value, base),

    toNumber: Number,
    toInteger: (value) => Math.trunc(+value) || 0,
    add: (a, b) => (+a || 0) + (+b || 0),
    round: rounder(Math.round), floor: rounder(Math.floor), ceil: rounder(Math.ceil),
    clamp: (value, low, high) => (high === undefined ? Math.min(value, low) : Math.min(Math.max(value, low), high)),
    inRange: (value, start, end) => {
      const [low, high] = end === undefined ? [0, start] : [start, end];
      return value >= Math.min(low, high) && value < Math.max(low, high);
    },
    uniqueId: (prefix) => { ids += 1; return text(prefix) + ids; },
    now: () => Date.now(),

    noop: () => undefined,
    identity: (value) => value,
    constant: (value) => () => value,
    negate: (judge) => (...args) => !judge(...args),
    partial: (call, ...some) => (...others) => call(...some, ...others),
    bind: (call, self, ...some) => call.bind(self, ...some),
    once: (call) => {
      let isDone = false;
      let result;
      return (...args) => {
        if (!isDone) { isDone = true; result = call(...args); }
        return result;
      };
    },
    memoize: (call, keyOf) => {
      const known = new Map();
      return (...args) => {
        const key = keyOf ? keyOf(...args) : args[0];
        if (!known.has(key)) known.set(key, call(...args));
        return known.get(key);
      };
    },
    flow: (...calls) => (...args) => calls.flat().reduce((result, call, i) => (i === 0 ? call(...result) : call(result)), args),
    attempt: (call, ...args) => {
      try {
        return call(...args);
      } catch (error) {
        return error;
      }
    },
  };
})
