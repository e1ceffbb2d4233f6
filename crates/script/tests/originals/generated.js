// Calls made up from parts: the same ones for the same seed.
'use strict';

// ---- moment ----
const UNITS = ['year', 'quarter', 'month', 'week', 'isoWeek', 'day', 'date', 'hour', 'minute', 'second', 'millisecond', 'y', 'Q', 'M', 'w', 'W', 'd',
  'D', 'h', 'm', 's', 'ms', 'years', 'Days', 'hours'];
const ZONES = ['America/New_York', 'Europe/London', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney', 'America/Los_Angeles', 'Europe/Berlin',
  'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC', 'Africa/Cairo', 'America/Chicago', 'Asia/Dubai', 'america/denver', 'Europe/Lisbon',
  'US/Eastern', 'Etc/GMT+5', 'Australia/Lord_Howe', 'Pacific/Apia'];
const TEXTS = ['2024-02-29', '2023-12-31T23:59:59', '2024-03-10T02:30:00', '2024-11-03T01:30:00', '2024-03-31 01:15', '2020-01-01T00:00:00.123Z',
  '2021-06-15T10:20:30+05:30', '2022-10-30T02:59:59.999', '1999-12-31', '2026-07-01T12:00:00Z', '20240229', '2024-W09-4', '2024-060', '2016-12-31T12',
  '2024-03', '1969-07-20T20:17:40', '2024-04-30T23:00', '+002024-05-06', 'Tue, 01 Nov 2022 01:02:03 +0000', '2023-11-14T22:13:20.123-08'];
const BROKEN = ['nonsense', '2024-13-01', '2024-02-30', '24:00', '', '2024-02-29T25:00', '12/25/2024', 'Jan 5, 2024', '5 March 2021', 'tomorrow', '99'];
const FORMATS = ['YYYY-MM-DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'D MMM YYYY', 'MMMM Do, YYYY', 'dddd, MMMM Do YYYY, h:mm:ss a', 'HH:mm', 'h:mm A', 'LT', 'LTS',
  'L', 'LL', 'LLL', 'LLLL', 'l', 'll', 'lll', 'llll', 'YYYY-MM-DDTHH:mm:ssZ', 'YYYYMMDD', 'x', 'X', 'YY', 'Q', 'Qo', 'DDD', 'DDDD', 'DDDo', 'w', 'ww', 'wo',
  'W', 'WW', 'GGGG-[W]WW-E', 'gggg', 'ddd', 'dd', 'd', 'do', 'e', 'E', 'k', 'kk', 'SSS', 'S', 'SSSSSS', 'Z', 'ZZ', 'z', 'zz', 'A', 'a', 'Mo', 'Hmm', 'hmmss',
  '[on] dddd', 'YYYY [escaped] MM', '\\D D', 'HH:mm z', 'YYYYYY', 'Y', 'MMM D h A', 'DD-MMM-YYYY hh:mm:ss.SSS A', 'YYYY/MM/DD HH:mm:ss ZZ'];
// A text in a format, or not quite.
const FORMATTED = [['25/12/2024', 'DD/MM/YYYY'], ['5/3/2024', 'DD/MM/YYYY'], ['2024-5-6', 'YYYY-MM-DD'], ['12-25-95', 'MM-DD-YY'], ['Dec 5 2024', 'MMM D YYYY'],
  ['December 5th, 2024', 'MMMM Do, YYYY'], ['3:45 pm', 'h:mm a'], ['15:45', 'HH:mm'], ['12:15 AM', 'hh:mm A'], ['1700000000', 'X'], ['1700000000123', 'x'],
  ['2024 W10 3', 'GGGG [W]WW E'], ['Friday', 'dddd'], ['wed', 'ddd'], ['2024 60', 'YYYY DDD'], ['10:20:30.456', 'HH:mm:ss.SSS'], ['930', 'hmm'],
  ['2024-02-29 10:00 +0530', 'YYYY-MM-DD HH:mm ZZ'], ['13/13/2024', 'DD/MM/YYYY'], ['abc', 'YYYY'], ['2024/02/29', 'YYYY-MM-DD'], ['29 feb', 'D MMM'],
  ['Thu Feb 29', 'ddd MMM D'], ['Mon Feb 29 2024', 'ddd MMM DD YYYY'], ['2024-02-29extra', 'YYYY-MM-DD'], ['2 2024', 'Q YYYY'], ['24:00', 'HH:mm'], ['13:00 pm', 'h:mm a']];

