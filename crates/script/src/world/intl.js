// `koreUtil.intl`, and `Intl` and the `toLocaleString` methods, which the engine lacks: numbers and dates as they are
// written in English. Of other languages only the grouping of digits in India and the order of British dates are known.
(function (world) {
  'use strict';

  const SIGNS = { USD: '$', EUR: '€', GBP: '£', INR: '₹', JPY: '¥', CNY: 'CN¥', AUD: 'A$', CAD: 'CA$', KRW: '₩', BRL: 'R$' };
  const localeOf = (locales) => String([].concat(locales)[0] || 'en-US');

  class NumberFormat {
    constructor(locales, options) {
      const given = options || {};
      const { style = 'decimal', currency = 'USD', useGrouping = true, currencyDisplay = 'symbol' } = given;
      const ofCurrency = /^(?:JPY|KRW)$/.test(currency) ? [0, 0] : [2, 2];
      const usual = style === 'currency' ? ofCurrency : [0, style === 'percent' ? 0 : 3];
      const least = given.minimumFractionDigits ?? Math.min(usual[0], given.maximumFractionDigits ?? usual[0]);
      const most = given.maximumFractionDigits ?? Math.max(usual[1], least);
      if (!(least >= 0 && most <= 100 && least <= most)) throw new RangeError('maximumFractionDigits is out of range');
      Object.assign(this, { locale: localeOf(locales), style, currency, useGrouping, currencyDisplay, least, most });
      this.integerDigits = given.minimumIntegerDigits || 1;
      this.format = (value) => this.text(value);
    }

    text(input) {
      const value = Number(input) * (this.style === 'percent' ? 100 : 1);
      if (Number.isNaN(value)) return 'NaN';
      const size = Math.abs(value);
      const [whole, fraction = ''] = (size < Infinity ? this.rounded(size) : '∞').split('.');
      const kept = fraction.slice(0, this.least) + fraction.slice(this.least).replace(/0+$/, '');
      const padded = whole.padStart(this.integerDigits, '0');
      const groups = /-IN$/.test(this.locale) ? /\B(?=(?:\d\d)*\d{3}$)/g : /\B(?=(?:\d{3})+$)/g;
      const digits = (this.useGrouping ? padded.replace(groups, ',') : padded) + (kept ? `.${kept}` : '');
      const sign = value < 0 ? '-' : '';
      if (this.style === 'percent') return `${sign}${digits}%`;
      if (this.style !== 'currency') return sign + digits;
      const symbol = this.currencyDisplay === 'code' ? undefined : SIGNS[this.currency];
      return sign + (symbol || `${this.currency}\u00a0`) + digits;
    }

    // What a decimal ends in is rounded as it is written, not as it is stored: 1.005 is 1.01.
    rounded(size) {
      if (size >= 1e21) return BigInt(size).toString();
      const [digits, exponent = '0'] = String(size).split('e');
      const shifted = Number(`${digits}e${Number(exponent) + this.most}`);
      return shifted < 2 ** 53 ? Number(`${Math.round(shifted)}e-${this.most}`).toFixed(this.most) : size.toFixed(this.most);
    }

    resolvedOptions() {
      return { locale: this.locale, style: this.style, minimumFractionDigits: this.least, maximumFractionDigits: this.most };
    }
  }

  const STYLES = {
    full: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' },
    long: { month: 'long', day: 'numeric', year: 'numeric' },
    medium: { month: 'short', day: 'numeric', year: 'numeric' },
    short: { month: 'numeric', day: 'numeric', year: '2-digit' },
  };
  const DATE = { year: 'numeric', month: 'numeric', day: 'numeric' };
  const TIME = { hour: 'numeric', minute: '2-digit', second: '2-digit' };

  class DateTimeFormat {
    constructor(locales, options, usual = DATE) {
      const given = { ...options };
      if (given.dateStyle) Object.assign(given, STYLES[given.dateStyle]);
      if (given.timeStyle) Object.assign(given, given.timeStyle === 'short' ? { hour: 'numeric', minute: '2-digit' } : TIME);
      const parts = ['weekday', 'year', 'month', 'day', 'hour', 'minute', 'second'];
      const isBare = !parts.some((name) => given[name]);
      this.options = isBare ? { ...given, ...usual } : given;
      this.locale = localeOf(locales);
      this.zone = given.timeZone === undefined || /^(?:UTC|GMT)$/i.test(given.timeZone) ? undefined : given.timeZone;
      const isKnown = this.zone === undefined || world.zoneName(this.zone) !== undefined;
      if (!isKnown) throw new RangeError(`there is no time zone ${this.zone}`);
      this.format = (date) => this.text(date);
    }

    text(date) {
      const moment = world.part('moment');
      const at = moment.utc(date === undefined ? world.now : Number(date)).locale('en');
      if (!at.isValid()) throw new RangeError('the date is not valid');
      return (this.zone === undefined ? at : at.tz(this.zone)).format(this.pattern());
    }

    pattern() {
      const { weekday, year, month, day, hour, minute, second, hour12 = true, timeZoneName } = this.options;
      const of = (value, long, short, two, one) => ({ long, short, narrow: short, '2-digit': two, numeric: one })[value];
      const isDayFirst = /^en-(?:GB|IN|AU|NZ|IE|ZA)$/.test(this.locale);
      const isNamed = month === 'long' || month === 'short' || month === 'narrow';
      const y = of(year, 'YYYY', 'YYYY', 'YY', 'YYYY');
      const m = of(month, 'MMMM', 'MMM', 'MM', isDayFirst && day ? 'MM' : 'M');
      const d = of(day, 'D', 'D', 'DD', isDayFirst && month && !isNamed ? 'DD' : 'D');
      const w = of(weekday, 'dddd', 'ddd');
      const some = (parts, separator) => parts.filter(Boolean).join(separator);
      let dates = some(isDayFirst ? [d, m, y] : [m, d, y], '/');
      if (isNamed) dates = isDayFirst ? some([d, m, y], ' ') : some([some([m, d], ' '), y], day ? ', ' : ' ');
      const h = hour && (hour12 ? (hour === '2-digit' ? 'hh' : 'h') : 'HH');
      const clock = some([h, minute && (hour ? 'mm' : 'm'), second && (minute ? 'ss' : 's')], ':');
      const zone = timeZoneName && (this.zone === undefined ? '[UTC]' : '[GMT]Z');
      return some([some([w, dates], ', '), some([clock && clock + (h && hour12 ? ' A' : ''), zone], ' ')], ', ');
    }

    resolvedOptions() { return { locale: this.locale, timeZone: this.zone || 'UTC', calendar: 'gregory', numberingSystem: 'latn' }; }
  }

  return {
    Intl: {
      // Without `new` too, as in the language.
      NumberFormat: new Proxy(NumberFormat, { apply: (_target, _self, args) => new NumberFormat(...args) }),
      DateTimeFormat: new Proxy(DateTimeFormat, { apply: (_target, _self, args) => new DateTimeFormat(...args) }),
    },
    number: (value, locales, options) => new NumberFormat(locales, options).text(value),
    dateAndTime: (date, locales, options) => new DateTimeFormat(locales, options, { ...DATE, ...TIME }).text(date),
    date: (date, locales, options) => new DateTimeFormat(locales, options).text(date),
    time: (date, locales, options) => new DateTimeFormat(locales, options, TIME).text(date),
  };
})
