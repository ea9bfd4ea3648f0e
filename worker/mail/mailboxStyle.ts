/** The looks of the local mailbox, which is served by the Worker alone and so has no build of its own. */
export const MAILBOX_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#dfe2e7, #34383f); --soft: light-dark(#e9f0fb, #26344c);
  --quiet: light-dark(#565c66, #b3b8c1); --accent: light-dark(#1d5fc4, #86b4f5); --back: light-dark(#fff, #1a1c20) }
* { box-sizing: border-box }
body { margin: 0; display: grid; grid-template-columns: 320px 1fr; height: 100vh; background: var(--back);
  font: 14px/20px system-ui, sans-serif }
body > nav { border-right: 1px solid var(--line); overflow: auto }
header { padding: 16px }
h1, h2 { font-size: 18px; line-height: 24px; font-weight: 600; margin: 0; overflow-wrap: anywhere }
header p, .none { color: var(--quiet); margin: 4px 0 0 }
.none { padding: 0 16px }
ul { list-style: none; margin: 0; padding: 0 8px 16px }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; padding: 8px; border-radius: 6px; color: inherit;
  text-decoration: none }
li a:hover { background: light-dark(#f3f4f6, #24272d) }
a[aria-current] { background: var(--soft) }
strong { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
time, li span { color: var(--quiet); font-size: 12px }
main { overflow: hidden; display: grid }
article { display: grid; grid-template-rows: auto auto auto 1fr; min-height: 0; min-width: 0; padding: 16px 24px; gap: 12px }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0 }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
.views { display: flex; gap: 4px }
.views a { padding: 4px 12px; border-radius: 6px; color: inherit; text-decoration: none }
iframe, pre { width: 100%; height: 100%; border: 1px solid var(--line); border-radius: 10px; margin: 0; min-height: 0 }
iframe { background: #fff }
pre { overflow: auto; padding: 16px; font: 13px/20px ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (max-width: 720px) {
  body { grid-template-columns: 1fr; height: auto }
  body > nav { border-right: 0; border-bottom: 1px solid var(--line); max-height: 40vh }
  iframe, pre { min-height: 60vh }
}
`
