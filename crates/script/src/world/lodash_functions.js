// The part of lodash 3 that is about functions, with what version 4 added. What waits is left out: nothing of a run is left
// that could be called later.
(function (world) {
  'use strict';

  const { isNil, iteratee, bound, flat, walk, toPath, isKey, api: objects } = world.part('lodashObjects');
  const { isFunction, isArray, functions, isMatch, cloneDeep } = objects;

  // `_` among the arguments given before leaves its place to one given later.
  const isPlace = (value) => value === world.part('lodash');
  const filled = (some, others) => {
    const later = others.slice();
    const all = some.map((one) => (isPlace(one) ? later.shift() : one));
    return [all, later];
  };
  const partial = (call, ...some) => function (...others) {
    const [all, later] = filled(some, others);
    return call.apply(this, [...all, ...later]);
  };
  const partialRight = (call, ...some) => function (...others) {
    const places = some.filter(isPlace).length;
    const cut = Math.max(others.length - places, 0);
    const [all] = filled(some, others.slice(cut));
    return call.apply(this, [...others.slice(0, cut), ...all]);
  };
  // A method is found when it is called: it may be another one then.
  const invoked = (find, self, some) => function (...others) {
    const [all, later] = filled(some, others);
    const call = find();
    return new.target ? Reflect.construct(call, [...all, ...later]) : call.apply(self(this), [...all, ...later]);
  };
  const bind = (call, self, ...some) => invoked(() => call, () => self, some);
  const bindKey = (object, key, ...some) => invoked(() => object[key], () => object, some);
  const bindAll = (object, ...names) => {
    const all = names.length > 0 ? flat(names) : functions(object);
    all.forEach((name) => { object[name] = bind(object[name], object); });
    return object;
  };
  const currying = (join) => (call, arity, guard) => {
    const length = guard || isNil(arity) ? call.length : Math.max(+arity || 0, 0);
    const taking = (some) => function (...others) {
      const all = join(some, others);
      return all.filter((one) => !isPlace(one)).length >= length && !all.slice(0, length).some(isPlace) ? call.apply(this, all)
        : taking(all);
    };
    return taking([]);
  };
  const curry = currying((some, others) => filled(some, others).flat());
  const curryRight = currying((some, others) => {
    const places = some.filter(isPlace).length;
    const cut = Math.max(others.length - places, 0);
    return [...others.slice(0, cut), ...filled(some, others.slice(cut))[0]];
  });
  const flow = (...calls) => {
    const all = flat(calls);
    if (!all.every(isFunction)) throw new TypeError('Expected a function');
    return function (...args) {
      return all.reduce((result, call, i) => (i === 0 ? call.apply(this, args) : call.call(this, result)), args[0]);
    };
  };
  const flowRight = (...calls) => flow(...flat(calls).reverse());
  const counting = (isCalled, keepsLast) => (count, call) => {
    const [limit, given] = isFunction(call) ? [count, call] : [call, count];
    let calls = 0;
    let result;
    return function (...args) {
      calls += 1;
      if (isCalled(calls, limit)) {
        const now = given.apply(this, args);
        if (!keepsLast) return now;
        result = now;
      }
      return result;
    };
  };
  const after = counting((calls, limit) => calls >= limit, false);
  const before = counting((calls, limit) => calls < limit, true);
  const memoize = (call, keyOf) => {
    const memory = function (...args) {
      const key = keyOf ? keyOf.apply(this, args) : args[0];
      if (memory.cache.has(key)) return memory.cache.get(key);
      const result = call.apply(this, args);
      memory.cache = memory.cache.set(key, result) || memory.cache;
      return result;
    };
    if (!isFunction(call) || (keyOf && !isFunction(keyOf))) throw new TypeError('Expected a function');
    memory.cache = new (memoize.Cache)();
    return memory;
  };
  memoize.Cache = Map;
  // The arguments from a place on as one array.
  const restParam = (call, start) => {
    if (!isFunction(call)) throw new TypeError('Expected a function');
    const at = Math.max(start === undefined ? call.length - 1 : +start || 0, 0);
    return function (...args) { return call.apply(this, [...Array.from({ length: at }, (_, i) => args[i]), args.slice(at)]); };
  };
  const changing = (call, ...changes) => {
    const all = flat(changes);
    return function (...args) { return call.apply(this, args.map((value, i) => (i < all.length ? all[i].call(this, value)
      : value))); };
  };
  const called = (object, path, args) => {
    const names = isNil(object) || isKey(path, object) ? [path].flat() : toPath(path);
    const holder = names.length > 1 ? walk(object, names.slice(0, -1)) : object;
    const call = isNil(holder) ? undefined : holder[names.at(-1)];
    return isNil(call) ? undefined : call.apply(holder, args);
  };
  const calls = (list) => flat(list).map((one) => iteratee(one));
  const over = (combine) => (...list) => {
    const all = calls(list);
    return function (...args) { return combine(all, (call) => call.apply(this, args)); };
  };
  const cond = (rows) => {
    const all = rows.map(([judge, call]) => [iteratee(judge), call]);
    return function (...args) {
      const found = all.find(([judge]) => judge.apply(this, args));
      return found && found[1].apply(this, args);
    };
  };

  return {
    partial, partialRight, bind, bindKey, bindAll, curry, curryRight, flow, flowRight, backflow: flowRight, compose: flowRight,
    after, before, memoize,
    restParam, modArgs: changing, overArgs: changing,
    once: (call) => before(2, call),
    ary: (call, count, guard) => function (...args) { return call.apply(this, args.slice(0, guard || isNil(count) ? call.length
    : Math.max(+count || 0, 0))); },
    unary: (call) => function (...args) { return call.apply(this, args.slice(0, 1)); },
    flip: (call) => function (...args) { return call.apply(this, args.reverse()); },
    negate: (judge) => {
      if (!isFunction(judge)) throw new TypeError('Expected a function');
      return function (...args) { return !judge.apply(this, args); };
    },
    rearg: (call, ...places) => {
      const all = flat(places);
      return function (...args) { return call.apply(this, args.map((value, i) => (i < all.length ? args[all[i]] : value))); };
    },
    spread: (call, start) => function (...args) {
      const at = +start || 0;
      return call.apply(this, [...args.slice(0, at), ...(args[at] || [])]);
    },
    wrap: (value, wrapper) => partial(isNil(wrapper) ? (one) => one : wrapper, value),
    attempt: (call, ...args) => {
      try {
        return call(...args);
      } catch (error) {
        return error instanceof Error ? error : new Error(error);
      }
    },
    noop: () => undefined, identity: (value) => value, constant: (value) => () => value,
    method: (path, ...args) => (object) => called(object, path, args), methodOf: (object, ...args) => (path) =>
    called(object, path, args),
    nthArg: (n) => (...args) => args.at(Math.trunc(n) || 0),
    over: over((all, call) => all.map(call)), overEvery: over((all, call) => all.every(call)),
    overSome: over((all, call) => all.some(call)), cond,
    stubArray: () => [], stubFalse: () => false, stubObject: () => ({}), stubString: () => '', stubTrue: () => true,
  };
})
