// The words of moment in languages other than English, each made when it is first asked for. What is not said here is as in
// English.
(function () {
  'use strict';

  const list = (text) => text.split('_');
  const clock = { LT: 'HH:mm', LTS: 'HH:mm:ss' };
  const dayFirst = { ...clock, L: 'DD/MM/YYYY', LL: 'D MMMM YYYY', LLL: 'D MMMM YYYY HH:mm', LLLL: 'dddd, D MMMM YYYY HH:mm' };
  const fromMonday = { dow: 1, doy: 4 };
  // English, as other countries write it.
  const british = (words) => ({
    ordinal: (value) => {
      const isTeen = Math.trunc((value % 100) / 10) === 1;
      return value + (isTeen ? 'th' : { 1: 'st', 2: 'nd', 3: 'rd' }[value % 10] || 'th');
    },
    dayOfMonthOrdinalParse: /\d{1,2}(st|nd|rd|th)/, longDateFormat: dayFirst, week: fromMonday, ...words,
  });
  const halves = { LT: 'h:mm A', LTS: 'h:mm:ss A' };
  const withHalves = (forms) => ({ longDateFormat: { ...dayFirst, ...halves, LLL: 'D MMMM YYYY h:mm A',
    LLLL: 'dddd, D MMMM YYYY h:mm A', ...forms } });

  const german = () => {
    // After prepositions, which is in sentences of their own: "vor einem Tag", but "ein Tag".
    const cases = {
      m: ['eine Minute', 'einer Minute'], h: ['eine Stunde', 'einer Stunde'], d: ['ein Tag', 'einem Tag'], dd: ['Tage', 'Tagen'],
      w: ['eine Woche', 'einer Woche'], M: ['ein Monat', 'einem Monat'], MM: ['Monate', 'Monaten'], y: ['ein Jahr', 'einem Jahr'],
      yy: ['Jahre', 'Jahren'],
    };
    const inCase = (count, isBare, key) => (key.length > 1 ? `${count} ` : '') + cases[key][isBare ? 0 : 1];
    return {
      months: list('Januar_Februar_März_April_Mai_Juni_Juli_August_September_Oktober_November_Dezember'),
      monthsShort: list('Jan._Feb._März_Apr._Mai_Juni_Juli_Aug._Sep._Okt._Nov._Dez.'), monthsParseExact: true,
      weekdays: list('Sonntag_Montag_Dienstag_Mittwoch_Donnerstag_Freitag_Samstag'),
      weekdaysShort: list('So._Mo._Di._Mi._Do._Fr._Sa.'),
      weekdaysMin: list('So_Mo_Di_Mi_Do_Fr_Sa'), weekdaysParseExact: true,
      longDateFormat: { ...clock, L: 'DD.MM.YYYY', LL: 'D. MMMM YYYY', LLL: 'D. MMMM YYYY HH:mm',
        LLLL: 'dddd, D. MMMM YYYY HH:mm' },
      calendar: {
        sameDay: '[heute um] LT [Uhr]', sameElse: 'L', nextDay: '[morgen um] LT [Uhr]', nextWeek: 'dddd [um] LT [Uhr]',
        lastDay: '[gestern um] LT [Uhr]', lastWeek: '[letzten] dddd [um] LT [Uhr]',
      },
      relativeTime: {
        future: 'in %s', past: 'vor %s', s: 'ein paar Sekunden', ss: '%d Sekunden', m: inCase, mm: '%d Minuten', h: inCase,
        hh: '%d Stunden',
        d: inCase, dd: inCase, w: inCase, ww: '%d Wochen', M: inCase, MM: inCase, y: inCase, yy: inCase,
      },
      dayOfMonthOrdinalParse: /\d{1,2}\./, ordinal: '%d.', week: fromMonday,
    };
  };

  const french = () => ({
    months: list('janvier_février_mars_avril_mai_juin_juillet_août_septembre_octobre_novembre_décembre'),
    monthsShort: list('janv._févr._mars_avr._mai_juin_juil._août_sept._oct._nov._déc.'),
    weekdays: list('dimanche_lundi_mardi_mercredi_jeudi_vendredi_samedi'),
    weekdaysShort: list('dim._lun._mar._mer._jeu._ven._sam.'),
    weekdaysMin: list('di_lu_ma_me_je_ve_sa'), weekdaysParseExact: true,
    longDateFormat: { ...dayFirst, LLLL: 'dddd D MMMM YYYY HH:mm' },
    calendar: {
      sameDay: '[Aujourd’hui à] LT', nextDay: '[Demain à] LT', nextWeek: 'dddd [à] LT', lastDay: '[Hier à] LT',
      lastWeek: 'dddd [dernier à] LT', sameElse: 'L',
    },
    relativeTime: {
      future: 'dans %s', past: 'il y a %s', s: 'quelques secondes', ss: '%d secondes', m: 'une minute', mm: '%d minutes',
      h: 'une heure', hh: '%d heures',
      d: 'un jour', dd: '%d jours', w: 'une semaine', ww: '%d semaines', M: 'un mois', MM: '%d mois', y: 'un an', yy: '%d ans',
    },
    dayOfMonthOrdinalParse: /\d{1,2}(er|)/,
    ordinal: (value, unit) => {
      if (unit === 'w' || unit === 'W') return value + (value === 1 ? 're' : 'e');
      if (unit === 'D') return value + (value === 1 ? 'er' : '');
      return value + (value === 1 ? 'er' : 'e');
    },
    week: fromMonday,
  });

  // "a la una", "a las dos".
  const spanish = () => {
    const at = (day) => function () { return `[${day} a ${this.hours() === 1 ? 'la' : 'las'}] LT`; };
    const short = list('ene_feb_mar_abr_may_jun_jul_ago_sep_oct_nov_dic');
    const dotted = list('ene._feb._mar._abr._may._jun._jul._ago._sep._oct._nov._dic.');
    return {
      months: list('enero_febrero_marzo_abril_mayo_junio_julio_agosto_septiembre_octubre_noviembre_diciembre'),
      // Without a point between hyphens.
      monthsShort(mom, format) {
        if (!mom) return dotted;
        return (/-MMM-/.test(format) ? short : dotted)[mom.month()];
      },
      weekdays: list('domingo_lunes_martes_miércoles_jueves_viernes_sábado'),
      weekdaysShort: list('dom._lun._mar._mié._jue._vie._sáb.'),
      weekdaysMin: list('do_lu_ma_mi_ju_vi_sá'), weekdaysParseExact: true,
      longDateFormat: {
        LT: 'H:mm', LTS: 'H:mm:ss', L: 'DD/MM/YYYY', LL: 'D [de] MMMM [de] YYYY', LLL: 'D [de] MMMM [de] YYYY H:mm',
        LLLL: 'dddd, D [de] MMMM [de] YYYY H:mm',
      },
      calendar: {
        sameDay: at('hoy'), nextDay: at('mañana'), nextWeek() { return `dddd [a la${this.hours() === 1 ? '' : 's'}] LT`; },
        lastDay: at('ayer'), lastWeek() { return `[el] dddd [pasado a la${this.hours() === 1 ? '' : 's'}] LT`; }, sameElse: 'L',
      },
      relativeTime: {
        future: 'en %s', past: 'hace %s', s: 'unos segundos', ss: '%d segundos', m: 'un minuto', mm: '%d minutos', h: 'una hora',
        hh: '%d horas',
        d: 'un día', dd: '%d días', w: 'una semana', ww: '%d semanas', M: 'un mes', MM: '%d meses', y: 'un año', yy: '%d años',
      },
      dayOfMonthOrdinalParse: /\d{1,2}º/, ordinal: '%dº', week: fromMonday, invalidDate: 'Fecha inválida',
    };
  };

  const italian = () => {
    // "alle 9", "all'una", "a mezzanotte".
    const to = (it) => (it.hours() > 1 ? 'lle ' : it.hours() === 0 ? ' ' : "ll'");
    return {
      months: list('gennaio_febbraio_marzo_aprile_maggio_giugno_luglio_agosto_settembre_ottobre_novembre_dicembre'),
      monthsShort: list('gen_feb_mar_apr_mag_giu_lug_ago_set_ott_nov_dic'),
      weekdays: list('domenica_lunedì_martedì_mercoledì_giovedì_venerdì_sabato'),
      weekdaysShort: list('dom_lun_mar_mer_gio_ven_sab'),
      weekdaysMin: list('do_lu_ma_me_gi_ve_sa'),
      longDateFormat: { ...dayFirst, LLLL: 'dddd D MMMM YYYY HH:mm' },
      calendar: {
        sameDay() { return `[Oggi a${to(this)}]LT`; }, nextDay() { return `[Domani a${to(this)}]LT`; },
        nextWeek() { return `dddd [a${to(this)}]LT`; },
        lastDay() { return `[Ieri a${to(this)}]LT`; },
        lastWeek() { return `[${this.day() === 0 ? 'La scorsa' : 'Lo scorso'}] dddd [a${to(this)}]LT`; },
        sameElse: 'L',
      },
      relativeTime: {
        future: 'tra %s', past: '%s fa', s: 'alcuni secondi', ss: '%d secondi', m: 'un minuto', mm: '%d minuti', h: "un'ora",
        hh: '%d ore',
        d: 'un giorno', dd: '%d giorni', w: 'una settimana', ww: '%d settimane', M: 'un mese', MM: '%d mesi', y: 'un anno',
        yy: '%d anni',
      },
      dayOfMonthOrdinalParse: /\d{1,2}º/, ordinal: '%dº', week: fromMonday,
    };
  };

  const portuguese = (words) => ({
    months: list('janeiro_fevereiro_março_abril_maio_junho_julho_agosto_setembro_outubro_novembro_dezembro'),
    monthsShort: list('jan_fev_mar_abr_mai_jun_jul_ago_set_out_nov_dez'),
    weekdaysParseExact: true, dayOfMonthOrdinalParse: /\d{1,2}º/, ordinal: '%dº',
    ...words,
  });
  const lastWeek = () => function () { return this.day() === 0 || this.day() === 6 ? '[Último] dddd [às] LT'
    : '[Última] dddd [às] LT'; };
  const inPortuguese = {
    future: 'em %s', past: 'há %s', s: 'segundos', ss: '%d segundos', m: 'um minuto', mm: '%d minutos', h: 'uma hora',
    hh: '%d horas', d: 'um dia',
    dd: '%d dias', w: 'uma semana', ww: '%d semanas', M: 'um mês', MM: '%d meses', y: 'um ano', yy: '%d anos',
  };
  const longPortuguese = (at) => ({
    ...clock, L: 'DD/MM/YYYY', LL: 'D [de] MMMM [de] YYYY', LLL: `D [de] MMMM [de] YYYY ${at}HH:mm`,
    LLLL: `dddd, D [de] MMMM [de] YYYY ${at}HH:mm`,
  });
  const ofPortugal = () => portuguese({
    weekdays: list('Domingo_Segunda-feira_Terça-feira_Quarta-feira_Quinta-feira_Sexta-feira_Sábado'),
    weekdaysShort: list('Dom_Seg_Ter_Qua_Qui_Sex_Sáb'),
    weekdaysMin: list('Do_2ª_3ª_4ª_5ª_6ª_Sá'), longDateFormat: longPortuguese(''),
    calendar: {
      sameDay: '[Hoje às] LT', nextDay: '[Amanhã às] LT', nextWeek: 'dddd [às] LT', lastDay: '[Ontem às] LT',
      lastWeek: lastWeek(), sameElse: 'L',
    },
    relativeTime: inPortuguese, week: fromMonday,
  });
  const ofBrazil = () => portuguese({
    weekdays: list('domingo_segunda-feira_terça-feira_quarta-feira_quinta-feira_sexta-feira_sábado'),
    weekdaysShort: list('dom_seg_ter_qua_qui_sex_sáb'),
    weekdaysMin: list('do_2ª_3ª_4ª_5ª_6ª_sá'), longDateFormat: longPortuguese('[às] '),
    calendar: {
      sameDay: '[Hoje às] LT', nextDay: '[Amanhã às] LT', nextWeek: 'dddd [às] LT', lastDay: '[Ontem às] LT',
      lastWeek: lastWeek(), sameElse: 'L',
    },
    relativeTime: { ...inPortuguese, s: 'poucos segundos' }, invalidDate: 'Data inválida',
  });

  const dutch = () => {
    const dotted = list('jan._feb._mrt._apr._mei_jun._jul._aug._sep._okt._nov._dec.');
    const short = list('jan_feb_mrt_apr_mei_jun_jul_aug_sep_okt_nov_dec');
    return {
      months: list('januari_februari_maart_april_mei_juni_juli_augustus_september_oktober_november_december'),
      monthsShort(mom, format) {
        if (!mom) return dotted;
        return (/-MMM-/.test(format) ? short : dotted)[mom.month()];
      },
      weekdays: list('zondag_maandag_dinsdag_woensdag_donderdag_vrijdag_zaterdag'),
      weekdaysShort: list('zo._ma._di._wo._do._vr._za.'),
      weekdaysMin: list('zo_ma_di_wo_do_vr_za'), weekdaysParseExact: true,
      longDateFormat: { ...clock, L: 'DD-MM-YYYY', LL: 'D MMMM YYYY', LLL: 'D MMMM YYYY HH:mm', LLLL: 'dddd D MMMM YYYY HH:mm' },
      calendar: {
        sameDay: '[vandaag om] LT', nextDay: '[morgen om] LT', nextWeek: 'dddd [om] LT', lastDay: '[gisteren om] LT',
        lastWeek: '[afgelopen] dddd [om] LT', sameElse: 'L',
      },
      relativeTime: {
        future: 'over %s', past: '%s geleden', s: 'een paar seconden', ss: '%d seconden', m: 'één minuut', mm: '%d minuten',
        h: 'één uur', hh: '%d uur',
        d: 'één dag', dd: '%d dagen', w: 'één week', ww: '%d weken', M: 'één maand', MM: '%d maanden', y: 'één jaar',
        yy: '%d jaar',
      },
      dayOfMonthOrdinalParse: /\d{1,2}(ste|de)/,
      ordinal: (value) => value + (value === 1 || value === 8 || value >= 20 ? 'ste' : 'de'),
      week: fromMonday,
    };
  };

  const makers = {
    'en-gb': () => british(), 'en-ie': () => british({ longDateFormat: { ...dayFirst, LLLL: 'dddd D MMMM YYYY HH:mm' } }),
    'en-au': () => british({ ...withHalves(), week: { dow: 0, doy: 4 } }),
    'en-in': () => british({ ...withHalves(), week: { dow: 0, doy: 6 } }), 'en-nz': () => british(withHalves()),
    'en-ca': () => british({
      longDateFormat: { ...halves, L: 'YYYY-MM-DD', LL: 'MMMM D, YYYY', LLL: 'MMMM D, YYYY h:mm A',
        LLLL: 'dddd, MMMM D, YYYY h:mm A' }, week: { dow: 0, doy: 6 },
    }),
    de: german, fr: french, es: spanish, it: italian, pt: ofPortugal, 'pt-br': ofBrazil, nl: dutch,
  };
  return (name) => (Object.hasOwn(makers, name) ? makers[name]() : undefined);
})
