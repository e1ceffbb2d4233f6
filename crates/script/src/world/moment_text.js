// Moments as text: the format letters of moment, both ways, in English.
(function (world) {
  'use strict';

  const MONTHS = 'January February March April May June July August September October November December'.split(' ');
  const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
  const LONG_FORMS = {
    LTS: 'h:mm:ss A', LT: 'h:mm A', LLLL: 'dddd, MMMM D, YYYY h:mm A', LLL: 'MMMM D, YYYY h:mm A', LL: 'MMMM D, YYYY', L: 'MM/DD/YYYY',
    llll: 'ddd, MMM D, YYYY h:mm A', lll: 'MMM D, YYYY h:mm A', ll: 'MMM D, YYYY', l: 'M/D/YYYY',
  };
  const TOKENS = /\[[^\]]*\]|\\.|LTS|LT|L{1,4}|l{1,4}|Mo|M{1,4}|Qo|Q|DDDo|Do|D{1,4}|do|d{1,4}|e|E|wo|ww?|Wo|WW?|Y{5,6}|YYYY|YY|Y|g{4}|gg|G{4}|GG|A|a|HH?|hh?|kk?|mm?|ss?|S{1,9}|X|x|ZZ?|zz?|./gs;

  const tokensOf = (format) => {
    const tokens = String(format).match(TOKENS) || [];
    return tokens.flatMap((token) => (LONG_FORMS[token] ? tokensOf(LONG_FORMS[token]) : [token]));
  };
  const padded = (value, length) => (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(length, '0');
  const ordinal = (value) => {
    const tens = Math.floor((value % 100) / 10);
    const ending = tens === 1 ? 'th' : ['th', 'st', 'nd', 'rd'][value % 10] || 'th';
    return value + ending;
  };
  const offsetText = (minutes, separator) => {
    const size = Math.abs(minutes);
    return (minutes < 0 ? '-' : '+') + padded(Math.floor(size / 60), 2) + separator + padded(size % 60, 2);
  };

  const WRITERS = {
    YYYY: (it) => padded(it.year(), 4), YY: (it) => padded(it.year() % 100, 2), Y: (it) => String(it.year()),
    gggg: (it) => padded(it.weekYear(), 4), GGGG: (it) => padded(it.isoWeekYear(), 4),
    Q: (it) => it.quarter(), Qo: (it) => ordinal(it.quarter()),
    M: (it) => it.month() + 1, MM: (it) => padded(it.month() + 1, 2), Mo: (it) => ordinal(it.month() + 1),
    MMM: (it) => MONTHS[it.month()].slice(0, 3), MMMM: (it) => MONTHS[it.month()],
    D: (it) => it.date(), DD: (it) => padded(it.date(), 2), Do: (it) => ordinal(it.date()),
    DDD: (it) => it.dayOfYear(), DDDD: (it) => padded(it.dayOfYear(), 3), DDDo: (it) => ordinal(it.dayOfYear()),
    d: (it) => it.day(), do: (it) => ordinal(it.day()), e: (it) => it.day(), E: (it) => it.isoWeekday(),
    dd: (it) => DAYS[it.day()].slice(0, 2), ddd: (it) => DAYS[it.day()].slice(0, 3), dddd: (it) => DAYS[it.day()],
    w: (it) => it.week(), ww: (it) => padded(it.week(), 2), wo: (it) => ordinal(it.week()),
    W: (it) => it.isoWeek(), WW: (it) => padded(it.isoWeek(), 2), Wo: (it) => ordinal(it.isoWeek()),
    H: (it) => it.hour(), HH: (it) => padded(it.hour(), 2),
    h: (it) => it.hour() % 12 || 12, hh: (it) => padded(it.hour() % 12 || 12, 2),
    k: (it) => it.hour() || 24, kk: (it) => padded(it.hour() || 24, 2),
    m: (it) => it.minute(), mm: (it) => padded(it.minute(), 2), s: (it) => it.second(), ss: (it) => padded(it.second(), 2),
    A: (it) => (it.hour() < 12 ? 'AM' : 'PM'), a: (it) => (it.hour() < 12 ? 'am' : 'pm'),
    X: (it) => it.unix(), x: (it) => it.valueOf(),
    Z: (it) => offsetText(it.utcOffset(), ':'), ZZ: (it) => offsetText(it.utcOffset(), ''),
    z: (it) => it.zoneAbbr(), zz: (it) => it.zoneAbbr(),
  };
  const write = (it, format) => tokensOf(format).map((token) => {
    if (Object.hasOwn(WRITERS, token)) return WRITERS[token](it);
    if (/^S+$/.test(token)) return padded(it.millisecond(), 3).padEnd(token.length, '0').slice(0, token.length);
    if (token.startsWith('[')) return token.slice(1, -1);
    return token.startsWith('\\') ? token.slice(1) : token;
  }).join('');

  const named = (names) => (text) => names.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase().slice(0, 3)));
  const century = (text) => (text.length > 2 ? +text : +text + (+text > 68 ? 1900 : 2000));
  const offset = (text) => {
    if (/^z$/i.test(text)) return 0;
    const [, sign, hours, minutes] = /([-+])(\d\d):?(\d\d)/.exec(text);
    return (sign === '-' ? -1 : 1) * (hours * 60 + +minutes);
  };
  const NAME = /[^\s\d.,:;/()-]+/;
  const to = (pattern, field, read = Number) => ({ pattern, field, read });
  const READERS = {
    YYYY: to(/\d{1,4}/, 'year', century), YY: to(/\d\d?/, 'year', century), Y: to(/[-+]?\d+/, 'year'),
    Q: to(/\d/, 'month', (text) => (text - 1) * 3),
    M: to(/\d\d?/, 'month', (text) => text - 1), MMM: to(NAME, 'month', named(MONTHS)),
    D: to(/\d\d?/, 'date'), Do: to(/(\d\d?)(?:st|nd|rd|th)?/i, 'date', parseInt), DDD: to(/\d{1,3}/, 'dayOfYear'),
    ddd: to(NAME, 'weekday', named(DAYS)),
    H: to(/\d\d?/, 'hour'), m: to(/\d\d?/, 'minute'), s: to(/\d\d?/, 'second'),
    S: to(/\d+/, 'millisecond', (text) => Math.floor(+`0.${text}` * 1000)),
    A: to(/[ap]\.?m?\.?/i, 'isAfternoon', (text) => /^p/i.test(text)),
    X: to(/[-+]?\d+(?:\.\d{1,3})?/, 'at', (text) => Math.round(text * 1000)), x: to(/[-+]?\d+/, 'at'),
    Z: to(/z|[-+]\d\d:?\d\d/i, 'offset', offset),
  };
  [['MM', 'M'], ['MMMM', 'MMM'], ['DD', 'D'], ['DDDD', 'DDD'], ['dddd', 'ddd'], ['dd', 'ddd'], ['HH', 'H'], ['h', 'H'], ['hh', 'H'], ['k', 'H'],
    ['kk', 'H'], ['mm', 'm'], ['ss', 's'], ['a', 'A'], ['ZZ', 'Z']].forEach(([token, like]) => { READERS[token] = READERS[like]; });
  const readerOf = (token) => (/^S+$/.test(token) ? READERS.S : Object.hasOwn(READERS, token) ? READERS[token] : undefined);

  // The fields that a text gives in a format; undefined when it does not fit. If not strict, whatever stands between is
  // passed over.
  const readIn = (text, format, strict) => {
    const fields = {};
    let left = String(text);
    let unread = 0;
    for (const token of tokensOf(format)) {
      const reader = readerOf(token);
      const literal = token.replace(/^\[|\]$|^\\/g, '');
      const found = reader ? reader.pattern.exec(left) : { 0: literal, index: left.indexOf(literal) };
      if (!found || found.index < 0 || (strict && found.index > 0)) {
        if (strict) return undefined;
        if (reader) unread += 1;
      } else {
        const isExact = !/^(?:YYYY|MM|DD|HH|hh|mm|ss)$/.test(token) || found[0].length === token.length;
        if (strict && !isExact) return undefined;
        if (reader) fields[reader.field] = reader.read(found[0]);
        left = left.slice(found.index + found[0].length);
      }
    }
    if (strict && left !== '') return undefined;
    if (fields.month === -1 || fields.weekday === -1) return undefined;
    if (fields.isAfternoon !== undefined && fields.hour !== undefined) {
      fields.hour = (fields.hour % 12) + (fields.isAfternoon ? 12 : 0);
    }
    return Object.keys(fields).length > 0 ? { fields, unread, rest: left.length } : undefined;
  };
  // Of several formats, the one that leaves least unread.
  const read = (text, formats, strict) => [].concat(formats)
    .map((format) => (format === world.part('momentText').ISO ? readIso(text) : readIn(text, format, strict)))
    .filter(Boolean)
    .sort((a, b) => a.unread - b.unread || a.rest - b.rest)[0];

  const ISO_DATE = /^\s*([-+]\d{6}|\d{4})(?:-?(\d\d)(?:-?(\d\d))?|-?W(\d\d)(?:-?(\d))?|-?(\d{3}))?(?:(?:T| +)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?)?\s*(z|[-+]\d\d(?::?\d\d)?)?\s*$/i;
  const readIso = (text) => {
    const found = ISO_DATE.exec(text);
    if (!found) return undefined;
    const [, year, month, date, isoWeek, isoWeekday, dayOfYear, hour, minute, second, fraction, zone] = found;
    const fields = { year: +year };
    const give = (name, value, shift = 0) => { if (value !== undefined) fields[name] = +value + shift; };
    give('month', month, -1);
    give('date', date);
    give('isoWeek', isoWeek);
    give('isoWeekday', isoWeekday);
    give('dayOfYear', dayOfYear);
    give('hour', hour);
    give('minute', minute);
    give('second', second);
    if (fraction) fields.millisecond = READERS.S.read(fraction);
    if (zone) fields.offset = offset(zone.length === 3 ? `${zone}00` : zone);
    return { fields, unread: 0, rest: 0 };
  };

  return { MONTHS, DAYS, ISO: {}, ordinal, write, read, readIso, offset, monthOf: named(MONTHS), dayOf: named(DAYS) };
})
