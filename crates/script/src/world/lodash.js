// `koreUtil._`: lodash 3 with the names of version 4 beside, written anew. Where a name is in both, it does what it does in
// version 3, and takes what only version 4 takes.
(function (world) {
  'use strict';

  const { bound, api } = world.part('lodashObjects');
  const all = { ...api, ...world.part('lodashLists'), ...world.part('lodashTexts') };

  // Functions whose value goes on in a chain that was not asked for with `chain`; the others end it.
  const goesOn = new Set((
    'after ary assign at before bind bindAll bindKey callback chunk compact concat constant countBy create curry '
    + 'curryRight defaults defaultsDeep difference drop dropRight dropRightWhile dropWhile each eachRight extend fill '
    + 'filter flatten flattenDeep flow flowRight backflow compose forEach forEachRight forIn forInRight forOwn '
    + 'forOwnRight functions groupBy indexBy initial intersection invert invoke iteratee keys keysIn map collect '
    + 'mapKeys mapValues matches matchesProperty memoize merge method methodOf methods mixin modArgs negate object omit '
    + 'once pairs partial partialRight partition pick pluck property propertyOf pull pullAt range rearg reject remove '
    + 'rest tail restParam reverse select set shuffle slice sortBy sortByAll sortByOrder spread splice take takeRight '
    + 'takeRightWhile takeWhile tap times toArray toPlainObject transform union uniq unique unzip unzipWith values '
    + 'valuesIn where without wrap xor zip zipObject zipWith assignIn assignInWith assignWith castArray cond conforms '
    + 'differenceBy differenceWith entries entriesIn extendWith flatMap flatMapDeep flatMapDepth flattenDepth flip '
    + 'fromPairs functionsIn intersectionBy intersectionWith invertBy invokeMap keyBy mergeWith nthArg omitBy orderBy '
    + 'over overArgs overEvery overSome pickBy pullAll pullAllBy pullAllWith rangeRight sampleSize setWith sortedUniq '
    + 'sortedUniqBy toPairs toPairsIn toPath unary unionBy unionWith uniqBy uniqWith unset update updateWith xorBy '
    + 'xorWith zipObjectDeep'
  ).split(' '));

  class Chain {
    constructor(value, isExplicit) {
      this.wrapped = value;
      this.isExplicit = isExplicit;
    }

    chain() { return new Chain(this.wrapped, true); }
    commit() { return this; }
    value() { return this.wrapped; }
    run() { return this.wrapped; }
    valueOf() { return this.wrapped; }
    toJSON() { return this.wrapped; }
    toString() { return String(this.wrapped); }
    plant(value) { return new Chain(value, this.isExplicit); }
    tap(visit, self) { bound(visit, self)(this.wrapped); return this; }
    thru(change, self) { return this.next(bound(change, self)(this.wrapped), true); }
    next(value, isOn) { return this.isExplicit || isOn ? new Chain(value, this.isExplicit) : value; }
    sample(count) { return this.next(all.sample(this.wrapped, count), count !== undefined && count !== null); }
    reverse() { return this.next(this.wrapped.reverse(), true); }
    concat(...others) { return this.next(all.concat(this.wrapped, ...others), true); }
    [Symbol.iterator]() { return all.toArray(this.wrapped)[Symbol.iterator](); }
  }

  const lodash = (value) => (value instanceof Chain ? value : new Chain(value, false));
  // Methods of arrays that change them, and those of texts that end a chain.
  ['push', 'sort', 'unshift'].forEach((name) => {
    world.define(Chain.prototype, name, function (...args) { this.wrapped[name](...args); return this; });
  });
  [['splice', true], ['pop', false], ['shift', false], ['join', false], ['replace', false],
    ['split', true]].forEach(([name, isOn]) => {
    world.define(Chain.prototype, name, function (...args) { return this.next(this.wrapped[name](...args), isOn); });
  });
  const add = (target, name, call, isChained = true) => {
    world.define(target, name, call);
    Object.defineProperty(target, name, { enumerable: true });
    if (!isChained || !Object.prototype.hasOwnProperty.call(target, name)) return;
    world.define(Chain.prototype, name, function (...args) { return this.next(call(this.wrapped, ...args), goesOn.has(name)); });
  };
  const own = new Set(Object.getOwnPropertyNames(Chain.prototype));
  const addAll = (calls) => Object.keys(calls).forEach((name) => add(lodash, name, calls[name], typeof calls[name] === 'function'
    && !own.has(name)));

  // Functions of an author as functions of lodash, or of another object.
  const mixin = (...args) => {
    const isOther = args[0] !== undefined && (args.length > 2 || (typeof args[1] === 'object' && !('chain' in args[1])));
    const [target, source, options] = isOther ? args : [lodash, args[0], args[1]];
    const isChained = !options || options.chain !== false;
    all.keys(source).filter((name) => typeof source[name] === 'function').forEach((name) => {
      if (target === lodash) {
        lodash[name] = source[name];
        world.define(Chain.prototype, name, function (...others) { return this.next(source[name].call(lodash, this.wrapped,
          ...others), isChained); });
      } else target[name] = source[name];
    });
    return target;
  };

  const chainOf = (value) => new Chain(value, true);
  addAll(all);
  Object.assign(lodash, {
    chain: chainOf, mixin, VERSION: '3.10.1', _: lodash, support: {}, prototype: Chain.prototype,
    tap: (value, visit, self) => { bound(visit, self)(value); return value; },
    thru: (value, change, self) => bound(change, self)(value),
    noConflict: () => lodash, runInContext: () => lodash,
  });
  addAll(world.part('lodashFunctions'));
  return lodash;
})
