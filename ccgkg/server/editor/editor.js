// The editor of the query page: CodeMirror, told what SPARQL and this dataset are.
//
// It stands in front of the page's textarea and keeps that up to date, so that the form is the
// same with and without it. `plain.js` beside the page does for a textarea alone what this does.

import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {
  HighlightStyle, StreamLanguage, bracketMatching, indentOnInput, syntaxHighlighting, syntaxTree,
} from "@codemirror/language";
import {sparql} from "@codemirror/legacy-modes/mode/sparql";
import {lintGutter, setDiagnostics} from "@codemirror/lint";
import {EditorState} from "@codemirror/state";
import {
  EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import {tags} from "@lezer/highlight";

// Colours are the page's own (query.css), and so follow its theme.
const colours = HighlightStyle.define([
  {tag: tags.keyword, color: "var(--code-word)", fontWeight: "600"},
  {tag: tags.standard(tags.variableName), color: "var(--code-word)"},
  {tag: tags.local(tags.variableName), color: "var(--code-variable)"},
  {tag: tags.string, color: "var(--code-text)"},
  {tag: tags.atom, color: "var(--code-term)"},
  {tag: tags.meta, color: "var(--code-aside)"},
  {tag: tags.comment, color: "var(--code-aside)", fontStyle: "italic"},
]);

const look = EditorView.theme({
  "&": {fontSize: ".86rem", color: "var(--ink)", backgroundColor: "transparent"},
  ".cm-scroller": {fontFamily: "var(--mono)", lineHeight: "1.55"},
  ".cm-content": {caretColor: "var(--ink)", padding: ".6rem 0"},
  ".cm-gutters": {color: "var(--quiet)", backgroundColor: "transparent", borderRight: "1px solid var(--rule)"},
  ".cm-activeLine, .cm-activeLineGutter": {backgroundColor: "var(--code-line)"},
  "&.cm-focused": {outline: "none"},
  "&.cm-focused .cm-matchingBracket": {backgroundColor: "var(--mark)", color: "inherit", outline: "1px solid var(--rule)"},
  "&.cm-focused .cm-nonmatchingBracket": {backgroundColor: "var(--no-wash)", color: "inherit"},
  ".cm-tooltip": {backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--rule)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: "var(--mono)", maxHeight: "none"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: ".15rem .6rem"},
  ".cm-tooltip.cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--link)", color: "var(--sheet)"},
  ".cm-completionDetail": {fontFamily: "var(--sans)", fontStyle: "normal", marginLeft: ".8rem"},
  ".cm-completionInfo": {fontFamily: "var(--sans)", maxWidth: "24rem", padding: ".5rem .8rem"},
  ".cm-diagnostic": {fontFamily: "var(--sans)", padding: ".3rem .7rem"},
  ".cm-diagnostic-error": {borderLeftColor: "var(--no)"},
});

const WORDS = [
  "SELECT", "DISTINCT", "WHERE", "OPTIONAL", "FILTER", "FILTER NOT EXISTS", "GRAPH", "UNION", "MINUS", "VALUES",
  "BIND", "ORDER BY", "GROUP BY", "HAVING", "LIMIT", "OFFSET", "PREFIX", "ASK", "CONSTRUCT", "DESCRIBE",
  "COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "COALESCE", "CONTAINS", "LCASE", "LANG",
  "REGEX", "STR", "STRSTARTS", "YEAR", "BOUND", "IF", "DESC", "ASC",
];
const SHOWN = 10;  // completions: as many as need no scrolling
const PROSE = new Set(["comment", "string"]);

