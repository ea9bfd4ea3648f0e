/**
 * What asks before something is done. One part of the widget,
 * with its style: loaded when the first of them is wanted.
 */
import dialog from './dialog.css?inline'

export { EndDialog } from './EndDialog.tsx'
export { SaveDialog } from './SaveDialog.tsx'

// As in cards.ts: a style element would be refused.
const sheet = new CSSStyleSheet()
sheet.replaceSync(dialog)
document.adoptedStyleSheets.push(sheet)
