// `koreUtil._`: the part of lodash 3 that scripts use, with the names of version 4 where they differ. Written anew.
(function (world) {
  'use strict';

  const all = {
    ...world.part('lodashObjects').api,
    ...world.part('lodashLists'),
    ...world.part('lodashTexts'),
  };

  // Functions that give a collection. In a chain that was not asked for with `chain`, the others end it.
  const goesOn = new Set((
    'each forEach eachRight forEachRight map collect filter select reject pluck where invoke at groupBy keyBy indexBy countBy '
    + 'partition sortBy orderBy sortByOrder sortByAll uniq unique uniqBy flatten flattenDeep flatMap compact difference '
    + 'intersection union xor chunk zip unzip zipObject object fromPairs without range times shuffle sampleSize remove pull '
    + 'rest tail initial take takeRight drop dropRight takeWhile dropWhile slice reverse concat fill toArray castArray keys '
    + 'values pairs toPairs keysIn clone extend assign defaults defaultsDeep merge pick omit pickBy omitBy mapValues mapKeys '
    + 'invert forOwn forIn transform functions set words split'
  ).split(' '));

  class Chain {
    constructor(value, isExplicit) {
      this.wrapped = value;
      this.isExplicit = isExplicit;
    }

    chain() { return new Chain(this.wrapped, true); }
    value() { return this.wrapped; }
    run() { return this.wrapped; }
    valueOf() { return this.wrapped; }
    toJSON() { return this.wrapped; }
    toString() { return String(this.wrapped); }
    tap(visit) { visit(this.wrapped); return this; }
    thru(change) { return new Chain(change(this.wrapped), this.isExplicit); }
    push(...items) { this.wrapped.push(...items); return this; }
    sort(order) { this.wrapped.sort(order); return this; }
  }

  const lodash = (value) => (value instanceof Chain ? value : new Chain(value, false));
  Object.keys(all).forEach((name) => {
    world.define(lodash, name, all[name]);
    if (name === 'toString') return;
    world.define(Chain.prototype, name, function (...args) {
      const result = all[name](this.wrapped, ...args);
      return this.isExplicit || goesOn.has(name) ? new Chain(result, this.isExplicit) : result;
    });
  });
  lodash.chain = (value) => new Chain(value, true);
  lodash.tap = (value, visit) => { visit(value); return value; };
  lodash.thru = (value, change) => change(value);
  lodash.VERSION = '3.10.1';
  return lodash;
})
