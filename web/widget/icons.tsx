/**
 * The Lucide icons (ISC) of the widget, without the spread that generated ones bring along:
 * each byte is loaded by strangers.
 */

const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
)

export const CloseIcon = icon('M18 6 6 18M6 6l12 12')
export const MoreIcon = icon('M12 12h.01M19 12h.01M5 12h.01')
export const SendIcon = icon('m5 12 7-7 7 7M12 19V5')
export const BackIcon = icon('m15 18-6-6 6-6')
export const QuoteIcon = icon('M9 17 4 12l5-5M4 12h12a4 4 0 0 1 4 4v2')
