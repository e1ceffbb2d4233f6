// Units and spans of time: what `moment` and `moment.duration` share.
(function (world) {
  'use strict';

  const { localeOf, find } = world.part('momentWords');

  const MS = { millisecond: 1, second: 1e3, minute: 6e4, hour: 36e5, day: 864e5, week: 6048e5 };
  const MONTHS = { month: 1, quarter: 3, year: 12 };
  const SHORT = {
    ms: 'millisecond', s: 'second', m: 'minute', h: 'hour', d: 'day', D: 'date', w: 'week', W: 'isoWeek', M: 'month',
    Q: 'quarter',
    y: 'year', e: 'weekday', E: 'isoWeekday', gg: 'weekYear', GG: 'isoWeekYear', DDD: 'dayOfYear',
  };
  // In the order in which several are set at once.
  const UNITS = [
    'year', 'weekYear', 'isoWeekYear', 'dayOfYear', 'week', 'isoWeek', 'quarter', 'month', 'date', 'day', 'weekday', 'isoWeekday',
    'hour', 'minute', 'second', 'millisecond',
  ];
  const ALIASES = Object.assign(Object.create(null), SHORT);
  UNITS.forEach((unit) => { ALIASES[unit.toLowerCase()] = unit; ALIASES[`${unit.toLowerCase()}s`] = unit; });
  // Units of spans, from the largest.
  const SPANS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];
  // Days in a month of the calendar's cycle of 400 years.
  const monthsOf = (days) => (days * 4800) / 146097;
  const daysOf = (months) => (months * 146097) / 4800;

  const unitOf = (name) => (typeof name === 'string' ? ALIASES[name] || ALIASES[name.toLowerCase()] : undefined);
  const isNumber = (value) => typeof value === 'number' || value instanceof Number;
  // The values of an object by their units; what is no unit is passed over.
  const byUnit = (fields) => {
    const result = {};
    Object.keys(fields).forEach((name) => { if (unitOf(name)) result[unitOf(name)] = fields[name]; });
    return result;
  };
  // Towards and away from zero; never minus zero.
  const whole = (value) => (value < 0 ? Math.ceil(value) || 0 : Math.floor(value));
  const outward = (value) => (value < 0 ? Math.floor(value) : Math.ceil(value));
  const rounded = (value) => (value < 0 ? -Math.round(-value) : Math.round(value));
  const integer = (value) => (Number.isFinite(+value) ? Math.trunc(+value) || 0 : 0);

  // Functions that need moments, which come later.
  const links = {};

  const parts = (letters) => Array.from(letters, (letter) => `(?:([-+]?[\\d.,]*)${letter})?`).join('');
  const ISO = new RegExp(`^([-+])?P${parts('YMWD')}(?:T${parts('HMS')})?$`);
  // `-1.02:03:04.5`: a day, two hours and so on.
  const clockOf = (amount) => {
    const text = `${amount}`;
    const isSigned = text.startsWith('-') || text.startsWith('+');
    const [front, minute, last = '0', ...more] = text.slice(isSigned ? 1 : 0).split(':');
    const gap = Math.max(front.lastIndexOf(' '), front.lastIndexOf('.'));
    const [day, hour] = [front.slice(0, Math.max(gap, 0)), front.slice(gap + 1)];
    const areDigits = [hour, minute].every((part) => /^\d+$/.test(part)) && /^\d*$/.test(day);
    if (!areDigits || !/^\d+(\.\d*)?$/.test(last) || more.length > 0) return undefined;
    const [second, fraction] = last.split('.');
    return { sign: text.startsWith('-') ? -1 : 1, parts: [day, hour, minute, second], fraction: `.${fraction || 0}` };
  };
  const fieldsOf = (amount, unit) => {
    if (amount instanceof Duration) return { millisecond: amount.ms, day: amount.dayCount, month: amount.monthCount };
    if (isNumber(amount) || !Number.isNaN(+amount)) return unit ? byUnit({ [unit]: +amount }) : { millisecond: +amount };
    const clock = clockOf(amount);
    if (clock) {
      const { sign, parts: all, fraction } = clock;
      const [day, hour, minute, second] = all.map((part) => integer(part) * sign);
      return { day, hour, minute, second, millisecond: integer(rounded(fraction * 1000)) * sign };
    }
    const iso = ISO.exec(amount);
    if (iso) {
      const sign = iso[1] === '-' ? -1 : 1;
      const [year, month, week, day, hour, minute, second] = iso.slice(2).map((part) => {
        const value = part === undefined ? 0 : parseFloat(part.replace(',', '.'));
        return (Number.isNaN(value) ? 0 : value) * sign;
      });
      return { year, month, week, day, hour, minute, second };
    }
    if (typeof amount !== 'object' || amount === null) return {};
    if ('from' in amount || 'to' in amount) return links.between(amount.from, amount.to);
    return byUnit(amount);
  };

  const thresholds = { ss: 44, s: 45, m: 45, h: 22, d: 26, w: null, M: 11 };
  let rounding = Math.round;
  // The words for a span, and how many of them: `hh` and 5.
  const kindOf = (duration, most) => {
    const size = duration.clone().abs();
    const [seconds, minutes, hours, days, months, weeks, years] = ['s', 'm', 'h', 'd', 'M', 'w', 'y'].map((unit) =>
      rounding(size.as(unit)));
    if (seconds <= most.ss) return ['s', seconds];
    if (seconds < most.s) return ['ss', seconds];
    if (minutes <= 1) return ['m', 1];
    if (minutes < most.m) return ['mm', minutes];
    if (hours <= 1) return ['h', 1];
    if (hours < most.h) return ['hh', hours];
    if (days <= 1) return ['d', 1];
    if (days < most.d) return ['dd', days];
    if (most.w !== null && most.w !== undefined) {
      if (weeks <= 1) return ['w', 1];
      if (weeks < most.w) return ['ww', weeks];
    }
    if (months <= 1) return ['M', 1];
    if (months < most.M) return ['MM', months];
    return years <= 1 ? ['y', 1] : ['yy', years];
  };

  class Duration {
    constructor(amount, unit) {
      const fields = fieldsOf(amount, unit);
      // Valid is what has numbers only, and fractions in its smallest unit only.
      const given = SPANS.filter((name) => fields[name]);
      this.isGood = amount instanceof Duration ? amount.isGood
        : Object.keys(fields).every((name) => SPANS.includes(name) && !Number.isNaN(+(fields[name] ?? 0)))
        && given.slice(0, -1).every((name) => parseFloat(fields[name]) === integer(fields[name]));
      const of = (name) => +(fields[name] || 0);
      this.ms = of('millisecond') + of('second') * 1e3 + of('minute') * 6e4 + of('hour') * 36e5;
      this.dayCount = of('day') + (of('week') || of('isoWeek')) * 7;
      this.monthCount = of('month') + of('quarter') * 3 + of('year') * 12;
      this.words = amount instanceof Duration ? amount.words : localeOf();
      this.carry();
    }

    // Hours become days, days months from where they make up whole ones.
    carry() {
      let { ms, dayCount: days, monthCount: months } = this;
      const isOneWay = (ms >= 0 && days >= 0 && months >= 0) || (ms <= 0 && days <= 0 && months <= 0);
      if (!isOneWay) {
        ms += outward(daysOf(months) + days) * MS.day;
        [days, months] = [0, 0];
      }
      const seconds = whole(ms / 1e3);
      const minutes = whole(seconds / 60);
      const hours = whole(minutes / 60);
      days += whole(hours / 24);
      const carried = whole(monthsOf(days));
      months += carried;
      days -= outward(daysOf(carried));
      this.parts = {
        year: whole(months / 12), month: months % 12, day: days, hour: hours % 24, minute: minutes % 60, second: seconds % 60,
        millisecond: ms % 1000, week: whole(days / 7),
      };
      return this;
    }

    // A year is 365 days here and a month 30, unless it is months that are asked for.
    valueOf() {
      if (!this.isGood) return NaN;
      return this.ms + this.dayCount * MS.day + (this.monthCount % 12) * 30 * MS.day + integer(this.monthCount / 12) * 365 * MS.day;
    }

    as(name) {
      if (!this.isGood) return NaN;
      const unit = unitOf(name);
      const { ms, dayCount, monthCount } = this;
      if (MONTHS[unit]) return (monthCount + monthsOf(dayCount + ms / MS.day)) / MONTHS[unit];
      const days = dayCount + Math.round(daysOf(monthCount));
      if (unit === 'millisecond') return Math.floor(days * MS.day) + ms;
      if (!MS[unit]) throw new Error(`Unknown unit ${unit}`);
      return unit === 'week' ? days / 7 + ms / MS.week : days * (MS.day / MS[unit]) + ms / MS[unit];
    }

    get(name) {
      if (!this.isGood) return NaN;
      return this[`${unitOf(name)}s`]();
    }

    add(amount, unit) { return this.shift(new Duration(amount, unit), 1); }
    subtract(amount, unit) { return this.shift(new Duration(amount, unit), -1); }
    shift(other, sign) {
      this.ms += sign * other.ms;
      this.dayCount += sign * other.dayCount;
      this.monthCount += sign * other.monthCount;
      return this.carry();
    }

    abs() {
      [this.ms, this.dayCount, this.monthCount] = [this.ms, this.dayCount, this.monthCount].map(Math.abs);
      // All of them but the days; so it has always been.
      ['year', 'month', 'hour', 'minute', 'second',
        'millisecond'].forEach((unit) => { this.parts[unit] = Math.abs(this.parts[unit]); });
      return this;
    }

    clone() { return new Duration(this); }
    isValid() { return this.isGood; }
    humanize(suffix, limits) {
      if (!this.isGood) return this.words.invalidDate();
      const given = typeof suffix === 'object' ? suffix : limits;
      const own = { ...thresholds, ...given };
      if (given && given.s !== undefined && given.ss === undefined) own.ss = given.s - 1;
      const isWith = typeof suffix === 'boolean' ? suffix : false;
      const [key, count] = kindOf(this, own);
      const text = this.words.relativeTime(count, !isWith, key, +this > 0);
      return this.words.postformat(isWith ? this.words.pastFuture(+this, text) : text);
    }

    toISOString() {
      if (!this.isGood) return this.words.invalidDate();
      const total = this.asSeconds();
      if (!total) return 'P0D';
      const [all, days, months] = [Math.abs(this.ms) / 1000, Math.abs(this.dayCount), Math.abs(this.monthCount)];
      const minutes = whole(all / 60);
      const seconds = all % 60;
      const signOf = (value) => (Math.sign(value) === Math.sign(total) ? '' : '-');
      const part = (value, own, letter) => (value ? signOf(own) + value + letter : '');
      const clock = part(whole(minutes / 60), this.ms, 'H') + part(minutes % 60, this.ms, 'M')
        + part(seconds ? `${+seconds.toFixed(3)}` : '', this.ms, 'S');
      const date = part(whole(months / 12), this.monthCount, 'Y') + part(months % 12, this.monthCount, 'M') + part(days,
        this.dayCount, 'D');
      return `${total < 0 ? '-' : ''}P${date}${clock ? `T${clock}` : ''}`;
    }

    toIsoString() { return this.toISOString(); }
    toJSON() { return this.toISOString(); }
    toString() { return this.toISOString(); }
    locale(name) {
      if (name === undefined) return this.words.name;
      this.words = find(name) || this.words;
      return this;
    }

    localeData() { return this.words; }
    lang(name) { return name === undefined ? this.words : this.locale(name); }
  }
  ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years', 'quarters'].forEach((name) => {
    const unit = name.slice(0, -1);
    if (name !== 'quarters') world.define(Duration.prototype, name, function () { return this.isGood ? this.parts[unit] : NaN; });
    world.define(Duration.prototype, `as${name.charAt(0).toUpperCase()}${name.slice(1)}`, function () { return this.as(unit); });
  });

  const relativeTimeThreshold = (name, limit) => {
    if (thresholds[name] === undefined) return false;
    if (limit === undefined) return thresholds[name];
    thresholds[name] = limit;
    if (name === 's') thresholds.ss = limit - 1;
    return true;
  };
  const relativeTimeRounding = (round) => {
    if (round === undefined) return rounding;
    if (typeof round !== 'function') return false;
    rounding = round;
    return true;
  };

  return { MS, UNITS, unitOf, byUnit, whole, rounded, integer, isNumber, links, Duration, relativeTimeThreshold,
    relativeTimeRounding };
})
