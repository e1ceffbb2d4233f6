// The part of lodash 3 that is about arrays and other collections, with what version 4 added.
(function (world) {
  'use strict';

  const {
    isNil, isArrayLike, isArguments, isIndex, isObjectLike, iteratee, bound, same, isGuard, hasOwn, flat, isKey, walk, toPath, api: objects,
  } = world.part('lodashObjects');
  const { isFunction, isObject, isString, matches, get, values, keys } = objects;

  const list = (value) => {
    if (isNil(value)) return [];
    if (Array.isArray(value)) return value;
    return isArrayLike(value) ? Array.from({ length: value.length }, (_, at) => value[at]) : values(value);
  };
  // The same for what works on arrays only: of an object nothing.
  const row = (value) => (isArrayLike(value) ? list(value) : []);
  const isList = (value) => isObjectLike(value) && isArrayLike(value);
  // Values with the keys they have in their collection.
  const entries = (value) => {
    if (isNil(value) || isArrayLike(value)) return Array.from(list(value), (item, i) => [i, item]);
    return keys(value).map((key) => [key, value[key]]);
  };
  const having = (wanted, self) => {
    const judge = iteratee(wanted, self);
    return (collection) => ([key, value]) => Boolean(judge(value, key, collection));
  };
  const holds = (items, value) => items.some((item) => same(item, value));
  const order = (a, b) => {
    if (same(a, b)) return 0;
    // What cannot be compared comes last: null, then undefined, then what is no number.
    const rank = (value) => [value !== value, value === undefined, value === null].indexOf(true);
    if (rank(a) !== rank(b)) return rank(a) === -1 ? -1 : rank(b) === -1 ? 1 : rank(b) - rank(a);
    return a < b ? -1 : a > b ? 1 : 0;
  };

  // ---- visiting ----
  const visiting = (isBackwards) => (collection, visit, self) => {
    const call = isFunction(visit) ? bound(visit, self) : (value) => value;
    const all = entries(collection);
    (isBackwards ? all.reverse() : all).every(([key, value]) => call(value, key, collection) !== false);
    return collection;
  };
  const each = visiting(false);
  const eachRight = visiting(true);
  const map = (collection, wanted, self) => {
    const change = iteratee(wanted, self);
    return entries(collection).map(([key, value]) => change(value, key, collection));
  };
  const filter = (collection, wanted, self) =>
    entries(collection).filter(having(wanted, self)(collection)).map(([, value]) => value);
  const reject = (collection, wanted, self) => {
    const judge = having(wanted, self)(collection);
    return entries(collection).filter((entry) => !judge(entry)).map(([, value]) => value);
  };
  const find = (collection, wanted, self) =>
    (entries(collection).find(having(wanted, self)(collection)) || [])[1];
  const findLast = (collection, wanted, self) => (entries(collection).findLast(having(wanted, self)(collection)) || [])[1];
  const judged = (name) => (collection, wanted, self) => {
    const isGuarded = self !== undefined && isGuard(collection, wanted, self);
    return entries(collection)[name](having(isGuarded ? undefined : wanted, isGuarded ? undefined : self)(collection));
  };
  const some = judged('some');
  const every = judged('every');
  const folding = (isBackwards) => (...args) => {
    const [collection, visit, start, self] = args;
    const call = iteratee(visit, self);
    const all = isBackwards ? entries(collection).reverse() : entries(collection);
    if (args.length < 3 && all.length === 0) return undefined;
    let result = args.length < 3 ? all.shift()[1] : start;
    all.forEach(([key, value]) => { result = call(result, value, key, collection); });
    return result;
  };
  const reduce = folding(false);
  const reduceRight = folding(true);
  const includes = (collection, value, from, guard) => {
    const items = isString(collection) ? collection : list(collection);
    const at = typeof from !== 'number' || guard ? 0 : from < 0 ? Math.max(items.length + from, 0) : from || 0;
    return isString(items) ? at <= items.length && items.indexOf(value, at) > -1 : holds(items.slice(at), value);
  };

  // ---- groups and order ----
  const gather = (put) => (collection, wanted, self) => {
    const result = {};
    const key = iteratee(wanted, self);
    each(collection, (value, at) => {
      const name = key(value, at, collection);
      put(result, name, value, hasOwn(result, name));
    });
    return result;
  };
  const groupBy = gather((result, name, value, isThere) => {
    if (isThere) result[name].push(value);
    else result[name] = [value];
  });
  const indexBy = gather((result, name, value) => { result[name] = value; });
  const keyBy = (collection, wanted) => { const by = iteratee(wanted); return indexBy(collection, (value) => by(value)); };
  const countBy = gather((result, name, _value, isThere) => { result[name] = isThere ? result[name] + 1 : 1; });
  const partition = (collection, wanted, self) => [filter(collection, wanted, self), reject(collection, wanted, self)];

  const sorted = (collection, by, signOf) => entries(collection)
    .map(([key, value]) => ({ value, ranks: by.map((one) => one(value, key, collection)) }))
    .sort((a, b) => {
      const at = by.findIndex((_by, i) => order(a.ranks[i], b.ranks[i]) !== 0);
      return at === -1 ? 0 : signOf(at) * order(a.ranks[at], b.ranks[at]);
    })
    .map(({ value }) => value);
  const criteria = (wanted) => (isNil(wanted) ? [] : [wanted].flat());
  const orderBy = (collection, wanted, orders) => {
    const by = criteria(wanted);
    const signs = criteria(orders);
    const all = by.length > 0 ? by : [undefined];
    return sorted(collection, all.map((one) => iteratee(one)), (at) => (signs[at] === 'desc' || signs[at] === false ? -1 : 1));
  };
  const sortByOrder = (collection, wanted, orders, guard) => {
    const signs = guard && isGuard(wanted, orders, guard) ? [] : criteria(orders);
    return sorted(collection, criteria(wanted).map((one) => iteratee(one)),
      (at) => (at >= signs.length || signs[at] === 'asc' || signs[at] === true ? 1 : -1));
  };
  // One criterion, or, as in version 4, several.
  const sortBy = (collection, wanted, self, ...others) => {
    if (self !== undefined && isGuard(collection, wanted, self)) return sorted(collection, [iteratee()], () => 1);
    const isMany = Array.isArray(wanted) || others.length > 0 || ((isFunction(self) || isString(self)) && !isString(wanted));
    if (!isMany) return sorted(collection, [iteratee(wanted, self)], () => 1);
    const by = [wanted, self, ...others].flat().filter((one) => one !== undefined);
    return sorted(collection, by.map((one) => iteratee(one)), () => 1);
  };
  const sortByAll = (collection, ...wanted) => sorted(collection, flat(wanted).map((one) => iteratee(one)), () => 1);

  // ---- sets ----
  const unique = (items, key, isSame = same) => {
    const seen = [];
    // What has a mark of its own is found faster by it.
    const marks = isSame === same ? new Set() : undefined;
    return items.filter((item, i) => {
      const mark = key ? key(item, i, items) : item;
      if (marks) return !marks.has(mark) && marks.add(mark);
      return !seen.some((one) => isSame(one, mark)) && seen.push(mark);
    });
  };
  const uniq = (items, isSorted, wanted, self) => {
    const hasFlag = isNil(isSorted) || typeof isSorted === 'boolean';
    const isGuarded = !hasFlag && isGuard(items, isSorted, wanted);
    const [by, on] = hasFlag ? [wanted, self] : isGuarded ? [] : [isSorted, wanted];
    return unique(row(items), isNil(by) ? undefined : iteratee(by, on));
  };
  const spread = (lists) => lists.filter(isList).flatMap(list);
  const without = (items, unwanted, key, isSame = same) => {
    const marks = key ? unwanted.map((one) => key(one)) : unwanted;
    return items.filter((item) => !marks.some((mark) => isSame(key ? key(item) : item, mark)));
  };
  const difference = (items, ...others) => (isList(items) ? without(row(items), spread(others)) : []);
  const common = (lists, key, isSame = same) => {
    if (lists.length === 0) return [];
    const [first, ...others] = lists.map(row);
    const of = (item) => (key ? key(item) : item);
    const isIn = (item) => (other) => other.some((one) => isSame(of(item), of(one)));
    return unique(first.filter((item) => others.every(isIn(item))), key && of, isSame);
  };
  const exclusive = (lists, key, isSame = same) => {
    const all = lists.filter(isList).map(list);
    const of = (item) => (key ? key(item) : item);
    const alone = (at) => (item) => all.every((other, i) => i === at || !other.some((one) => isSame(of(one), of(item))));
    return unique(all.flatMap((items, at) => items.filter(alone(at))), key && of, isSame);
  };
  // Version 3: what two have in one only, then with the next one.
  const xor = (...lists) => {
    const all = lists.filter(isArrayLike).map(list);
    return all.length === 0 ? [] : unique(all.reduce((a, b) => without(a, b).concat(without(b, a))));
  };
  // The lists, and the function or the criterion behind them.
  const withLast = (combine, kind) => (...args) => {
    const last = args.at(-1);
    const isGiven = kind === 'With' ? isFunction(last) : !isList(last) || args.length > 2 && isString(last);
    const lists = isGiven ? args.slice(0, -1) : args;
    if (kind === 'With') return combine(lists, undefined, isGiven ? last : undefined);
    return combine(lists, isGiven && !isNil(last) ? iteratee(last) : undefined);
  };
  const lacking = ([items, ...others], key, isSame) => (isList(items) ? without(row(items), spread(others), key, isSame) : []);
  const joined = (lists, key, isSame) => unique(spread(lists), key, isSame);

  // ---- shapes ----
  const flatten = (items, deep, guard) => {
    if (isNil(items)) return [];
    const depth = deep && !(guard && isGuard(items, deep, guard)) ? Infinity : 1;
    return flatTo(row(items), depth);
  };
  const flatTo = (items, depth) => items.flatMap((one) => {
    if (!Array.isArray(one) && !isArguments(one)) return [one];
    return depth > 1 ? flatTo(list(one), depth - 1) : list(one);
  });
  const chunk = (items, length, guard) => {
    const step = guard && isGuard(items, length, guard) ? 1 : Math.max(Math.floor(length) || 1, 1);
    return Array.from({ length: Math.ceil(row(items).length / step) }, (_, i) => row(items).slice(i * step, (i + 1) * step));
  };
  const unzip = (lists) => {
    const all = row(lists).filter(isArrayLike).map(list);
    return Array.from({ length: Math.max(0, ...all.map((one) => one.length)) }, (_, i) => all.map((one) => one[i]));
  };
  const folded = (lists, visit, self) =>
    (isNil(visit) ? unzip(lists) : unzip(lists).map((group) => group.reduce(bound(visit, self))));
  const zipWith = (...args) => {
    if (args.length > 2 && isFunction(args.at(-2))) return folded(args.slice(0, -2), args.at(-2), args.at(-1));
    return isFunction(args.at(-1)) && args.length > 1 ? folded(args.slice(0, -1), args.at(-1)) : unzip(args);
  };
  const zipObject = (names, given) => {
    const result = {};
    row(names).forEach((name, i) => {
      if (given || !Array.isArray(row(names)[0])) result[name] = (given || [])[i];
      else if (name) [, result[name[0]]] = name;
    });
    return result;
  };
  const zipObjectDeep = (names, given) =>
    list(names).reduce((result, name, i) => objects.set(result, name, (given || [])[i]), {});
  const stepped = (bounds, isEndless, usual) => {
    let [start, end, step] = bounds.length > 2 && isGuard(...bounds) ? [bounds[0]] : bounds;
    start = +start || 0;
    if (isEndless(end)) [start, end] = [0, start];
    else end = +end || 0;
    step = isNil(step) ? usual(start, end) : +step || 0;
    return Array.from({ length: Math.max(Math.ceil((end - start) / (step || 1)), 0) }, (_, i) => start + i * step);
  };
  const range = (...bounds) => stepped(bounds, isNil, () => 1);
  const times = (count, visit, self) => {
    const call = isFunction(visit) ? bound(visit, self) : (value) => value;
    const length = Math.floor(count);
    return length >= 1 && Number.isFinite(length) ? Array.from({ length }, (_, i) => call(i)) : [];
  };

  // ---- largest and smallest ----
  const extreme = (isBetter, none) => (collection, wanted, self) => {
    const by = self !== undefined && isGuard(collection, wanted, self) ? iteratee() : iteratee(wanted, self);
    const all = entries(collection);
    const bestOf = (rankOf, takesNone) => {
      let [best, result] = [none, none];
      all.forEach(([key, value]) => {
        const rank = rankOf(value, key);
        if (isBetter(rank, best) || (takesNone && rank === none && rank === result)) [best, result] = [rank, value];
      });
      return result;
    };
    // Numbers first: what they cannot tell is compared as it is.
    if (by.length === 1) {
      const result = bestOf((value) => +by(value), false);
      if (!(all.length > 0 && result === none)) return result;
    }
    return bestOf((value, key) => by(value, key, collection), true);
  };
  const extremeBy = (sign) => (items, wanted) => {
    const by = iteratee(wanted);
    let best;
    let result;
    row(items).forEach((value) => {
      const rank = by(value);
      if (isNil(rank) || rank !== rank) return;
      if (best === undefined || (rank > best ? 1 : rank < best ? -1 : 0) * sign > 0) [best, result] = [rank, value];
    });
    return result;
  };
  const sum = (collection, wanted, self) => {
    const by = self !== undefined && isGuard(collection, wanted, self) ? iteratee() : iteratee(wanted, self);
    return entries(collection).reduce((total, [key, value]) => total + (+by(value, key, collection) || 0), 0);
  };
  // Version 4: what is undefined is left out, and the rest added as it is.
  const sumBy = (items, wanted) => {
    const found = row(items).map((value) => iteratee(wanted)(value)).filter((value) => value !== undefined);
    if (found.length > 0) return found.reduce((total, value) => total + value);
    return row(items).length > 0 ? undefined : 0;
  };
  const meanBy = (items, wanted) => (row(items).length > 0 ? sumBy(items, wanted) / row(items).length : NaN);

  // ---- chance ----
  const between = (low, high) => low + Math.floor(Math.random() * (high - low + 1));
  const random = (...args) => {
    let [low, high, isFraction] = args.length > 2 && isGuard(...args) ? [args[0]] : args;
    if (isFraction === undefined && typeof high === 'boolean') [high, isFraction] = [undefined, high];
    else if (isFraction === undefined && typeof low === 'boolean') [low, isFraction] = [undefined, low];
    if (low === undefined && high === undefined) [low, high] = [0, 1];
    else if (isNil(high)) [low, high] = [0, +low || 0];
    else [low, high] = [+low || 0, +high || 0];
    if (!isFraction && low % 1 === 0 && high % 1 === 0) return between(low, high);
    const chance = Math.random();
    return Math.min(low + chance * (high - low + parseFloat(`1e-${String(chance).length - 1}`)), high);
  };
  const drawn = (items, count) => {
    const all = items.slice();
    const length = Math.min(count < 0 ? 0 : +count || 0, all.length);
    for (let i = 0; i < length; i += 1) {
      const j = between(i, all.length - 1);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all.slice(0, length);
  };
  const sample = (collection, count, guard) => {
    const items = list(collection);
    const isOne = guard ? isGuard(collection, count, guard) : isNil(count);
    if (!isOne) return drawn(items, count);
    return items.length > 0 ? items[between(0, items.length - 1)] : undefined;
  };

  // ---- parts of arrays ----
  const remove = (items, wanted, self) => {
    if (!isList(items)) return [];
    const judge = iteratee(wanted, self);
    const isOut = row(items).map((item, i) => Boolean(judge(item, i, items)));
    const removed = items.filter((_item, i) => isOut[i]);
    const kept = items.filter((_item, i) => !isOut[i]);
    items.splice(0, items.length, ...kept);
    return removed;
  };
  const pullAt = (items, ...places) => {
    const wanted = flat(places);
    const taken = wanted.map((at) => (isNil(items) ? undefined : items[at]));
    const known = new Set(wanted.filter((at) => isIndex(at, isNil(items) ? 0 : items.length)).map(Number));
    [...known].sort((a, b) => b - a).forEach((at) => items.splice(at, 1));
    return taken;
  };
  const pullAll = (items, unwanted, key, isSame) => {
    if (isList(items) && unwanted && unwanted.length) {
      Array.prototype.splice.call(items, 0, items.length, ...without(list(items).slice(), list(unwanted), key, isSame));
    }
    return items;
  };
  const countOf = (items, count, guard) => {
    if (guard ? isGuard(items, count, guard) : isNil(count)) return 1;
    return Math.max(Math.trunc(+count) || 0, 0);
  };
  const until = (items, wanted, self, isBackwards) => {
    const judge = iteratee(wanted, self);
    const all = Array.from(row(items), (item, i) => [item, i]);
    const at = (isBackwards ? all.reverse() : all).findIndex(([item, i]) => !judge(item, i, items));
    return at === -1 ? all.length : at;
  };
  const ends = (items, wanted, self) => row(items).length - until(items, wanted, self, true);
  const placeOf = (items, value, by, isAfter) => {
    const rank = by(value);
    const all = row(items);
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = order(by(all[middle]), rank);
      if (found < 0 || (isAfter && found === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sortedIndex = (isAfter) => (items, value, wanted, self) => placeOf(items, value, iteratee(wanted, self), isAfter);
  const sortedPlace = (isAfter) => (items, value) => {
    const at = placeOf(items, value, iteratee(), isAfter) - (isAfter ? 1 : 0);
    return at >= 0 && at < row(items).length && same(items[at], value) ? at : -1;
  };
  const indexOf = (items, value, from) => {
    const all = row(items);
    if (from && typeof from !== 'number') return sortedPlace(false)(all, value);
    const start = typeof from === 'number' ? (from < 0 ? Math.max(all.length + from, 0) : from) : 0;
    return all.findIndex((item, i) => i >= start && same(item, value));
  };
  const lastIndexOf = (items, value, from) => {
    const all = row(items);
    if (from && typeof from !== 'number') return sortedPlace(true)(all, value);
    const last = all.length - 1;
    const end = typeof from !== 'number' ? last : from < 0 ? Math.max(all.length + from, 0) : Math.min(from, last);
    return all.findLastIndex((item, i) => i <= end && same(item, value));
  };
  const initial = (items) => row(items).slice(0, -1);
  const first = (items) => (isNil(items) ? undefined : items[0]);
  const last = (items) => (isNil(items) || !items.length ? undefined : items[items.length - 1]);
  const rest = (items) => row(items).slice(1);
  const slice = (items, from, to) => (isGuard(items, from, to) ? row(items).slice() : row(items).slice(from, isNil(to) ? undefined : to));
  const runs = (items, by) => row(items).filter((item, i, all) => i === 0 || !same(by(item), by(all[i - 1])));
  const called = (value, path, args) => {
    if (isFunction(path)) return path.apply(value, args);
    if (isNil(value)) return undefined;
    const names = isKey(path, value) ? [path] : toPath(path);
    const holder = names.length > 1 ? walk(value, names.slice(0, -1)) : value;
    const call = isNil(holder) ? undefined : holder[names.at(-1)];
    return isNil(call) ? undefined : call.apply(holder, args);
  };
  const invoke = (collection, path, ...args) => map(collection, (value) => called(value, path, args));

  const size = (collection) => {
    if (isArrayLike(collection)) return collection.length;
    return collection instanceof Map || collection instanceof Set ? collection.size : keys(collection).length;
  };

  return {
    each, forEach: each, eachRight, forEachRight: eachRight, map, collect: map, filter, select: filter, reject,
    find, detect: find, findLast, some, any: some, every, all: every, reduce, foldl: reduce, inject: reduce,
    reduceRight, foldr: reduceRight, includes, contains: includes, include: includes,
    size,
    pluck: (collection, path) => map(collection, (item) => get(item, path)),
    where: (collection, wanted) => filter(collection, matches(wanted)),
    findWhere: (collection, wanted) => find(collection, matches(wanted)),
    invoke, invokeMap: invoke,
    at: (collection, ...places) => flat(places).map((place) => (isNil(collection) ? undefined : get(collection, place))),
    groupBy, keyBy, indexBy, countBy, partition, sortBy, orderBy, sortByOrder, sortByAll,
    uniq, unique: uniq,
    uniqBy: (items, wanted) => { const by = iteratee(wanted); return unique(row(items), (item) => by(item)); },
    uniqWith: (items, isSame) => unique(row(items), undefined, isSame),
    sortedUniq: (items) => runs(items, iteratee()), sortedUniqBy: (items, wanted) => runs(items, iteratee(wanted)),
    flatten, flattenDeep: (items) => flatten(items, true),
    flattenDepth: (items, depth = 1) => (depth >= 1 ? flatTo(row(items), depth) : row(items).slice()),
    flatMap: (collection, wanted) => flatten(map(collection, wanted)),
    flatMapDeep: (collection, wanted) => flatten(map(collection, wanted), true),
    flatMapDepth: (collection, wanted, depth) => flatTo(map(collection, wanted), depth === undefined ? 1 : depth),
    compact: (items) => row(items).filter(Boolean),
    difference, differenceBy: withLast(lacking), differenceWith: withLast(lacking, 'With'),
    intersection: (...lists) => common(lists), intersectionBy: withLast(common), intersectionWith: withLast(common, 'With'),
    union: (...lists) => joined(lists), unionBy: withLast(joined), unionWith: withLast(joined, 'With'),
    xor, xorBy: withLast(exclusive), xorWith: withLast(exclusive, 'With'),
    chunk, zip: (...lists) => unzip(lists), unzip, unzipWith: folded, zipWith, zipObject, object: zipObject, zipObjectDeep,
    fromPairs: (items) => row(items).reduce((result, pair) => { result[pair[0]] = pair[1]; return result; }, {}),
    without: (items, ...unwanted) => without(row(items), unwanted),
    range, times,
    rangeRight: (...bounds) => stepped(bounds, (end) => end === undefined, (start, end) => (start < end ? 1 : -1)).reverse(),
    max: extreme((a, b) => a > b, -Infinity), min: extreme((a, b) => a < b, Infinity), maxBy: extremeBy(1), minBy: extremeBy(-1),
    sum, sumBy, mean: (items) => meanBy(items), meanBy, random, shuffle: (collection) => drawn(list(collection), Infinity),
    sample,
    sampleSize: (collection, count) => drawn(list(collection), count === undefined ? 1 : Math.trunc(count)),
    remove, pullAt, pull: (items, ...unwanted) => pullAll(items, unwanted), pullAll: (items, unwanted) => pullAll(items, unwanted),
    pullAllBy: (items, unwanted, wanted) => pullAll(items, unwanted, iteratee(wanted)),
    pullAllWith: (items, unwanted, isSame) => pullAll(items, unwanted, undefined, isSame),
    first, head: first, last, rest, tail: rest, initial,
    nth: (items, n) => row(items).at(Math.trunc(n) || 0),
    take: (items, n, guard) => row(items).slice(0, countOf(items, n, guard)),
    takeRight: (items, n, guard) => row(items).slice(Math.max(row(items).length - countOf(items, n, guard), 0)),
    drop: (items, n, guard) => row(items).slice(countOf(items, n, guard)),
    dropRight: (items, n, guard) => row(items).slice(0, Math.max(row(items).length - countOf(items, n, guard), 0)),
    takeWhile: (items, wanted, self) => row(items).slice(0, until(items, wanted, self)),
    dropWhile: (items, wanted, self) => row(items).slice(until(items, wanted, self)),
    takeRightWhile: (items, wanted, self) => row(items).slice(ends(items, wanted, self)),
    dropRightWhile: (items, wanted, self) => row(items).slice(0, ends(items, wanted, self)),
    slice, join: (items, separator) => (isNil(items) ? '' : row(items).join(separator)),
    reverse: (items) => (isNil(items) ? items : Array.prototype.reverse.call(items)),
    concat: (items, ...others) => (Array.isArray(items) ? items.slice() : [items]).concat(...others),
    fill: (items, value, from, to) => (isNil(items) ? [] : isGuard(items, value, from) ? items.fill(value) : items.fill(value, from, to)),
    indexOf, lastIndexOf,
    findIndex: (items, wanted, self) => entries(row(items)).findIndex(having(wanted, self)(items)),
    findLastIndex: (items, wanted, self) => entries(row(items)).findLastIndex(having(wanted, self)(items)),
    sortedIndex: sortedIndex(false), sortedIndexBy: sortedIndex(false), sortedLastIndex: sortedIndex(true),
    sortedLastIndexBy: sortedIndex(true),
    sortedIndexOf: sortedPlace(false), sortedLastIndexOf: sortedPlace(true),
    toArray: (value) => (value instanceof Map || value instanceof Set ? Array.from(value) : list(value).slice()),
    castArray: (...values_) => (values_.length === 0 ? [] : Array.isArray(values_[0]) ? values_[0] : [values_[0]]),
  };
})
