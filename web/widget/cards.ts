/**
 * What stands in the timeline and asks for something.
 * One part of the widget, with one style: loaded with the first card.
 */
import card from './card.css?inline'
import rating from './rating.css?inline'

export { EmailCard } from './EmailCard.tsx'
export { RatingCard } from './RatingCard.tsx'

// A style element would be refused by the frame's Content-Security-Policy; a sheet that is made here is not.
const sheet = new CSSStyleSheet()
sheet.replaceSync(card + rating)
document.adoptedStyleSheets.push(sheet)
