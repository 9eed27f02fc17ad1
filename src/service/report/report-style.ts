/** Of the screen and of paper: the page is printed to PDF as it is. */
export const REPORT_STYLE = `
:root { color-scheme: light; font: 14px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #18212b; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: .1rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 1.9rem 0 .6rem; padding-top: .9rem; border-top: 1px solid #d5dbe1; break-after: avoid; }
h3 { font-size: .95rem; margin: 1rem 0 .3rem; break-after: avoid; }
p { margin: .4rem 0; } .quiet { color: #4d5a68; font-size: .9rem; } .kicker { color: #155a96; font-weight: 600; margin: 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .7rem 1rem; margin: 0; }
dt { color: #4d5a68; font-size: .8rem; } dd { margin: 0; font-weight: 500; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; margin: 1.2rem 0 0; }
.tile { border: 1px solid #d5dbe1; border-radius: 6px; padding: .6rem .8rem; break-inside: avoid; }
.tile b { display: block; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; } .tile span { color: #4d5a68; font-size: .85rem; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .28rem .9rem .28rem 0; border-bottom: 1px solid #e3e8ed; }
td { overflow-wrap: break-word; } td code { overflow-wrap: anywhere; } th { font-weight: 600; color: #4d5a68; font-size: .85rem; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .8em ui-monospace, "DejaVu Sans Mono", monospace; }
.columns { columns: 2; column-gap: 2rem; } .columns table { margin: 0; }
figure { margin: .6rem 0; break-inside: avoid; } figcaption { color: #4d5a68; font-size: .85rem; }
svg { max-width: 100%; height: auto; font: 11px system-ui, "DejaVu Sans", sans-serif; fill: #4d5a68; } svg .grid { stroke: #e3e8ed; }
@page { size: A4; margin: 16mm 15mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } :root { font-size: 12px; } }
`;
