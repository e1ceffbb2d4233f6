// The part of lodash 3 that is about arrays and other collections.
(function (world) {
  'use strict';

  const { isArrayLike, iteratee, api: objects } = world.part('lodashObjects');
  const { isEqual, isFunction, isObject, isString, matches, get } = objects;

  const list = (value) => {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) return value;
    return isString(value) || isArrayLike(value) ? Array.from(value) : objects.values(value);
  };
  // Values with the keys they have in their collection.
  const entries = (value) =>
    (value === null || value === undefined || isArrayLike(value) ? list(value).map((item, i) => [i, item]) : objects.pairs(value));
  const having = (wanted, extra) => {
    const judge = iteratee(wanted, extra);
    return (collection) => ([key, value]) => Boolean(judge(value, key, collection));
  };
  const same = (a, b) => a === b || (a !== a && b !== b);
  const holds = (items, value) => items.some((item) => same(item, value));
  const order = (a, b) => {
    if (same(a, b)) return 0;
    // What cannot be compared comes last.
    const rank = (value) => [value !== value, value === undefined, value === null].indexOf(true);
    if (rank(a) !== rank(b)) return rank(a) === -1 ? -1 : rank(b) === -1 ? 1 : rank(b) - rank(a);
    return a < b ? -1 : a > b ? 1 : 0;
  };

  const each = (collection, visit) => {
    entries(collection).every(([key, value]) => visit(value, key, collection) !== false);
    return collection;
  };
  const eachRight = (collection, visit) => {
    entries(collection).reverse().every(([key, value]) => visit(value, key, collection) !== false);
    return collection;
  };
  const map = (collection, wanted) => {
    const change = iteratee(wanted);
    return entries(collection).map(([key, value]) => change(value, key, collection));
  };
  const filter = (collection, wanted, extra) =>
    entries(collection).filter(having(wanted, extra)(collection)).map(([, value]) => value);
  const reject = (collection, wanted, extra) => {
    const judge = having(wanted, extra)(collection);
    return entries(collection).filter((entry) => !judge(entry)).map(([, value]) => value);
  };
  const find = (collection, wanted, extra) => (entries(collection).find(having(wanted, extra)(collection)) || [])[1];
  const findLast = (collection, wanted, extra) => (entries(collection).findLast(having(wanted, extra)(collection)) || [])[1];
  const some = (collection, wanted, extra) => entries(collection).some(having(wanted, extra)(collection));
  const every = (collection, wanted, extra) => entries(collection).every(having(wanted, extra)(collection));
  const fold = (all, collection, visit, start) => {
    if (start.length === 0 && all.length === 0) return undefined;
    let result = start.length > 0 ? start[0] : all.shift()[1];
    all.forEach(([key, value]) => { result = visit(result, value, key, collection); });
    return result;
  };
  const reduce = (collection, visit, ...start) => fold(entries(collection), collection, visit, start);
  const reduceRight = (collection, visit, ...start) => fold(entries(collection).reverse(), collection, visit, start);
  const includes = (collection, value, from) =>
    (isString(collection) ? collection.includes(value, from) : holds(list(collection).slice(from || 0), value));
  const size = (collection) => (isString(collection) ? collection.length : list(collection).length);

  const gather = (put) => (collection, wanted) => {
    const result = {};
    const key = iteratee(wanted);
    each(collection, (value, at) => {
      const name = key(value, at, collection);
      put(result, name, value, Object.prototype.hasOwnProperty.call(result, name));
    });
    return result;
  };
  const groupBy = gather((result, name, value, isThere) => { if (isThere) result[name].push(value); else result[name] = [value]; });
  const keyBy = gather((result, name, value) => { result[name] = value; });
  const countBy = gather((result, name, _value, isThere) => { result[name] = isThere ? result[name] + 1 : 1; });
  const partition = (collection, wanted, extra) => [filter(collection, wanted, extra), reject(collection, wanted, extra)];

  const orderBy = (collection, wanted, orders) => {
    const all = wanted === undefined || wanted === null ? [undefined] : Array.isArray(wanted) ? wanted : [wanted];
    const by = all.map((one) => iteratee(one));
    const signs = by.map((_by, i) => ([].concat(orders)[i] === 'desc' || [].concat(orders)[i] === false ? -1 : 1));
    return entries(collection)
      .map(([key, value]) => ({ value, ranks: by.map((one) => one(value, key, collection)) }))
      .sort((a, b) => {
        const at = by.findIndex((_by, i) => order(a.ranks[i], b.ranks[i]) !== 0);
        return at === -1 ? 0 : signs[at] * order(a.ranks[at], b.ranks[at]);
      })
      .map(({ value }) => value);
  };
  // Several criteria, as in version 4, are accepted too.
  const sortBy = (collection, ...wanted) => {
    const criteria = wanted.flat().filter((one) => isFunction(one) || isString(one) || objects.isPlainObject(one));
    return orderBy(collection, criteria.length > 0 ? criteria : undefined);
  };

  const uniq = (items, ...rest) => {
    const wanted = typeof rest[0] === 'boolean' ? rest[1] : rest[0];
    const key = iteratee(Array.isArray(wanted) ? undefined : wanted);
    const seen = new Set();
    return list(items).filter((item, i) => {
      const mark = key(item, i, items);
      return !seen.has(mark) && seen.add(mark);
    });
  };
  const flatten = (items, deep) => list(items).flat(deep === true ? Infinity : 1);
  const difference = (items, ...others) => list(items).filter((item) => !holds(others.flat(), item));
  const intersection = (items, ...others) =>
    uniq(list(items).filter((item) => others.every((other) => holds(list(other), item))));
  const union = (...lists) => uniq(lists.filter(Array.isArray).flat());
  const xor = (...lists) => uniq(lists.flat().filter((item) => lists.filter((one) => holds(one, item)).length === 1));
  const chunk = (items, length) => {
    const step = Math.max(Math.floor(length === undefined ? 1 : length), 1);
    return Array.from({ length: Math.ceil(list(items).length / step) }, (_, i) => list(items).slice(i * step, (i + 1) * step));
  };
  const zip = (...lists) => {
    const length = Math.max(0, ...lists.map((one) => list(one).length));
    return Array.from({ length }, (_, i) => lists.map((one) => list(one)[i]));
  };
  const zipObject = (names, values) => {
    const result = {};
    list(names).forEach((name, i) => {
      if (Array.isArray(name)) [, result[name[0]]] = name;
      else result[name] = list(values)[i];
    });
    return result;
  };
  const range = (...bounds) => {
    const [start, end] = bounds.length > 1 ? bounds : [0, bounds[0] || 0];
    const usual = end < start && bounds.length > 1 ? -1 : 1;
    const step = bounds[2] === undefined ? usual : bounds[2];
    return Array.from({ length: Math.max(Math.ceil((end - start) / (step || 1)), 0) }, (_, i) => start + i * step);
  };
  const times = (count, visit) => Array.from({ length: Math.max(Math.floor(count) || 0, 0) }, (_, i) => iteratee(visit)(i));
  const extreme = (sign, none) => (collection, wanted) => {
    const ranked = map(collection, wanted);
    let best = -1;
    ranked.forEach((rank, i) => {
      if (rank === null || rank === undefined || rank !== rank) return;
      if (best === -1 || (rank > ranked[best] ? 1 : rank < ranked[best] ? -1 : 0) * sign > 0) best = i;
    });
    return best === -1 ? none : list(collection)[best];
  };
  const sum = (collection, wanted) => map(collection, wanted).reduce((total, value) => total + (+value || 0), 0);
  const mean = (collection, wanted) => sum(collection, wanted) / list(collection).length;
  const count = (n) => (n === undefined ? 1 : Math.max(Math.floor(n) || 0, 0));
  const random = (low, high, isFraction) => {
    const [from, to] = typeof high === 'number' ? [low, high] : [0, low === undefined ? 1 : low];
    const fraction = isFraction === true || high === true || from % 1 !== 0 || to % 1 !== 0;
    return fraction ? from + Math.random() * (to - from) : from + Math.floor(Math.random() * (to - from + 1));
  };
  const shuffle = (collection) => {
    const items = list(collection).slice();
    for (let i = items.length - 1; i > 0; i -= 1) {
      const j = Math.floor(Math.random() * (i + 1));
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  };
  const sample = (collection, n) => (n === undefined ? shuffle(collection)[0] : shuffle(collection).slice(0, n));
  const remove = (items, wanted) => {
    const removed = filter(items, wanted);
    const kept = reject(items, wanted);
    items.splice(0, items.length, ...kept);
    return removed;
  };
  const first = (items) => list(items)[0];
  const last = (items) => list(items).at(-1);
  const rest = (items) => list(items).slice(1);
  const until = (items, wanted, extra) => {
    const judge = having(wanted, extra)(items);
    const at = entries(items).findIndex((entry) => !judge(entry));
    return at === -1 ? list(items).length : at;
  };

  return {
    each, forEach: each, eachRight, forEachRight: eachRight, map, collect: map, filter, select: filter, reject,
    find, detect: find, findLast, some, any: some, every, all: every, reduce, foldl: reduce, inject: reduce,
    reduceRight, foldr: reduceRight, includes, contains: includes, include: includes, size,
    pluck: (collection, path) => map(collection, (item) => get(item, path)),
    where: (collection, wanted) => filter(collection, matches(wanted)),
    findWhere: (collection, wanted) => find(collection, matches(wanted)),
    invoke: (collection, name, ...args) => map(collection, (item) => (isFunction(name) ? name : item[name]).apply(item, args)),
    at: (collection, ...keys) => keys.flat().map((key) => collection[key]),
    groupBy, keyBy, indexBy: keyBy, countBy, partition, sortBy, orderBy, sortByOrder: orderBy, sortByAll: sortBy,
    uniq, unique: uniq, uniqBy: uniq, flatten, flattenDeep: (items) => flatten(items, true),
    flatMap: (collection, wanted) => flatten(map(collection, wanted)),
    compact: (items) => list(items).filter(Boolean),
    difference, intersection, union, xor, chunk, zip, unzip: (items) => zip(...items), zipObject, object: zipObject,
    fromPairs: zipObject, without: (items, ...values) => difference(items, values), range, times,
    max: extreme(1, -Infinity), min: extreme(-1, Infinity), maxBy: extreme(1), minBy: extreme(-1),
    sum, sumBy: sum, mean, meanBy: mean, random, shuffle, sample,
    sampleSize: (collection, n) => sample(collection, count(n)), remove,
    pull: (items, ...values) => { remove(items, (item) => holds(values, item)); return items; },
    first, head: first, last, rest, tail: rest,
    initial: (items) => list(items).slice(0, -1),
    nth: (items, n) => list(items).at(n || 0),
    take: (items, n) => list(items).slice(0, count(n)),
    takeRight: (items, n) => list(items).slice(Math.max(list(items).length - count(n), 0)),
    drop: (items, n) => list(items).slice(count(n)),
    dropRight: (items, n) => list(items).slice(0, Math.max(list(items).length - count(n), 0)),
    takeWhile: (items, wanted, extra) => list(items).slice(0, until(items, wanted, extra)),
    dropWhile: (items, wanted, extra) => list(items).slice(until(items, wanted, extra)),
    slice: (items, from, to) => list(items).slice(from, to),
    join: (items, separator) => list(items).join(separator),
    reverse: (items) => items.reverse(),
    concat: (items, ...others) => list(items).concat(...others),
    fill: (items, value, from, to) => items.fill(value, from, to),
    indexOf: (items, value, from) =>
      list(items).findIndex((item, i) => i >= (typeof from === 'number' ? from : 0) && same(item, value)),
    lastIndexOf: (items, value) => list(items).findLastIndex((item) => same(item, value)),
    findIndex: (items, wanted, extra) => entries(list(items)).findIndex(having(wanted, extra)(items)),
    findLastIndex: (items, wanted, extra) => entries(list(items)).findLastIndex(having(wanted, extra)(items)),
    sortedIndex: (items, value) => list(items).filter((item) => item < value).length,
    toArray: (value) => list(value).slice(),
    castArray: (value) => (Array.isArray(value) ? value : [value]),
    isEqualWith: (a, b, judge) => { const own = judge(a, b); return own === undefined ? isEqual(a, b) : Boolean(own); },
  };
})
