// The part of lodash 3 that is about values and objects, with what version 4 added, and what the other parts are built on.
(function () {
  'use strict';

  const hasOwn = (object, key) => object !== null && object !== undefined && Object.prototype.hasOwnProperty.call(object, key);
  const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const isNil = (value) => value === null || value === undefined;
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';
  const isObjectLike = (value) => typeof value === 'object' && value !== null;
  const isFunction = (value) => typeof value === 'function';
  const isTagged = (tag) => (value) => isObjectLike(value) && tagOf(value) === tag;
  const isString = (value) => typeof value === 'string' || isTagged('String')(value);
  const isNumber = (value) => typeof value === 'number' || isTagged('Number')(value);
  const isBoolean = (value) => typeof value === 'boolean' || isTagged('Boolean')(value);
  const isLength = (value) => Number.isSafeInteger(value) && value >= 0;
  const isArrayLike = (value) => !isNil(value) && !isFunction(value) && isLength(value.length);
  const isArguments = (value) => isTagged('Arguments')(value);
  const isIndex = (value, length = Number.MAX_SAFE_INTEGER) => /^\d+$/.test(String(value)) && +value < length;
  const isTypedArray = (value) => ArrayBuffer.isView(value) && !(value instanceof DataView);
  const isPlainObject = (value) => {
    if (!isTagged('Object')(value)) return false;
    const prototype = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  };
  const isEmpty = (value) => {
    if (isNil(value)) return true;
    if (isArrayLike(value) && (Array.isArray(value) || isString(value) || isArguments(value) || isTypedArray(value)
      || isFunction(value.splice))) {
      return value.length === 0;
    }
    if (value instanceof Map || value instanceof Set) return value.size === 0;
    return keys(value).length === 0;
  };
  const same = (a, b) => a === b || (a !== a && b !== b);
  // Whether a function is called for an element of a collection, so that what else it is given was not meant for it.
  const isGuard = (value, index, collection) => {
    if (!isObjectLike(collection)) return false;
    const isPlace = typeof index === 'number' && isArrayLike(collection) && index < collection.length;
    const isIn = isPlace || (typeof index === 'string' && index in collection);
    return isIn && same(collection[index], value);
  };

  const keys = (object) => {
    if (isNil(object)) return [];
    const own = Object.keys(Object(object));
    return Array.isArray(object) ? [...Array.from(object.keys(), String), ...own.filter((key) => !isIndex(key))] : own;
  };
  const keysIn = (object) => {
    if (isNil(object)) return [];
    const all = keys(object);
    for (const key in Object(object)) if (!hasOwn(object, key)) all.push(key);
    return all;
  };
  const values = (object) => keys(object).map((key) => object[key]);
  const pairs = (object) => {
    if (object instanceof Map || object instanceof Set) return [...object.entries()];
    return keys(object).map((key) => [key, object[key]]);
  };

  // ---- paths ----
  // `a`, `[0]`, `["a b"]`, and nothing where two dots follow each other.
  // The name in brackets that begin at a place, and where it ends; undefined where that is no name.
  const bracketed = (text, from) => {
    const quote = text[from + 1];
    if (quote !== '"' && quote !== "'") {
      const end = text.indexOf(']', from);
      const name = text.slice(from + 1, Math.max(end, from + 1));
      return /^-?\d+(\.\d+)?$/.test(name) ? { name, end: end + 1 } : undefined;
    }
    let name = '';
    for (let at = from + 2; at < text.length; at += 1) {
      if (text[at] === quote) return text[at + 1] === ']' ? { name, end: at + 2 } : undefined;
      if (text[at] === '\\') at += 1;
      name += text[at] ?? '';
    }
    return undefined;
  };
  const namesOf = (text) => {
    const names = text.startsWith('.') ? [''] : [];
    // How long a separator is that stands at a place.
    const gap = (at) => (text[at] === '.' ? 1 : text.startsWith('[]', at) ? 2 : 0);
    let at = 0;
    while (at < text.length) {
      const length = gap(at);
      const inner = length === 0 && text[at] === '[' ? bracketed(text, at) : undefined;
      if (length > 0) {
        at += length;
        if (at === text.length || gap(at) > 0) names.push('');
      } else if (inner) {
        names.push(inner.name);
        at = inner.end;
      } else if (text[at] === '[' || text[at] === ']') {
        at += 1;
      } else {
        const [name] = text.slice(at).split(/[.[\]]/, 1);
        names.push(name);
        at += name.length;
      }
    }
    return names;
  };
  const toPath = (path) => {
    if (Array.isArray(path)) return path.map((one) => (typeof one === 'symbol' ? one : String(one)));
    if (typeof path === 'symbol') return [path];
    return namesOf(isNil(path) ? '' : String(path));
  };
  const isKey = (path, object) => !Array.isArray(path) && (typeof path !== 'string' || /^\w*$/.test(path) || !/[.[]/.test(path)
    || (!isNil(object) && path in Object(object)));
  // A key with dots in it is one key where the object has it.
  const pathIn = (object, path) => {
    if (Array.isArray(path) || typeof path === 'symbol') return toPath(path);
    const isOne = isKey(path, object) || (!isNil(object) && String(path) in Object(object));
    return isOne ? [String(path)] : toPath(path);
  };
  const walk = (object, names) => {
    let value = object;
    for (let i = 0; i < names.length; i += 1) {
      if (isNil(value)) return undefined;
      value = value[names[i]];
    }
    return value;
  };
  const get = (object, path, fallback) => {
    const names = pathIn(object, path);
    const value = names.length === 0 || isNil(object) ? undefined : walk(object, names);
    return value === undefined ? fallback : value;
  };
  const setWith = (object, path, value, choose) => {
    if (!isObject(object)) return object;
    const names = pathIn(object, path);
    let inner = object;
    names.slice(0, -1).forEach((name, i) => {
      const own = isFunction(choose) ? choose(inner[name], name, inner) : undefined;
      if (own !== undefined) inner[name] = own;
      else if (!isObject(inner[name])) inner[name] = isIndex(names[i + 1]) ? [] : {};
      inner = inner[name];
    });
    const name = names.at(-1);
    if (names.length > 0 && name !== '__proto__') inner[name] = value;
    return object;
  };
  const set = (object, path, value) => setWith(object, path, value);
  const updateWith = (object, path, change, choose) => (isNil(object) ? object : setWith(object, path, change(get(object, path)),
    choose));
  const hasPath = (object, path, isIn) => {
    const names = pathIn(object, path);
    let value = object;
    return names.length > 0 && names.every((name) => {
      const isThere = !isNil(value) && isIn(value, name);
      value = isThere ? value[name] : undefined;
      return isThere;
    });
  };
  const has = (object, path) => hasPath(object, path, (value, name) =>
    hasOwn(value, name) || (isArrayLike(value) && !isString(value) && isIndex(name, value.length)));
  const hasIn = (object, path) => hasPath(object, path, (value, name) =>
    name in Object(value) || (Array.isArray(value) && isIndex(name, value.length)));
  const unset = (object, path) => {
    if (isNil(object)) return true;
    const names = pathIn(object, path);
    const inner = names.length > 1 ? walk(object, names.slice(0, -1)) : object;
    return isNil(inner) ? true : delete inner[names.at(-1)];
  };

  // ---- equality and copies ----
  const constructorOf = (object) => (hasOwn(object, 'constructor') ? undefined : object.constructor);
  const isEqualIn = (a, b, judge, seen) => {
    if (a === b) return true;
    if (isNil(a) || isNil(b) || (!isObject(a) && !isObjectLike(b))) return a !== a && b !== b;
    const tag = tagOf(a);
    if (tag !== tagOf(b)) return false;
    if (['Date', 'Number', 'Boolean'].includes(tag)) return same(+a, +b);
    if (tag === 'String' || tag === 'RegExp') return String(a) === String(b);
    if (tag === 'Error') return a.name === b.name && a.message === b.message;
    if (isFunction(a) || tag === 'Symbol') return false;
    if (seen.some(([x, y]) => x === a && y === b)) return true;
    const inner = seen.concat([[a, b]]);
    if (a instanceof Set) return a.size === b.size && [...a].every((x) => [...b].some((y) => isEqualIn(x, y, judge, inner)));
    if (a instanceof Map) return a.size === b.size && [...a].every(([x, v]) => [...b].some(([y, w]) => isEqualIn([x, v], [y, w],
      judge, inner)));
    if (!Array.isArray(a) && !isTypedArray(a) && constructorOf(a) !== constructorOf(b) && isFunction(constructorOf(a))
      && isFunction(constructorOf(b))) return false;
    const names = keys(a);
    return names.length === keys(b).length && (!Array.isArray(a) || a.length === b.length) && names.every((name) => {
      if (!hasOwn(b, name) && !Array.isArray(b)) return false;
      const own = judge && judge(a[name], b[name], Array.isArray(a) ? +name : name);
      return own === undefined ? isEqualIn(a[name], b[name], judge, inner) : Boolean(own);
    });
  };
  const bound = (call, self) => (isFunction(call) ? (self === undefined ? call : (...args) => call.apply(self, args))
    : undefined);
  const isEqual = (a, b, judge, self) => {
    const own = bound(judge, self);
    const result = own && own(a, b);
    return result === undefined ? isEqualIn(a, b, own, []) : Boolean(result);
  };

  const copy = (value, deep, change, seen, key, object) => {
    const own = change && (object ? change(value, key, object) : change(value));
    if (own !== undefined) return own;
    if (!isObject(value)) return value;
    const tag = tagOf(value);
    if (isFunction(value) || ['Error', 'WeakMap', 'WeakSet'].includes(tag)) return object ? value : {};
    if (tag === 'Date') return new Date(+value);
    if (['String', 'Number', 'Boolean'].includes(tag)) return Object(value.valueOf());
    if (tag === 'RegExp') {
      const result = new RegExp(value.source, value.flags);
      result.lastIndex = value.lastIndex;
      return result;
    }
    if (isTypedArray(value)) return value.slice();
    if (seen.has(value)) return seen.get(value);
    const inner = (one, at) => (deep ? copy(one, true, change, seen, at, value) : one);
    const begin = (empty) => { seen.set(value, empty); return empty; };
    if (value instanceof Map || value instanceof Set) {
      const result = begin(value instanceof Map ? new Map() : new Set());
      value.forEach((one, at) => (value instanceof Map ? result.set(at, inner(one, at)) : result.add(inner(one, one))));
      return result;
    }
    const result = begin(Array.isArray(value) ? new Array(value.length) : {});
    keys(value).forEach((at) => { result[at] = inner(value[at], Array.isArray(value) ? +at : at); });
    return result;
  };
  const cloneDeep = (value, change, self) => copy(value, true, bound(change, self), new Map());
  const clone = (value, deep, change, self) => {
    if (isFunction(deep)) return copy(value, false, bound(deep, change), new Map());
    return copy(value, deep === true, bound(change, self), new Map());
  };

  // ---- filling objects ----
  // Sources, and behind them perhaps a function and what it is called on.
  const assigner = (assign) => (target, ...sources) => {
    if (isNil(target)) return target;
    let change;
    if (sources.length > 2 && isFunction(sources.at(-2))) [change] = [bound(sources.at(-2), sources.at(-1)), sources.splice(-2)];
    else if (isFunction(sources.at(-1))) change = sources.pop();
    const all = sources.length > 2 && isGuard(sources[0], sources[1], sources[2]) ? sources.slice(0, 1) : sources;
    all.forEach((source) => { if (source) assign(target, source, change); });
    return target;
  };
  const putAll = (namesOf) => (target, source, change) => namesOf(source).forEach((key) => {
    const before = target[key];
    const value = change ? change(before, source[key], key, target, source) : source[key];
    if (!same(value, before) || (before === undefined && !(key in target))) target[key] = value;
  });
  const assign = assigner(putAll(keys));
  const assignIn = assigner(putAll(keysIn));
  const mergeIn = (target, source, change, seen) => {
    if (!isObject(target)) return;
    const isList = Array.isArray(source) || isTypedArray(source);
    keys(source).forEach((key) => {
      const value = source[key];
      if (key === '__proto__') return;
      const before = target[key];
      const own = change ? change(before, value, key, target, source) : undefined;
      if (own !== undefined) { target[key] = own; return; }
      if (seen.has(value)) { target[key] = seen.get(value); return; }
      const isInnerList = Array.isArray(value) || isTypedArray(value);
      if (isInnerList || isPlainObject(value) || isArguments(value)) {
        const usual = isInnerList ? (isArrayLike(before) && !isString(before) ? Array.from(before) : []) : isPlainObject(before)
          ? before : {};
        target[key] = isInnerList && Array.isArray(before) ? before : usual;
        seen.set(value, target[key]);
        mergeIn(target[key], value, change, seen);
      } else if (value !== undefined || (isList && !(key in target))) target[key] = value;
    });
  };
  const merge = assigner((target, source, change) => mergeIn(target, source, change, new Map()));
  const defaults = (target, ...sources) => {
    if (isNil(target)) return target;
    return assign(target, ...sources, (before, value) => (before === undefined ? value : before));
  };
  const fillDeep = (target, source) => keys(source).forEach((key) => {
    if (source[key] === undefined) return;
    if (target[key] === undefined) target[key] = cloneDeep(source[key]);
    else if (isObject(target[key]) && isObject(source[key]) && !isFunction(target[key])) fillDeep(target[key], source[key]);
  });
  const defaultsDeep = (target, ...sources) => {
    if (isObject(target)) sources.forEach((source) => fillDeep(target, source));
    return target;
  };

  // ---- functions that are meant by less than a function ----
  const isMatchIn = (value, wanted, judge) => keys(wanted).every((key) => {
    if (isNil(value)) return false;
    const own = judge && judge(value[key], wanted[key], key);
    if (own !== undefined) return Boolean(own);
    if (wanted[key] === undefined) return key in Object(value) && value[key] === undefined;
    return isPartly(value[key], wanted[key]);
  });
  // Of what is wanted all has to be there, of arrays each element somewhere.
  const isPartly = (value, wanted) => {
    if (Array.isArray(wanted)) return Array.isArray(value) && wanted.every((one) => value.some((other) => isPartly(other, one)));
    if (isPlainObject(wanted)) return isObject(value) && !Array.isArray(value) && isMatchIn(value, wanted);
    return isEqual(value, wanted);
  };
  const isMatch = (value, wanted, judge, self) => isMatchIn(value, wanted, bound(judge, self));
  const matches = (wanted) => {
    const kept = cloneDeep(wanted);
    return (value) => isMatchIn(value, kept);
  };
  const property = (path) => (value) => get(value, path);
  const matchesProperty = (path, wanted) => {
    const kept = cloneDeep(wanted);
    return (value) => (get(value, path) === undefined && kept === undefined ? hasIn(value, path)
      : isPartly(get(value, path), kept));
  };
  // A function, an object, an array of a name and a value, a name, or nothing, as the function that is meant. `self` is what
  // a function is called on, or, of a name, the value that is wanted.
  const iteratee = (wanted, self) => {
    if (isFunction(wanted)) return bound(wanted, self);
    if (isNil(wanted)) return (value) => value;
    if (Array.isArray(wanted)) return matchesProperty(wanted[0], wanted[1]);
    if (isObject(wanted)) return matches(wanted);
    return self === undefined ? property(wanted) : matchesProperty(wanted, self);
  };

  // ---- parts of objects ----
  const flat = (list) => list.flatMap((one) => (Array.isArray(one) || isArguments(one) ? flat(Array.from(one)) : [one]));
  const pickBy = (object, wanted, self) => {
    const result = {};
    const judge = iteratee(wanted, self);
    keysIn(object).forEach((key) => { if (judge(object[key], key, object)) result[key] = object[key]; });
    return result;
  };
  const pick = (object, ...wanted) => {
    if (isFunction(wanted[0])) return pickBy(object, ...wanted);
    const result = {};
    if (isNil(object)) return result;
    wanted.flat().flat(Infinity).forEach((key) => {
      if (key in Object(object)) result[key] = object[key];
      else if (!isKey(key) && hasIn(object, key)) set(result, toPath(key), get(object, key));
    });
    return result;
  };
  const omit = (object, ...unwanted) => {
    if (isFunction(unwanted[0])) {
      const judge = iteratee(...unwanted);
      return pickBy(object, (value, key) => !judge(value, key, object));
    }
    const names = flat(unwanted);
    const paths = names.filter((name) => !isKey(name, object));
    const result = pickBy(object, (_value, key) => !names.map(String).includes(key));
    if (paths.length === 0) return result;
    const deep = cloneDeep(result);
    paths.forEach((path) => unset(deep, path));
    return deep;
  };
  const each = (namesOf, isBackwards) => (object, visit, self) => {
    const call = isFunction(visit) ? bound(visit, self) : (value) => value;
    const names = namesOf(object);
    (isBackwards ? names.reverse() : names).every((key) => call(object[key], key, object) !== false);
    return object;
  };
  const changed = (put) => (object, wanted, self) => {
    const result = {};
    const change = iteratee(wanted, self);
    keys(object).forEach((key) => put(result, key, object[key], change(object[key], key, object)));
    return result;
  };
  const transform = (object, visit, start, self) => {
    const call = iteratee(visit, self);
    const isList = Array.isArray(object) || isTypedArray(object);
    const result = isNil(start) ? (isList ? [] : isObject(object) ? Object.create(Object.getPrototypeOf(object)) : {}) : start;
    keys(object).every((key) => call(result, object[key], isList ? +key : key, object) !== false);
    return result;
  };
  const invert = (object, isMany, guard) => {
    const result = {};
    const many = guard ? false : isMany;
    keys(object).forEach((key) => {
      const value = object[key];
      if (!many) result[value] = key;
      else if (hasOwn(result, value)) result[value].push(key);
      else result[value] = [key];
    });
    return result;
  };
  const invertBy = (object, wanted) => {
    const result = {};
    const change = iteratee(wanted);
    keys(object).forEach((key) => { (result[change(object[key])] ||= []).push(key); });
    return result;
  };
  const findKey = (isBackwards) => (object, wanted, self) => {
    const judge = iteratee(wanted, self);
    const names = keys(object);
    return (isBackwards ? names.reverse() : names).find((key) => judge(object[key], key, object));
  };
  const result = (object, path, fallback) => {
    const names = pathIn(object, path);
    const holder = names.length > 1 ? walk(object, names.slice(0, -1)) : object;
    const value = isNil(holder) ? undefined : holder[names.at(-1)];
    const found = value === undefined ? fallback : value;
    return isFunction(found) ? found.call(holder) : found;
  };
  const create = (prototype, own) => {
    const made = Object.create(isObject(prototype) ? prototype : Object.prototype);
    return own ? assign(made, own) : made;
  };
  const conformsTo = (object, wanted) =>
    keys(wanted).every((key) => !isNil(object) && (object[key] !== undefined || key in Object(object))
      && wanted[key](object[key]));

  return {
    isNil, isArrayLike, isArguments, isIndex, isObjectLike, iteratee, bound, toPath, isKey, same, isGuard, hasOwn, flat, walk,
    keysIn,
    api: {
      isObject, isFunction, isString, isNumber, isBoolean, isPlainObject, isEmpty, isArguments, isTypedArray, isNil, isLength,
      isArrayLike, isObjectLike,
      isDate: isTagged('Date'), isRegExp: isTagged('RegExp'), isMap: isTagged('Map'), isSet: isTagged('Set'),
      isWeakMap: isTagged('WeakMap'),
      isWeakSet: isTagged('WeakSet'), isArrayBuffer: isTagged('ArrayBuffer'),
      isArray: Array.isArray, isBuffer: () => false,
      isSymbol: (value) => typeof value === 'symbol' || isTagged('Symbol')(value),
      isArrayLikeObject: (value) => isObjectLike(value) && isArrayLike(value),
      isElement: (value) => isObjectLike(value) && value.nodeType === 1,
      isNative: (value) => isFunction(value) && /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(value)),
      isEqual, eq: isEqual, isEqualWith: isEqual, isMatch, isMatchWith: isMatch,
      isUndefined: (value) => value === undefined,
      isNull: (value) => value === null,
      isNaN: (value) => isNumber(value) && +value !== +value,
      isFinite: (value) => Number.isFinite(value),
      isInteger: (value) => Number.isInteger(value),
      isSafeInteger: (value) => Number.isSafeInteger(value),
      isError: (value) => isObjectLike(value) && typeof value.message === 'string'
      && (tagOf(value) === 'Error' || typeof value.name === 'string') && !isPlainObject(value),
      gt: (a, b) => a > b, gte: (a, b) => a >= b, lt: (a, b) => a < b,
      lte: (a, b) => a <= b,
      keys, keysIn, values, valuesIn: (object) => keysIn(object).map((key) => object[key]), pairs, toPairs: pairs, entries: pairs,
      toPairsIn: (object) => keysIn(object).map((key) => [key, object[key]]), entriesIn: (object) =>
      keysIn(object).map((key) => [key, object[key]]),
      get, set, setWith, has, hasIn, unset, update: updateWith, updateWith, toPath,
      clone, cloneDeep, cloneWith: (value, change) => clone(value, change), cloneDeepWith: cloneDeep,
      extend: assign, assign, assignIn, assignWith: assign, assignInWith: assignIn, extendWith: assignIn, defaults, defaultsDeep,
      merge, mergeWith: merge,
      pick, omit, pickBy, omitBy: (object, wanted) => { const judge = iteratee(wanted); return pickBy(object, (value, key) =>
        !judge(value, key)); },
      mapValues: changed((into, key, _value, made) => { into[key] = made; }),
      mapKeys: changed((into, _key, value, made) => { into[made] = value; }),
      invert, invertBy, transform, create, result, conformsTo, conforms: (wanted) => (object) => conformsTo(object, wanted),
      forOwn: each(keys), forOwnRight: each(keys, true), forIn: each(keysIn), forInRight: each(keysIn, true),
      findKey: findKey(false), findLastKey: findKey(true),
      functions: (object) => keysIn(object).filter((key) => isFunction(object[key])), methods: (object) =>
      keysIn(object).filter((key) => isFunction(object[key])),
      functionsIn: (object) => keysIn(object).filter((key) => isFunction(object[key])),
      toPlainObject: (value) => { const plain = {}; keysIn(value).forEach((key) => { plain[key] = value[key]; }); return plain; },
      matches, property, matchesProperty, propertyOf: (object) => (path) => get(object, path),
      iteratee, callback: iteratee, defaultTo: (value, fallback) => (isNil(value) || value !== value ? fallback : value),
    },
  };
})