// What may follow where the caret stands: a variable of the query, a keyword, a term of the dataset.
function completing(suggest, written) {
  return context => {
    if (PROSE.has(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
    const found = context.matchBefore(/[?$]\w*|[\p{L}_][\p{L}\p{N}_.:-]*/u);
    if (!found && !context.explicit) return null;
    const from = found ? found.from : context.pos, word = found ? found.text : "";
    const text = context.state.doc.toString();
    const options = /^[?$]/.test(word) ? variables(text, word, from) : [
      ...words(word),
      ...suggest(word).map(term => ({
        label: term.name || term.iri, detail: term.label, type: term.kind,
        info: term.definition ? () => document.createTextNode(term.definition) : undefined,
        apply: (view, _, start, end) => put(view, written(term, view.state.doc.toString()), start, end),
      })),
    ];
    // The page has searched by label as well, which CodeMirror's own filter would throw out.
    return options.length ? {from, options, filter: false} : null;
  };
}

function variables(text, word, here) {
  const others = text.slice(0, here) + text.slice(here + word.length);
  const names = new Set([...others.matchAll(/[?$]\w+/g)].map(([name]) => name));
  return [...names].filter(name => name.startsWith(word)).sort().map(label => ({label, type: "variable"}));
}

function words(word) {
  const wanted = word.toUpperCase();
  return wanted.length < 2 ? [] : WORDS.filter(label => label.startsWith(wanted))
    .map(label => ({label, type: "keyword"}));
}

function put(view, {text, prefix}, from, to) {
  const changes = [{from, to, insert: text}];
  if (prefix) changes.push({from: prefix.at, insert: prefix.line});
  const done = view.state.changes(changes);
  // Behind what was put in: a prefix line that came in before it has moved it.
  view.dispatch({changes: done, selection: {anchor: done.mapPos(from, -1) + text.length}, userEvent: "input.complete"});
}

// Typed over a selection, a browser keeps its look as a style attribute, which the page's policy
// refuses with an error in the log: so what is selected is replaced here, before the browser does.
function replacing(event, view) {
  const {from, to, empty} = view.state.selection.main, text = event.data;
  if (event.inputType !== "insertText" || empty || !text) return false;
  event.preventDefault();
  const insert = () => view.state.update(view.state.replaceSelection(text), {userEvent: "input.type", scrollIntoView: true});
  const own = view.state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, text, insert));
  if (!own) view.dispatch(insert());
  return true;
}

/**
 * Put an editor in place of a textarea.
 *
 * @param area the textarea; it is hidden, and holds the same text at every moment
 * @param page what the page does: `run()`, `changed()`, `suggest(word)` (terms for a word),
 *   `written(term, text)` (how a term is written in a text), `nonce` (for styles)
 * @returns the same methods as `plain.js` gives
 */
export function editor(area, page) {
  const label = {"aria-label": area.getAttribute("aria-label"), "aria-describedby": area.getAttribute("aria-describedby")};
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(page.nonce),
      EditorState.tabSize.of(2),
      lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(),
      history(), indentOnInput(), bracketMatching(), closeBrackets(), lintGutter(),
      StreamLanguage.define(sparql), syntaxHighlighting(colours), look,
      autocompletion({override: [completing(page.suggest, page.written)], icons: false, maxRenderedOptions: SHOWN}),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({...label, "aria-multiline": "true", spellcheck: "false"}),
      EditorView.updateListener.of(update => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        page.changed();
      }),
      EditorView.domEventHandlers({beforeinput: replacing}),
      keymap.of([
        {key: "Mod-Enter", run: () => { page.run(); return true; }},
        // Tab is in none of these: it leaves the editor, as everywhere on a page.
        ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap,
      ]),
    ],
  });
  area.hidden = true;
  area.after(view.dom);

  const place = (line, column) => {
    const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    const before = [...found.text].slice(0, column - 1).join("").length;  // the server counts characters
    return Math.min(found.from + before, found.to);
  };
  const clear = () => view.dispatch(setDiagnostics(view.state, []));
  return {
    get text() { return area.value; },
    set text(text) { view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}, scrollIntoView: true}); },
    insert({text, prefix}) {
      const {from, to} = view.state.selection.main;
      put(view, {text, prefix}, from, to);
      view.focus();
    },
    mark(line, column, message) {
      const at = place(line, column);
      const end = Math.min(at + 1, view.state.doc.lineAt(at).to);
      view.dispatch(setDiagnostics(view.state, [{from: at, to: Math.max(at, end), severity: "error", message}]));
      view.dispatch({selection: {anchor: at}, scrollIntoView: true});
    },
    clear,
    goTo(line, column) {
      view.dispatch({selection: {anchor: place(line, column)}, scrollIntoView: true});
      view.focus();
    },
    focus() { view.focus(); },
  };
}
