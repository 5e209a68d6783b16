/** The style sheet of the tab for photographs of many grains. */
export const SCAN_STYLE = `
.tabs { display: flex; gap: 0.5rem; margin-top: 1.25rem; border-bottom: 1px solid var(--line); }
.tabs button { min-height: 2.75rem; padding: 0.5rem 1.1rem; border: 0; border-bottom: 3px solid transparent; border-radius: 0; color: var(--quiet); }
.tabs button[aria-selected="true"] { border-bottom-color: var(--link); color: var(--ink); }
.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; align-items: end; margin-top: 1.25rem; }
.settings label { display: block; margin-bottom: 0.2rem; color: var(--quiet); font-size: 0.9rem; }
select, input:not(.hidden) { width: 100%; min-height: 2.75rem; padding: 0.4rem 0.7rem; border: 1px solid var(--edge); border-radius: 10px; background: var(--card); color: var(--ink); font: inherit; }
.both { display: flex; gap: 0.5rem; }
.both input { min-width: 0; }
.both button, .zoom button { white-space: nowrap; }
.notice { margin-top: 1.25rem; padding: 0.9rem 1.1rem; border: 1px solid var(--bad); border-radius: 14px; background: var(--card); }
.notice h2 { color: var(--bad); }
.scan { margin-top: 2rem; }
.scan section { margin-top: 2rem; }
.warnings { margin: 0.75rem 0 0; padding: 0; list-style: none; }
.warnings li { margin-top: 0.4rem; padding: 0.5rem 0.9rem; border-left: 4px solid var(--unknown); border-radius: 4px; background: var(--card); }
.desk { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; align-items: start; margin-top: 1rem; }
.view { min-width: 0; }
.zoom { align-items: center; }
.zoom button { min-width: 2.75rem; padding: 0.2rem; font-size: 1.3rem; line-height: 1; }
.by select { width: auto; }
.by { display: flex; align-items: center; gap: 0.5rem; margin-left: auto; color: var(--quiet); white-space: nowrap; }
.stage { margin-top: 0.6rem; overflow: auto; max-height: 75vh; border-radius: 8px; background: #000; overscroll-behavior: contain; cursor: pointer; }
.stage.draws { cursor: crosshair; touch-action: none; }
.sheet { position: relative; width: 100%; }
.sheet img { display: block; width: 100%; height: 100%; }
.sheet svg { position: absolute; inset: 0; width: 100%; height: 100%; fill: none; }
.sheet svg * { vector-effect: non-scaling-stroke; }
.casing { stroke: #000; stroke-opacity: 0.55; stroke-width: 3px; }
.g { stroke: var(--c); stroke-width: 1.5px; }
.g.dashed { stroke-dasharray: 4 2; }
.g.faint { stroke-dasharray: 1.5 3; }
.g.chosen { stroke: #fff; stroke-width: 3px; stroke-dasharray: none; fill: rgb(255 255 255 / 0.25); }
.g.partner { stroke: #fff; stroke-width: 3px; }
.g.changed { fill: rgb(255 200 0 / 0.35); }
.object { stroke: #ddd; stroke-width: 1.5px; stroke-dasharray: 8 5; }
.cut { stroke: #ffdd33; stroke-width: 3px; }
.k0 { --c: #e69f00; } .k1 { --c: #56b4e9; } .k2 { --c: #f0e442; } .k3 { --c: #ff7ac6; } .k4 { --c: #00d49b; } .k5 { --c: #ff6a3d; } .k6 { --c: #b9a3ff; } .k7 { --c: #c8d96f; } .k8 { --c: #fff; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; margin: 0.5rem 0 0; padding: 0; list-style: none; font-size: 0.9rem; }
.legend svg { width: 1.6rem; height: 0.9rem; margin-right: 0.4rem; border-radius: 3px; background: #222; vertical-align: middle; }
.legend line { stroke: var(--c); stroke-width: 3px; }
.scan .grain { margin-top: 0; padding: 0.9rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.grain .head { display: flex; gap: 0.75rem; align-items: flex-start; }
.grain canvas { flex: none; width: 5.5rem; height: 5.5rem; border-radius: 8px; background: #000; }
.grain h3 { font-size: 1.15rem; }
.grain dl, .sums dl { display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 0.9rem; margin: 0.6rem 0 0; font-size: 0.925rem; }
.grain dt, .sums dt { color: var(--quiet); }
.grain dd, .sums dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.grain .tools { margin-top: 0.75rem; }
.grain .tools label { width: 100%; color: var(--quiet); font-size: 0.9rem; }
.swatch { display: inline-block; width: 1.1em; height: 1.1em; margin-right: 0.4em; border: 1px solid var(--edge); border-radius: 4px; vertical-align: text-bottom; }
.close { margin-left: auto; min-width: 2.75rem; }
.file label { display: inline-block; min-height: 2.75rem; padding: 0.45rem 1rem; border: 2px solid var(--button); border-radius: 10px; color: var(--link); font-weight: 600; cursor: pointer; }
.file input:focus-visible + label { outline: 3px solid var(--link); outline-offset: 3px; }
#apply { background: var(--button); color: var(--on-button); min-height: 2.75rem; padding: 0.45rem 1.2rem; }
#apply:disabled, #undo:disabled { opacity: 0.45; cursor: default; }
.corrections .tools { margin-top: 0.6rem; }
.scan table { width: 100%; border-collapse: collapse; margin-top: 0.6rem; font-size: 0.925rem; font-variant-numeric: tabular-nums; }
.scan th, .scan td { padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
.scan th:first-child, .scan td.words, .scan th.words { text-align: left; }
.scan thead th { color: var(--quiet); font-weight: 500; }
.range { display: block; color: var(--quiet); font-size: 0.85rem; white-space: nowrap; }
.histogram { display: block; width: min(100%, 34rem); margin-top: 1rem; color: var(--quiet); }
.histogram rect { fill: var(--best); }
.histogram text { fill: currentColor; font-size: 13px; }
.scroll { max-height: 26rem; margin-top: 0.6rem; overflow: auto; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.scroll table { margin: 0; }
.scroll th, .scroll td { padding: 0.15rem 0.75rem; white-space: nowrap; }
.scroll thead th { position: sticky; top: 0; background: var(--card); padding-block: 0.5rem; }
.scroll tr.chosen { background: var(--over); }
.scroll button { min-width: 2.75rem; min-height: 2rem; padding: 0.1rem 0.5rem; border-width: 1px; font-variant-numeric: tabular-nums; }
.fine { margin-top: 0.75rem; color: var(--quiet); font-size: 0.9rem; }
.scroll td, .scroll th { vertical-align: middle; }
@media (max-width: 30rem) { .sums th, .sums td { padding-right: 0.5rem; } .sums th:last-child, .sums td:last-child { padding-right: 0; } .range { font-size: 0.8rem; } .histogram text { font-size: 16px; } }
@media (min-width: 62rem) { .desk.two { grid-template-columns: minmax(0, 1fr) 20rem; } }
@media (max-width: 61.99rem) { .desk.two .stage { max-height: 42vh; } .scan .grain { position: sticky; bottom: 0.5rem; z-index: 1; max-height: 55vh; overflow: auto; box-shadow: 0 2px 14px rgb(0 0 0 / 0.35); } }
@media (forced-colors: active) { .g, .casing, .cut, .object, .legend line { forced-color-adjust: none; } }
`;
