/** The look of a report as a page: light and dark, on a screen and on paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1b2430; --faint: #5d6875; --line: #d9dee4; --raised: #f5f7f9;
  --good: #2f8f6b; --caution: #d08700; --bad: #c23b31; --notice: #3d72c4; --neutral: #8d97a3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181d; --text: #e4e8ed; --faint: #9aa5b1; --line: #323a43; --raised: #1c2228;
    --good: #4bb58c; --caution: #e0a33a; --bad: #e5675d; --notice: #6f9fe6; --neutral: #77828e;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 92rem; padding: 2rem 1.5rem 3rem; background: var(--page);
  color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 0 0 .6rem; font-size: 1rem; }
.lead { max-width: 46rem; margin: .5rem 0 1.2rem; color: var(--faint); }
.state { margin: 0 0 1.5rem; padding: .7rem 1rem; border-left: 5px solid var(--neutral);
  background: var(--raised); }
.state.good { border-color: var(--good); } .state.bad { border-color: var(--bad); }
.state.caution { border-color: var(--caution); }
.state p { margin: 0; } .state ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.state code { overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr));
  gap: 1.2rem; margin-bottom: 1.8rem; }
figure { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: 6px;
  break-inside: avoid; }
figure:only-child { max-width: 38rem; }
svg { display: block; width: 100%; max-width: 36rem; height: auto; }
svg text { font-size: 12px; fill: var(--text); dominant-baseline: central; }
svg .label { text-anchor: end; } svg .value, svg .axis { fill: var(--faint); }
svg .axis { text-anchor: middle; font-size: 11px; }
svg .start { text-anchor: start; } svg .end { text-anchor: end; }
svg .mark { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .moment { fill: var(--page); stroke: var(--text); stroke-width: 2; }
rect { stroke: var(--page); stroke-width: .75; }
rect.good { fill: var(--good); } rect.caution { fill: var(--caution); }
rect.bad { fill: var(--bad); } rect.notice { fill: var(--notice); }
rect.neutral { fill: var(--neutral); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: 0 0 .6rem; padding: 0;
  list-style: none; color: var(--faint); font-size: .85rem; }
.legend svg { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .85rem; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { color: var(--faint); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.good { color: var(--good); } td.caution { color: var(--caution); }
td.bad { color: var(--bad); font-weight: 600; } td.notice { color: var(--notice); }
td.neutral { color: var(--faint); }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  :root { --page: #ffffff; --text: #000000; --faint: #444444; --line: #bbbbbb; --raised: #ffffff;
    --good: #2f8f6b; --caution: #d08700; --bad: #c23b31; --notice: #3d72c4; --neutral: #8d97a3; }
  svg, .state { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; }
  td { overflow-wrap: anywhere; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
}
`;
