// What the test evaluates before anything else, under Node and in the worker alike: how values are written, so that they can be
// compared, and chance that repeats.
var chance = 1;
Math.random = function () {
  chance = (Math.imul(chance, 1664525) + 1013904223) >>> 0;
  return chance / 4294967296;
};
function shown(value, depth) {
  if (depth > 20) return 'deep';
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'function';
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Date) return 'date ' + value.getTime();
  if (value instanceof RegExp) return String(value);
  if (value._isAMomentObject) return 'moment ' + value.valueOf() + ' ' + value.format();
  if (typeof value.asMonths === 'function') return 'duration ' + value.toISOString();
  if (Array.isArray(value)) return '[' + Array.from(value, function (one) { return shown(one, depth + 1); }).join() + ']';
  return '{' + Object.keys(value).map(function (key) { return key + ':' + shown(value[key], depth + 1); }).join() + '}';
}
// The value of a call as text; of one that throws only that it does, as each says it in its own words.
function told(call) {
  chance = 1;
  try {
    return shown(call(), 0);
  } catch (error) {
    return 'throws';
  }
}
