// The words of moment in languages other than English, each made when it is first asked for.
(function () {
  'use strict';

  return {};
})
