/**
 * Keeps the focus where one works when what had it goes: a row that is read anew, a button that becomes another, the
 * last button of what was removed. A browser drops it onto the page itself, where a screen reader falls silent and the
 * next Tab begins somewhere else.
 */
const CONTROLS = 'a[href], button, input, select, textarea'
/** Not a field: on a phone the keyboard would rise for nothing. */
const TARGETS = 'a[href], button, select'
/** Beyond these, what is nearest is no longer near. */
const PLACES = 'main, body'
/** What lies over the page for a while; when it goes one is back where one came from. */
const PASSING = 'dialog, [popover], [role="status"]'

/** Where the focus is, so that it can be found again once the element itself is gone. */
interface Stand {
  element: HTMLElement
  name: string
  /** What it is inside of, from the nearest on, each with the place it has among the targets there. */
  around: Array<{ element: HTMLElement; at: number }>
  /** Whether that lies over the page for a while. */
  passes: boolean
  /** Where the focus was before it went into what lies over the page. */
  before: Stand | null
}

/** Whether nothing that can be seen has the focus. */
export function isFocusLost(page: Document): boolean {
  const active = page.activeElement
  return !active || active === page.body || !canHaveFocus(active)
}

/** Watches a page for as long as it lives. */
export function keepFocus(page: Document): void {
  let stand: Stand | null = null
  page.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) stand = standOf(target, stand)
  })
  // Who points elsewhere has left it.
  page.addEventListener('pointerdown', () => {
    stand = null
  })
  new MutationObserver(() => {
    if (stand && !canHaveFocus(stand.element) && isFocusLost(page)) nextTo(stand)?.focus({ preventScroll: true })
  }).observe(page.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
}

function standOf(element: HTMLElement, last: Stand | null): Stand {
  const around: Stand['around'] = []
  const over = element.closest(PASSING)
  const end = over?.parentElement ?? element.closest(PLACES)
  for (let place = element.parentElement; place && place !== end; place = place.parentElement) {
    around.push({ element: place, at: targetsIn(place).indexOf(element) })
  }
  const before = over?.contains(last?.element ?? null) ? (last?.before ?? null) : last
  return { element, name: nameOf(element), around, passes: over !== null, before: over ? before : null }
}

function nextTo({ element, name, around, passes, before }: Stand): HTMLElement | null {
  const left = around.filter((place) => place.element.isConnected)
  const message = sameMessage(element, left[0]?.element)
  if (message) return message
  for (const place of left) {
    if (place.element.matches('[tabindex]')) return place.element
    // What stands next to it in a timeline is of another message.
    if (place.element.parentElement?.matches('[role="log"]')) continue
    const controls = [...place.element.querySelectorAll<HTMLElement>(CONTROLS)].filter(canHaveFocus)
    const same = controls.find((control) => name && control.tagName === element.tagName && nameOf(control) === name)
    if (same) return same
    // A row that one scrolled away from is not gone: no other takes its place.
    if (place.element.closest('[role="list"]')) return null
    const targets = targetsIn(place.element)
    const found = targets[Math.min(Math.max(place.at, 0), targets.length - 1)]
    if (found) return found
  }
  const back = before && (canHaveFocus(before.element) ? before.element : nextTo(before))
  if (back || !passes) return back
  // What one came from is gone as well: the page begins anew.
  const page = element.ownerDocument.querySelector<HTMLElement>('main')
  return page && (targetsIn(page)[0] ?? null)
}

/** The line of a message (`data-ref`) that an element stood in, shown anew or without it. */
function sameMessage(element: HTMLElement, left: HTMLElement | undefined): HTMLElement | null {
  const ref = element.closest<HTMLElement>('[data-ref]')?.dataset['ref']
  if (!ref || !left) return null
  const line = `[data-ref="${ref}"]`
  return left.closest<HTMLElement>(line) ?? left.querySelector<HTMLElement>(line)
}

function targetsIn(place: HTMLElement): HTMLElement[] {
  return [...place.querySelectorAll<HTMLElement>(TARGETS)].filter(canHaveFocus)
}

function canHaveFocus(element: Element): boolean {
  return element.isConnected && !element.matches(':disabled') && element.checkVisibility?.() !== false
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute('aria-label') ?? element.textContent ?? ''
}