const ofMoment = (count, seed) => {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  const of = (list) => list[next(list.length)];
  const json = JSON.stringify;
  const number = () => of([0, 1, 2, 3, 5, 7, 10, 12, 13, 24, 30, 31, 36, 45, 48, 60, 90, 100, 365, 400, 1000, 1.5, 2.4, -1, -3, -10, -31]);
  const unit = () => json(of(UNITS));
  const text = () => json(next(12) === 0 ? of(BROKEN) : of(TEXTS));
  const made = () => {
    switch (next(9)) {
      case 0: return `moment.utc(${text()})`;
      case 1: return `moment.tz(${text()},${json(of(ZONES))})`;
      case 2: return `moment(${text()}).tz(${json(of(ZONES))})`;
      case 3: { const [given, format] = of(FORMATTED); return `moment(${json(given)},${json(format)}${next(3) === 0 ? ',true' : ''})`; }
      case 4: return `moment(${next(2000000000) * 1000 + next(1000)})`;
      case 5: return `moment.unix(${next(2000000000)})`;
      case 6: return `moment([${2000 + next(40)},${next(13)},${1 + next(31)},${next(25)},${next(60)}])`;
      default: return `moment(${text()})`;
    }
  };
  const changed = () => {
    switch (next(9)) {
      case 0: return `.add(${number()},${unit()})`;
      case 1: return `.subtract(${number()},${unit()})`;
      case 2: return `.startOf(${unit()})`;
      case 3: return `.endOf(${unit()})`;
      case 4: return `.${of(['year', 'month', 'date', 'day', 'hour', 'minute', 'second', 'isoWeek', 'week', 'isoWeekday', 'weekday', 'dayOfYear', 'quarter',
        'weekYear', 'isoWeekYear'])}(${of([1, 2, 3, 4, 7, 10, 12, 20, 31, 2024, 2019])})`;
      case 5: return `.utcOffset(${of([0, 60, -300, 330, 5, -8, '"+05:30"', '"-0800"', 'true && 45'])}${next(4) === 0 ? ',true' : ''})`;
      case 6: return `.tz(${json(of(ZONES))}${next(4) === 0 ? ',true' : ''})`;
      case 7: return `.${of(['utc', 'local', 'clone'])}()`;
      default: return `.set({${of(['year', 'month', 'date', 'hour'])}:${1 + next(20)},minute:${next(60)}})`;
    }
  };
  const one = () => made() + Array.from({ length: next(4) }, changed).join('');
  const duration = () => of([`moment.duration(${number()},${unit()})`, `moment.duration(${next(100000000)})`,
    `moment.duration({${of(['years', 'months', 'days'])}:${number()},${of(['hours', 'minutes', 'seconds'])}:${number()}})`,
    `moment.duration(${json(of(['PT1H30M', 'P1Y2M3DT4H5M6S', '1:30', '2.03:04:05.678', '-P1D', 'P3W', 'PT-5M', 'P0.5Y', '23:59:59', 'x']))})`,
    `moment.duration(${one()}.diff(${one()}))`]) + of(['', '', `.add(${number()},${unit()})`, `.subtract(${number()},${unit()})`, '.abs()']);
  const asked = () => {
    switch (next(18)) {
      case 0: return `${one()}.format()`;
      case 1: case 2: case 3: return `${one()}.format(${json(of(FORMATS))})`;
      case 4: return `${one()}.diff(${one()},${unit()}${next(3) === 0 ? ',true' : ''})`;
      case 5: return `${one()}.${of(['isBefore', 'isAfter', 'isSame', 'isSameOrBefore', 'isSameOrAfter'])}(${one()}${next(2) ? `,${unit()}` : ''})`;
      case 6: return `${one()}.isBetween(${one()},${one()},${of(['undefined', unit()])},${json(of(['()', '[]', '[)', '(]']))})`;
      case 7: return `${one()}.${of(['from', 'to'])}(${one()}${next(3) === 0 ? ',true' : ''})`;
      case 8: return `${one()}.${of(['fromNow', 'toNow'])}(${next(3) === 0})`;
      case 9: return `${one()}.calendar(${of(['', one(), `null,{sameElse:${json(of(FORMATS))}}`, `{sameDay:'[today]',lastWeek:'[past] ddd'}`])})`;
      case 10: return `${one()}.${of(['toISOString', 'toArray', 'toObject', 'valueOf', 'unix', 'toString', 'isValid', 'utcOffset', 'week', 'isoWeek', 'weekYear',
        'isoWeekYear', 'dayOfYear', 'quarter', 'daysInMonth', 'isDST', 'isLeapYear', 'isUTC', 'isLocal', 'weeksInYear', 'isoWeeksInYear', 'zoneAbbr', 'zoneName',
        'tz', 'toJSON', 'inspect', 'invalidAt', 'eraYear', 'isoWeekday', 'weekday', 'toDate', 'year', 'month', 'day'])}()`;
      case 11: return `${one()}.get(${unit()})`;
      case 12: return `${duration()}.as(${json(of(['ms', 's', 'm', 'h', 'd', 'w', 'M', 'Q', 'y']))})`;
      case 13: return `${duration()}.get(${json(of(['ms', 's', 'm', 'h', 'd', 'w', 'M', 'y']))})`;
      case 14: return `${duration()}.humanize(${next(2) === 0})`;
      case 15: return `${duration()}.${of(['toISOString', 'asHours', 'asDays', 'asMonths', 'days', 'hours', 'months', 'years', 'weeks', 'valueOf', 'isValid'])}()`;
      case 16: return `moment.${of(['max', 'min'])}(${one()},${one()}).format()`;
      default: return `(moment.tz.setDefault(${json(of(ZONES))}),${one()}.format(${json(of(FORMATS))}))`;
    }
  };
  return Array.from({ length: count }, asked);
};

