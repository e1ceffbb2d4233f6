// Units and spans of time: what `moment` and `moment.duration` share.
(function () {
  'use strict';

  const MS = { millisecond: 1, second: 1e3, minute: 6e4, hour: 36e5, day: 864e5, week: 6048e5 };
  const MONTHS = { month: 1, quarter: 3, year: 12 };
  const SHORT = {
    ms: 'millisecond', s: 'second', m: 'minute', h: 'hour', d: 'day', D: 'date', w: 'week', W: 'isoWeek', M: 'month',
    Q: 'quarter', y: 'year', e: 'weekday', E: 'isoWeekday', DDD: 'dayOfYear',
  };
  const LONG = [
    'millisecond', 'second', 'minute', 'hour', 'day', 'date', 'week', 'isoWeek', 'month', 'quarter', 'year', 'weekday',
    'isoWeekday', 'dayOfYear',
  ];
  // Days in a month of the calendar's cycle of 400 years.
  const DAYS_PER_MONTH = 146097 / 4800;

  const unitOf = (name) => {
    if (typeof name !== 'string') return undefined;
    const lower = name.toLowerCase();
    return SHORT[name] || LONG.find((unit) => unit.toLowerCase() === lower || `${unit.toLowerCase()}s` === lower) || SHORT[lower];
  };

  // Months, days and milliseconds: the calendar and the clock decide how much each is of the other.
  const span = (months, days, ms) => ({ months, days, ms });
  const sum = (a, b, sign = 1) => span(a.months + sign * b.months, a.days + sign * b.days, a.ms + sign * b.ms);
  const spanOf = (amount, unitName) => {
    if (amount instanceof Duration) return amount.span;
    if (amount === null || amount === undefined) return span(0, 0, 0);
    if (typeof amount === 'object') {
      return Object.keys(amount).map((name) => spanOf(amount[name], name)).reduce((a, b) => sum(a, b), span(0, 0, 0));
    }
    // The order of the arguments was once the other one.
    if (typeof amount === 'string' && unitOf(amount) && unitName !== undefined) return spanOf(unitName, amount);
    if (typeof amount === 'string' && unitName === undefined && Number.isNaN(Number(amount))) return spanOfText(amount);
    const unit = unitOf(unitName) || 'millisecond';
    const n = Number(amount) || 0;
    if (MONTHS[unit]) return span(Math.round(n * MONTHS[unit]), 0, 0);
    if (unit === 'date' || unit === 'day') return span(0, n, 0);
    return unit === 'week' ? span(0, n * 7, 0) : span(0, 0, n * (MS[unit] || 1));
  };

  const spanOfText = (text) => {
    const iso = /^([-+])?P(?:([-+.\d]+)Y)?(?:([-+.\d]+)M)?(?:([-+.\d]+)W)?(?:([-+.\d]+)D)?(?:T(?:([-+.\d]+)H)?(?:([-+.\d]+)M)?(?:([-+.\d]+)S)?)?$/.exec(text);
    const clock = /^([-+])?(?:(\d+)[. ])?(\d+):(\d+)(?::(\d+(?:\.\d+)?))?$/.exec(text);
    const sign = (iso || clock || [])[1] === '-' ? -1 : 1;
    const fields = iso
      ? { year: iso[2], month: iso[3], week: iso[4], day: iso[5], hour: iso[6], minute: iso[7], second: iso[8] }
      : clock ? { day: clock[2], hour: clock[3], minute: clock[4], second: clock[5] } : {};
    return sum(span(0, 0, 0), spanOf(fields), sign);
  };

  // "3 days", as far as people count.
  const inWords = (ms) => {
    const seconds = Math.round(Math.abs(ms) / MS.second);
    const minutes = Math.round(Math.abs(ms) / MS.minute);
    const hours = Math.round(Math.abs(ms) / MS.hour);
    const days = Math.round(Math.abs(ms) / MS.day);
    const months = Math.round(Math.abs(ms) / MS.day / DAYS_PER_MONTH);
    const years = Math.round(Math.abs(ms) / MS.day / DAYS_PER_MONTH / 12);
    if (seconds < 45) return 'a few seconds';
    if (minutes <= 1) return 'a minute';
    if (minutes < 45) return `${minutes} minutes`;
    if (hours <= 1) return 'an hour';
    if (hours < 22) return `${hours} hours`;
    if (days <= 1) return 'a day';
    if (days < 26) return `${days} days`;
    if (months <= 1) return 'a month';
    if (months < 11) return `${months} months`;
    return years <= 1 ? 'a year' : `${years} years`;
  };
  const withSuffix = (ms) => (ms > 0 ? `in ${inWords(ms)}` : `${inWords(ms)} ago`);

  class Duration {
    constructor(amount, unit) {
      this.span = spanOf(amount, unit);
    }

    // A year is 365 days here and a month 30, unless it is months that are asked for.
    valueOf() {
      const { months, days, ms } = this.span;
      return ms + days * MS.day + (months % 12) * 30 * MS.day + Math.trunc(months / 12) * 365 * MS.day;
    }

    as(name) {
      const unit = unitOf(name);
      const { months, days, ms } = this.span;
      if (MONTHS[unit]) return (months + (days + ms / MS.day) / DAYS_PER_MONTH) / MONTHS[unit];
      return (ms + (days + Math.round(months * DAYS_PER_MONTH)) * MS.day) / (MS[unit] || 1);
    }

    // The part of it that is in a unit, the larger units taken away.
    get(name) {
      const { months, days, ms } = this.span;
      const all = days + Math.trunc(ms / MS.day);
      // Days become months from where they make up a whole one.
      const carried = Math.trunc(all / DAYS_PER_MONTH);
      const left = all - Math.sign(carried) * Math.ceil(Math.abs(carried) * DAYS_PER_MONTH);
      const fields = {
        year: Math.trunc((months + carried) / 12), month: (months + carried) % 12, week: Math.trunc(left / 7), day: left,
        hour: Math.trunc(ms / MS.hour) % 24, minute: Math.trunc(ms / MS.minute) % 60, second: Math.trunc(ms / MS.second) % 60,
        millisecond: Math.trunc(ms) % 1000,
      };
      return fields[unitOf(name)] + 0;
    }

    add(amount, unit) {
      this.span = sum(this.span, spanOf(amount, unit));
      return this;
    }

    subtract(amount, unit) {
      this.span = sum(this.span, spanOf(amount, unit), -1);
      return this;
    }

    abs() { return this.valueOf() < 0 ? new Duration(0).subtract(this) : this.clone(); }
    clone() { return new Duration(this); }
    isValid() { return true; }
    humanize(suffix) { return suffix ? withSuffix(this.valueOf()) : inWords(this.valueOf()); }
    toISOString() {
      const part = (unit, letter) => (this.get(unit) ? this.get(unit) + letter : '');
      const seconds = this.get('second') + this.get('millisecond') / 1000;
      const time = part('hour', 'H') + part('minute', 'M') + (seconds ? `${seconds}S` : '');
      const date = part('year', 'Y') + part('month', 'M') + part('day', 'D');
      return date || time ? `P${date}${time ? `T${time}` : ''}` : 'P0D';
    }

    toJSON() { return this.toISOString(); }
    toString() { return this.toISOString(); }
  }
  ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'].forEach((name) => {
    Duration.prototype[name] = function () { return this.get(name); };
    Duration.prototype[`as${name.charAt(0).toUpperCase()}${name.slice(1)}`] = function () { return this.as(name); };
  });

  return { MS, MONTHS, unitOf, spanOf, inWords, withSuffix, Duration };
})
