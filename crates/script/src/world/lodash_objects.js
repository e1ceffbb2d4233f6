// The part of lodash 3 that is about values and objects, and what the other parts are built on.
(function () {
  'use strict';

  const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const isFunction = (value) => typeof value === 'function';
  const isString = (value) => typeof value === 'string' || tagOf(value) === 'String';
  const isDate = (value) => tagOf(value) === 'Date';
  const isRegExp = (value) => tagOf(value) === 'RegExp';
  const isLength = (value) => Number.isInteger(value) && value >= 0;
  const isArrayLike = (value) => value !== null && value !== undefined && !isFunction(value) && isLength(value.length);
  const isPlainObject = (value) => {
    if (tagOf(value) !== 'Object') return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  };
  const isEmpty = (value) => {
    if (value === null || value === undefined) return true;
    if (Array.isArray(value) || isString(value)) return value.length === 0;
    if (value instanceof Map || value instanceof Set) return value.size === 0;
    return Object.keys(value).length === 0;
  };

  const keys = (object) => (object === null || object === undefined ? [] : Object.keys(object));
  const values = (object) => keys(object).map((key) => object[key]);
  const pairs = (object) => keys(object).map((key) => [key, object[key]]);

  const toPath = (path) => {
    if (Array.isArray(path)) return path;
    if (typeof path !== 'string') return [path];
    const names = [];
    path.replace(/[^.[\]]+|\[(?:(-?\d+(?:\.\d+)?)|(["'])((?:(?!\2)[^\\]|\\.)*?)\2)\]/g, (all, number, quote, text) => {
      names.push(quote ? text.replace(/\\(\\)?/g, '$1') : number || all);
    });
    return names;
  };
  // A key with dots in it is one key where the object has it.
  const pathIn = (object, path) => (isObject(object) && typeof path === 'string' && path in object ? [path] : toPath(path));
  const get = (object, path, fallback) => {
    const names = pathIn(object, path);
    let value = object;
    for (let i = 0; i < names.length; i += 1) {
      if (value === null || value === undefined) return fallback;
      value = value[names[i]];
    }
    return value === undefined || names.length === 0 ? fallback : value;
  };
  const set = (object, path, value) => {
    if (!isObject(object)) return object;
    const names = pathIn(object, path);
    let inner = object;
    names.slice(0, -1).forEach((name, i) => {
      if (!isObject(inner[name])) inner[name] = /^\d+$/.test(names[i + 1]) ? [] : {};
      inner = inner[name];
    });
    if (names.length > 0) inner[names[names.length - 1]] = value;
    return object;
  };
  const has = (object, path) => {
    const names = pathIn(object, path);
    let value = object;
    return names.length > 0 && names.every((name) => {
      if (value === null || value === undefined || !Object.prototype.hasOwnProperty.call(Object(value), name)) return false;
      value = value[name];
      return true;
    });
  };
  const unset = (object, path) => {
    const names = pathIn(object, path);
    const inner = names.length > 1 ? get(object, names.slice(0, -1)) : object;
    return isObject(inner) ? delete inner[names[names.length - 1]] : true;
  };

  const isEqual = (a, b, seen = []) => {
    if (Object.is(a, b) || (a === 0 && b === 0)) return true;
    if (!isObject(a) || !isObject(b) || tagOf(a) !== tagOf(b)) return false;
    if (['Date', 'Number', 'String', 'Boolean'].includes(tagOf(a))) return Object.is(a.valueOf(), b.valueOf());
    if (isRegExp(a)) return String(a) === String(b);
    if (isFunction(a)) return false;
    if (seen.some(([x, y]) => x === a && y === b)) return true;
    const inner = seen.concat([[a, b]]);
    if (a instanceof Map || a instanceof Set) return isEqual(Array.from(a), Array.from(b), inner);
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && (!Array.isArray(a) || a.length === b.length)
      && names.every((name) => Object.prototype.hasOwnProperty.call(b, name) && isEqual(a[name], b[name], inner));
  };

  const copy = (value, deep, seen) => {
    if (!isObject(value) || isFunction(value)) return value;
    if (isDate(value)) return new Date(value.valueOf());
    if (isRegExp(value)) return new RegExp(value.source, value.flags);
    if (value instanceof Map) return new Map(value);
    if (value instanceof Set) return new Set(value);
    if (seen.has(value)) return seen.get(value);
    const result = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
    seen.set(value, result);
    Object.keys(value).forEach((key) => { result[key] = deep ? copy(value[key], true, seen) : value[key]; });
    if (Array.isArray(value)) result.length = value.length;
    return result;
  };
  const cloneDeep = (value) => copy(value, true, new Map());
  const clone = (value, deep) => copy(value, deep === true, new Map());

  const assign = (target, ...sources) => {
    const change = isFunction(sources[sources.length - 1]) ? sources.pop() : (_old, value) => value;
    sources.forEach((source) => keys(source).forEach((key) => { target[key] = change(target[key], source[key], key); }));
    return target;
  };
  const defaults = (target, ...sources) => {
    sources.forEach((source) => keys(source).forEach((key) => {
      if (target[key] === undefined) target[key] = source[key];
    }));
    return target;
  };
  const defaultsDeep = (target, ...sources) => {
    sources.forEach((source) => keys(source).forEach((key) => {
      if (target[key] === undefined) target[key] = cloneDeep(source[key]);
      else if (isPlainObject(target[key]) && isPlainObject(source[key])) defaultsDeep(target[key], source[key]);
    }));
    return target;
  };
  const isMergeable = (value) => Array.isArray(value) || isPlainObject(value);
  const merge = (target, ...sources) => {
    sources.forEach((source) => keys(source).forEach((key) => {
      const value = source[key];
      if (key === '__proto__' || value === undefined) return;
      if (!isMergeable(value)) target[key] = value;
      else if (isMergeable(target[key]) && Array.isArray(target[key]) === Array.isArray(value)) merge(target[key], value);
      else target[key] = cloneDeep(value);
    }));
    return target;
  };

  // An object, an array of names and values, a name, or nothing, as the function that is meant.
  const matches = (wanted) => (value) => isObject(value) && keys(wanted).every((key) =>
    (isPlainObject(wanted[key]) ? matches(wanted[key])(value[key]) : isEqual(value[key], wanted[key])));
  const property = (path) => (value) => get(value, path);
  const iteratee = (wanted, extra) => {
    if (isFunction(wanted)) return wanted;
    if (wanted === null || wanted === undefined) return (value) => value;
    if (Array.isArray(wanted)) return (value) => isEqual(get(value, wanted[0]), wanted[1]);
    if (isObject(wanted)) return matches(wanted);
    // lodash 3: a name and a value.
    return extra === undefined || isObject(extra) ? property(wanted) : (value) => isEqual(get(value, wanted), extra);
  };

  const names = (list) => list.flat(Infinity).map(String);
  const pick = (object, ...wanted) => {
    const result = {};
    const isWanted = isFunction(wanted[0]) ? (key) => wanted[0](object[key], key, object) : (key) => key in object;
    const candidates = isFunction(wanted[0]) ? keys(object) : names(wanted);
    if (isObject(object)) candidates.filter(isWanted).forEach((key) => { result[key] = object[key]; });
    return result;
  };
  const omit = (object, ...unwanted) => {
    const isUnwanted = isFunction(unwanted[0]) ? unwanted[0] : (_value, key) => names(unwanted).includes(key);
    return pick(object || {}, (value, key) => !isUnwanted(value, key, object));
  };
  const mapValues = (object, wanted) => {
    const result = {};
    keys(object).forEach((key) => { result[key] = iteratee(wanted)(object[key], key, object); });
    return result;
  };
  const mapKeys = (object, wanted) => {
    const result = {};
    keys(object).forEach((key) => { result[iteratee(wanted)(object[key], key, object)] = object[key]; });
    return result;
  };
  const invert = (object) => {
    const result = {};
    keys(object).forEach((key) => { result[object[key]] = key; });
    return result;
  };
  const forOwn = (object, visit) => {
    keys(object).every((key) => visit(object[key], key, object) !== false);
    return object;
  };
  const forIn = (object, visit) => {
    for (const key in object) if (visit(object[key], key, object) === false) break;
    return object;
  };
  const transform = (object, visit, start) => {
    const result = start === undefined ? (Array.isArray(object) ? [] : {}) : start;
    keys(object).every((key) => visit(result, object[key], key, object) !== false);
    return result;
  };

  return {
    isArrayLike, iteratee, toPath,
    api: {
      isObject, isFunction, isString, isDate, isRegExp, isPlainObject, isEmpty,
      isArray: Array.isArray,
      isEqual: (a, b) => isEqual(a, b),
      eq: Object.is,
      isMatch: (value, wanted) => matches(wanted)(value),
      isNumber: (value) => typeof value === 'number' || tagOf(value) === 'Number',
      isBoolean: (value) => typeof value === 'boolean' || tagOf(value) === 'Boolean',
      isUndefined: (value) => value === undefined,
      isNull: (value) => value === null,
      isNil: (value) => value === undefined || value === null,
      isNaN: (value) => typeof value === 'number' && value !== value,
      isFinite: (value) => Number.isFinite(value),
      isInteger: (value) => Number.isInteger(value),
      isError: (value) => value instanceof Error,
      keys, values, pairs, toPairs: pairs, get, set, has, unset, clone, cloneDeep,
      keysIn: (object) => { const all = []; forIn(object, (_value, key) => { all.push(key); }); return all; },
      extend: assign, assign, defaults, defaultsDeep, merge, pick, omit,
      pickBy: pick, omitBy: omit, mapValues, mapKeys, invert, forOwn, forIn, transform,
      findKey: (object, wanted) => keys(object).find((key) => iteratee(wanted)(object[key], key, object)),
      functions: (object) => keys(object).filter((key) => isFunction(object[key])),
      result: (object, path, fallback) => {
        const value = get(object, path, fallback);
        return isFunction(value) ? value.call(object) : value;
      },
      matches, property, iteratee,
      matchesProperty: (path, wanted) => (value) => isEqual(get(value, path), wanted),
    },
  };
})