// ---- lodash ----
const LISTS = ['[]', '[1,2,3]', '[3,1,2,1]', '["b","a","c","a"]', '[{a:1,b:2},{a:2,b:1},{a:1,b:3}]', '[null,undefined,NaN,0,""]', '[[1,2],[3,[4]]]', '["10",9,"08"]',
  '[true,false]', '[{a:{b:1}},{a:{b:2}}]', '[1.5,1.2,2.7]', '[new Date(5),new Date(1)]', '["apple","Bob","cat dog"]'];
const COLLECTIONS = [...LISTS, '{a:1,b:2,c:3}', '{x:{a:1},y:{a:2}}', '"abc"', 'null', 'undefined', '5', '{}', '{length:2,0:"p",1:"q"}'];
const WANTED = ['undefined', '"a"', '{a:1}', '"a",1', '"length"', 'function(v){return v}', 'function(v){return v&&v.a}', 'function(v,k){return k}',
  'function(v){return v>1}', 'String', '"a.b"', 'null'];
const VALUES = ['null', 'undefined', 'true', '0', '-0', '1.5', 'NaN', 'Infinity', '""', '"abc"', '"3.7"', '[]', '[1]', '{}', '{a:1}', 'function(){}', 'new Date(5)', '/x/g',
  'new Error("e")', 'new Number(5)', 'new String("s")', 'Object(false)', 'Object.create(null)', 'Symbol.iterator', '(function(){return arguments})(1,2)', '{length:0}',
  'new (function F(){this.a=1})', 'new Map([[1,2]])', 'new Set([1])', 'new Uint8Array([1,2])'];
const WORDS = ['""', '"cups"', '"CUPS"', '"iced tea"', '"icedTeaPot"', '"--to-go--"', '"__TO_GO__"', '"XMLHttpRequest2"', '"  pad ded  "', '"d\u00e9j\u00e0 vu"', '"it\'s 5 o\'clock"',
  '"a & b < c > \\"d\\""', '"&amp;&lt;"', '"[x](y)"', '"one large-latte to go, thank you"', 'null', 'undefined', '123', '"12abc"', '"\u00d1and\u00fa"'];
const NUMBERS = ['0', '1', '-1', '2', '1.5', '-2.7', '"3"', 'NaN', 'undefined', 'null', '100', '4.006'];
const JUDGED = 'isArguments isArray isBoolean isDate isElement isEmpty isError isFinite isFunction isNaN isNull isNumber isObject isPlainObject isRegExp isString '
  + 'isTypedArray isUndefined keys keysIn values valuesIn pairs size toArray clone cloneDeep invert functions toPlainObject isArrayBuffer isArrayLike '
  + 'isArrayLikeObject isInteger isLength isMap isNil isObjectLike isSafeInteger isSet isSymbol toFinite toInteger toLength toNumber toSafeInteger toPairs castArray toString';
