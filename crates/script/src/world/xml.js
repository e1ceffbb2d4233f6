// `koreUtil.xml2js`: XML as objects, in the shape that library gives: a list of children for each name, attributes under
// `$`, text under `_`.
(function () {
  'use strict';

  const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  const TOKEN = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?[^>]*>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)|(<)/gi;
  const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

  const plain = (text) => text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (name) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : all;
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });

  const parse = (xml, options) => {
    const {
      explicitArray = true, explicitRoot = true, mergeAttrs = false, ignoreAttrs = false, trim = false, attrkey = '$', charkey = '_',
      emptyTag = '', normalizeTags = false, tagNameProcessors = [],
    } = options;
    const nameOf = (name) => tagNameProcessors.reduce((result, change) => change(result), normalizeTags ? name.toLowerCase() : name);
    const put = (node, name, value, asList) => {
      if (!Object.hasOwn(node, name)) node[name] = asList ? [value] : value;
      else if (Array.isArray(node[name])) node[name].push(value);
      else node[name] = [node[name], value];
    };
    // A node becomes its text where it has nothing else; space around children is no text.
    const close = ({ node, text }) => {
      const isBare = Object.keys(node).length === 0;
      if (!/\S/.test(text)) return isBare ? emptyTag || text : node;
      const shown = trim ? text.trim() : text;
      return isBare ? shown : { [charkey]: shown, ...node };
    };

    const open = [];
    let root;
    const finish = (level) => {
      const value = close(level);
      const parent = open[open.length - 1];
      if (parent) put(parent.node, level.name, value, explicitArray);
      else if (root !== undefined) throw new Error('XML has more than one root');
      else root = explicitRoot ? { [level.name]: value } : value;
    };
    for (const [, data, closed, opened, attributes, isEmpty, text, stray] of String(xml).matchAll(TOKEN)) {
      const level = open[open.length - 1];
      if (stray) throw new Error('XML has a < that begins no tag');
      if (opened !== undefined) {
        const node = {};
        if (!ignoreAttrs) {
          for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
            const value = plain(double === undefined ? single : double);
            if (mergeAttrs) put(node, name, value, explicitArray);
            else (node[attrkey] = node[attrkey] || {})[name] = value;
          }
        }
        const inner = { name: nameOf(opened), node, text: '' };
        if (isEmpty) finish(inner);
        else open.push(inner);
      } else if (closed !== undefined) {
        if (!level || level.name !== nameOf(closed)) throw new Error(`XML closes ${closed}, which is not open`);
        finish(open.pop());
      } else if (data !== undefined && level) level.text += data;
      else if (text !== undefined) {
        if (level) level.text += plain(text);
        else if (/[^\s\ufeff]/.test(text)) throw new Error('XML has text outside of its root');
      }
    }
    if (open.length > 0) throw new Error(`XML does not close ${open[open.length - 1].name}`);
    return root === undefined ? null : root;
  };

  const parseString = (xml, ...rest) => {
    const done = rest.find((one) => typeof one === 'function');
    const options = rest.find((one) => typeof one === 'object' && one !== null) || {};
    if (!done) return parse(xml, options);
    let result;
    try {
      result = parse(xml, options);
    } catch (error) {
      return done(error);
    }
    return done(null, result);
  };
  class Parser {
    constructor(options) { this.options = options || {}; }
    parseString(xml, done) { return parseString(xml, this.options, done); }
  }
  return {
    parseString, Parser,
    parseStringSync: (xml, options) => parse(xml, options || {}),
    parseStringPromise: async (xml, options) => parse(xml, options || {}),
  };
})
