import { createSignal, createUniqueId, type JSX, Show } from 'solid-js'
import styles from './Menu.module.css'

interface MenuProps {
  /** Accessible name of the button and of the menu. */
  label: string
  /** What the button shows. */
  trigger: JSX.Element
  /** `MenuItem`, `MenuChoice`, `MenuLabel` and `hr`. */
  children: JSX.Element
  tipSide?: 'end' | 'start'
  /** False where the button shows its name already. */
  tip?: boolean
}

const GAP = 6
const EDGE = 8

/** A button that opens a list of actions. The browser's popover closes it on Escape and on a click elsewhere. */
export function Menu(props: MenuProps) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  let button: HTMLButtonElement | undefined
  let panel: HTMLDivElement | undefined

  function place() {
    if (!button || !panel) return
    const from = button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = panel
    const below = from.bottom + GAP + height <= innerHeight
    const top = below ? from.bottom + GAP : Math.max(EDGE, from.top - GAP - height)
    const left = Math.min(Math.max(EDGE, from.left), innerWidth - width - EDGE)
    panel.style.setProperty('--top', `${top}px`)
    panel.style.setProperty('--left', `${left}px`)
  }

  function move(event: KeyboardEvent) {
    // On to what comes after the button; an open menu would lie over it.
    if (event.key === 'Tab') panel?.hidePopover()
    const items = [...(panel?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
    const active = document.activeElement
    const at = active instanceof HTMLElement ? items.indexOf(active) : -1
    const next = nextIndex(event.key, at, items.length)
    if (next === null) return
    event.preventDefault()
    items[next]?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={styles.trigger}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={open()}
        popovertarget={id}
        data-tip={open() || props.tip === false ? undefined : props.label}
        data-tip-side={props.tipSide}
      >
        {props.trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="menu"
        tabindex="-1"
        class={styles.menu}
        aria-label={props.label}
        onKeyDown={move}
        onClick={(event) =>
          event.target instanceof Element &&
          event.target.closest('[role="menuitem"], [data-closes]') &&
          panel?.hidePopover()
        }
        on:toggle={(event: ToggleEvent) => {
          setOpen(event.newState === 'open')
          if (event.newState !== 'open') return
          place()
          // This comes a moment after the menu is there;
          // `autofocus` has moved the focus at once, where a browser knows it.
          if (!panel?.contains(document.activeElement)) panel?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus()
        }}
      >
        {props.children}
      </div>
    </>
  )
}

function nextIndex(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (index + 1) % count
    case 'ArrowUp':
      return (index - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

interface MenuItemProps {
  icon?: JSX.Element
  children: JSX.Element
  /** The key that does the same. */
  shortcut?: string
  onSelect(): void
}

/** One action; the menu goes with it. */
export function MenuItem(props: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      class={styles.item}
      // The first one is focused with the menu's opening, so that keys pressed right after go there.
      autofocus
      tabindex="-1"
      aria-keyshortcuts={props.shortcut}
      onClick={() => props.onSelect()}
    >
      {props.icon}
      {props.children}
      <Show when={props.shortcut}>
        <span class={styles.key} aria-hidden="true">
          {props.shortcut}
        </span>
      </Show>
    </button>
  )
}

interface MenuChoiceProps {
  icon?: JSX.Element
  children: JSX.Element
  chosen: boolean
  /** The menu goes once one is chosen; else it stays open. */
  closes?: boolean
  onSelect(): void
}

/** One of several that exclude each other. */
export function MenuChoice(props: MenuChoiceProps) {
  return (
    <button
      type="button"
      role="menuitemradio"
      class={styles.item}
      // The first one is focused with the menu's opening, so that keys pressed right after go there.
      autofocus
      tabindex="-1"
      aria-checked={props.chosen}
      data-closes={props.closes ? '' : undefined}
      onClick={() => props.onSelect()}
    >
      {props.icon}
      {props.children}
    </button>
  )
}

/** Words at the top of a menu or of a part of it. */
export function MenuLabel(props: { children: JSX.Element }) {
  return <div class={styles.label}>{props.children}</div>
}