const VISITED = 'map collect filter select reject find detect findLast some any every all groupBy countBy indexBy partition sortBy max min sum findKey findLastKey '
  + 'mapValues mapKeys keyBy forEach each pluck where findWhere';
const OF_LISTS = 'uniq findIndex findLastIndex dropWhile takeWhile dropRightWhile takeRightWhile remove uniqBy flatMap maxBy minBy sumBy meanBy sortedUniqBy';
const TRIMMED = 'first head last rest tail initial compact flatten flattenDeep unzip zip union xor intersection difference without sortByAll uniq unique sum max min '
  + 'zipObject object mean fromPairs sortedUniq reverse flatMapDeep';
const COUNTED = 'take takeRight drop dropRight chunk indexOf lastIndexOf nth includes contains pull slice flattenDepth';
const SPELLED = 'camelCase kebabCase snakeCase startCase capitalize deburr escape unescape escapeRegExp trim trimLeft trimRight words trunc lowerCase lowerFirst upperCase '
  + 'upperFirst toLower toUpper trimStart trimEnd truncate parseInt';
const PADDED = 'pad padLeft padRight repeat startsWith endsWith trunc padStart padEnd truncate split';
const CALCULATED = 'add ceil floor round inRange gt gte lt lte range divide multiply subtract clamp rangeRight';

// Every function with every value of its kind. Which package has a function is for whoever calls them.
const ofLodash = () => {
  const calls = [];
  const cross = (names, ...pools) => names.split(' ').forEach((name) => {
    const fill = (args, left) => {
      if (left.length === 0) calls.push(`_.${name}(${args.join(',')})`);
      else left[0].forEach((value) => fill([...args, value], left.slice(1)));
    };
    fill([], pools);
  });
  cross(JUDGED, VALUES);
  cross(VISITED, COLLECTIONS, WANTED);
  cross(OF_LISTS, LISTS, WANTED);
  cross(TRIMMED, COLLECTIONS);
  cross('union xor intersection difference zip zipObject concat pullAll', LISTS.slice(0, 8), LISTS.slice(0, 8));
  cross(COUNTED, COLLECTIONS, ['undefined', '0', '1', '2', '-1', '"a"']);
  cross(SPELLED, WORDS);
  cross(PADDED, WORDS, ['8', '2', '"a"', 'undefined']);
  cross(CALCULATED, NUMBERS, NUMBERS);
  cross('isEqual eq', VALUES, VALUES);
  cross('isMatch', VALUES, ['{}', '{a:1}', '[1]', 'null']);
  cross('get has result', ['{a:{b:[{c:1}]},"x.y":2,n:null}', '[1,{a:2}]', '"abc"', 'null', '5'],
    ['"a"', '"a.b"', '"a.b[0].c"', '["a","b",0,"c"]', '"x.y"', '"n.m"', '0', '"1.a"', '"[1].a"', '"length"', '[]', '""', '"a.b.length"', '"a[\'b\']"']);
  cross('set', ['{}', '{a:{b:[1]}}', '[1]', 'null'], ['"a"', '"a.b"', '"a.b[1]"', '["x",0]', '0', '"[1].a"', '"y[2].z"'], ['5']);
  cross('merge assign defaults defaultsDeep extend', ['{}', '{a:1}', '{a:{b:[1,2]}}', '{a:[1,2,3]}', 'null'], ['{a:2}', '{a:{b:[3]}}', '{a:[{x:1}]}', '{a:null,b:undefined}', 'null', '[7]']);
  cross('pick omit', ['{a:1,b:{c:2}}', '[4,5]', 'null'], ['"a"', '["a","b"]', '"z"', 'function(v,k){return k=="a"}', '0']);
  cross('orderBy sortByOrder', ['[{a:1,b:2},{a:2,b:1},{a:1,b:3}]', '[3,1,2]'], ['"a"', '["a","b"]', '"b"'], ['"desc"', '["desc","asc"]', 'undefined']);
  return calls;
};

module.exports = { ofMoment, ofLodash };
