// Moments as text: the format letters of moment.
(function (world) {
  'use strict';

  const { padded } = world.part('momentWords');

  // Longest first, so that none is taken for the beginning of another.
  const LETTERS = (
    'Hmmss hmmss Hmm hmm YYYYYY YYYYY YYYY YY Y yyyy yyy yy yo y GGGGG GGGG GG ggggg gggg gg MMMM MMM MM Mo M DDDD DDDo DDD DD Do D '
    + 'dddd ddd dd do d ww wo w WW Wo W Qo Q NNNNN NNNN NNN NN N e E a A hh h HH H kk k mm m ss s X x zz z ZZ Z '
    + 'SSSSSSSSS SSSSSSSS SSSSSSS SSSSSS SSSSS SSSS SSS SS S'
  ).split(' ');
  // What stands in brackets and what follows a backslash is text.
  const TOKENS = new RegExp(`\\[[^[]*\\]|\\\\?(?:${LETTERS.join('|')}|.)`, 'g');
  const LONG_FORMS = /\[[^[]*\]|\\?(?:LTS|LT|L{1,4}|l{1,4})/g;

  // A format without the forms that each language has for itself; they may be made of one another.
  const expanded = (format, locale) => {
    let result = format;
    for (let i = 0; i < 6; i += 1) {
      const next = result.replace(LONG_FORMS, (form) => locale.longDateFormat(form) || form);
      if (next === result) break;
      result = next;
    }
    return result;
  };
  const tokensOf = (format, locale) => expanded(format, locale).match(TOKENS) || [];

  const signed = (value, length) => (value < 0 ? '-' : '+') + padded(Math.abs(value), length);
  const offsetText = (minutes, separator) => {
    const size = Math.abs(Math.trunc(minutes));
    return (minutes < 0 ? '-' : '+') + padded(Math.trunc(size / 60), 2) + separator + padded(size % 60, 2);
  };
  const clock = (hours) => (it) => hours(it) + padded(it.minute(), 2);
  const clockWithSeconds = (hours) => (it) => clock(hours)(it) + padded(it.second(), 2);
  const hour12 = (it) => it.hour() % 12 || 12;
  const meridiem = (isLower) => (it) => it.localeData().meridiem(it.hour(), it.minute(), isLower);
  const word = (name) => (it, format) => it.localeData()[name](it, format);

  const WRITERS = {
    Y: (it) => (it.year() <= 9999 ? padded(it.year(), 4) : `+${it.year()}`),
    YYYY: (it) => padded(it.year(), 4), YYYYY: (it) => padded(it.year(), 5), YYYYYY: (it) => signed(it.year(), 6),
    y: (it) => it.eraYear(), yy: (it) => padded(it.eraYear(), 2), yyy: (it) => padded(it.eraYear(), 3), yyyy: (it) =>
    padded(it.eraYear(), 4),
    MMM: word('monthsShort'), MMMM: word('months'), dd: word('weekdaysMin'), ddd: word('weekdaysShort'), dddd: word('weekdays'),
    H: (it) => it.hour(), h: hour12, k: (it) => it.hour() || 24,
    hmm: clock(hour12), hmmss: clockWithSeconds(hour12), Hmm: clock((it) => it.hour()),
    Hmmss: clockWithSeconds((it) => it.hour()),
    a: meridiem(true), A: meridiem(false),
    N: (it) => it.eraAbbr(), NN: (it) => it.eraAbbr(), NNN: (it) => it.eraAbbr(), NNNN: (it) => it.eraName(), NNNNN: (it) =>
    it.eraNarrow(),
    X: (it) => it.unix(), x: (it) => it.valueOf(), z: (it) => it.zoneAbbr(), zz: (it) => it.zoneName(),
    Z: (it) => offsetText(it.utcOffset(), ':'), ZZ: (it) => offsetText(it.utcOffset(), ''),
  };
  // Tokens of two digits, and with an ordinal.
  const padding = (token, length, value) => { WRITERS[token] = (it) => padded(value(it), length); };
  padding('YY', 2, (it) => it.year() % 100);
  [['gg', 'weekYear'], ['GG', 'isoWeekYear']].forEach(([token, unit]) => {
    padding(token, 2, (it) => it[unit]() % 100);
    WRITERS[token + token] = (it) => padded(it[unit](), 4);
    WRITERS[token + token + token[0]] = (it) => padded(it[unit](), 5);
  });
  [['HH', 'H'], ['hh', 'h'], ['kk', 'k']].forEach(([token, one]) => padding(token, 2, WRITERS[one]));
  const counted = (letter, ordinal, value) => {
    WRITERS[letter] = value;
    if (ordinal) WRITERS[`${letter}o`] = (it) => it.localeData().ordinal(value(it), letter);
  };
  counted('M', true, (it) => it.month() + 1);
  counted('Q', true, (it) => it.quarter());
  counted('D', true, (it) => it.date());
  counted('DDD', true, (it) => it.dayOfYear());
  counted('d', true, (it) => it.day());
  counted('w', true, (it) => it.week());
  counted('W', true, (it) => it.isoWeek());
  WRITERS.yo = (it) => it.localeData().ordinal(it.eraYear(), 'y');
  counted('e', false, (it) => it.weekday());
  counted('E', false, (it) => it.isoWeekday());
  counted('m', false, (it) => it.minute());
  counted('s', false, (it) => it.second());
  ['MM', 'DD', 'ww', 'WW', 'mm', 'ss'].forEach((token) => padding(token, 2, WRITERS[token[0]]));
  padding('DDDD', 3, WRITERS.DDD);
  for (let length = 1; length <= 9; length += 1) {
    WRITERS['S'.repeat(length)] = (it) => padded(it.millisecond(), 3).padEnd(length, '0').slice(0, length);
  }

  const plain = (token) => (/\[[\s\S]/.test(token) ? token.replace(/^\[|\]$/g, '') : token.replaceAll('\\', ''));
  const write = (it, format) => {
    const tokens = tokensOf(format, it.localeData());
    const whole = tokens.join('');
    return tokens.map((token) => (Object.hasOwn(WRITERS, token) ? WRITERS[token](it, whole) : plain(token))).join('');
  };

  // The formats of the fields of pages.
  const HTML5_FMT = {
    DATETIME_LOCAL: 'YYYY-MM-DDTHH:mm', DATETIME_LOCAL_SECONDS: 'YYYY-MM-DDTHH:mm:ss', DATETIME_LOCAL_MS: 'YYYY-MM-DDTHH:mm:ss.SSS',
    DATE: 'YYYY-MM-DD', TIME: 'HH:mm', TIME_SECONDS: 'HH:mm:ss', TIME_MS: 'HH:mm:ss.SSS', WEEK: 'GGGG-[W]WW', MONTH: 'YYYY-MM',
  };

  return { write, HTML5_FMT, tokensOf, isToken: (token) => Object.hasOwn(WRITERS, token) };
})
