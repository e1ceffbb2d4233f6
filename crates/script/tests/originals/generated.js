// Calls of moment made up from parts: the same ones for the same seed.
'use strict';

const UNITS = ['year', 'quarter', 'month', 'week', 'isoWeek', 'day', 'date', 'hour', 'minute', 'second', 'millisecond', 'y', 'Q', 'M', 'w', 'W', 'd',
  'D', 'h', 'm', 's', 'ms', 'years', 'Days', 'hours'];
const ZONES = ['America/New_York', 'Europe/London', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney', 'America/Los_Angeles', 'Europe/Berlin',
  'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC', 'Africa/Cairo', 'America/Chicago', 'Asia/Dubai', 'america/denver', 'EST',
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

module.exports = function generated(count, seed) {
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
