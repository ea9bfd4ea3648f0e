import { type ComponentProps, type JSX, splitProps } from 'solid-js'
import styles from './Button.module.css'

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` once per place; `quiet` has no border until it is hovered. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger'
  /** What it was pressed for is under way: cannot be pressed again, keeps its width and its focus. */
  busy?: boolean
}

/** A button with words on it. `type` is `button` unless said otherwise. */
export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['kind', 'busy', 'children', 'onClick'])
  return (
    <button
      type="button"
      {...rest}
      class={styles.button}
      data-kind={own.kind ?? 'secondary'}
      data-busy={own.busy ? '' : undefined}
      aria-disabled={own.busy ? true : undefined}
      onClick={(event) => {
        if (own.busy) event.preventDefault()
        else callHandler(own.onClick, event)
      }}
    >
      {own.children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Its accessible name and its tooltip. */
  label: string
  /** Shown after the name in the tooltip. */
  shortcut?: string | undefined
  tipSide?: 'end' | 'start'
}

/** A button that is only an icon; the name shows on hover and where keys moved the focus. */
export function IconButton(props: IconButtonProps) {
  const [own, rest] = splitProps(props, ['label', 'shortcut', 'tipSide', 'children'])
  return (
    <button
      type="button"
      {...rest}
      class={styles.icon}
      aria-label={own.label}
      aria-keyshortcuts={own.shortcut}
      data-tip={own.shortcut ? `${own.label} · ${own.shortcut}` : own.label}
      data-tip-side={own.tipSide}
    >
      {own.children}
    </button>
  )
}

type Click = JSX.EventHandlerUnion<HTMLButtonElement, MouseEvent> | undefined
type ClickEvent = MouseEvent & { currentTarget: HTMLButtonElement; target: Element }

function callHandler(handler: Click, event: ClickEvent): void {
  if (typeof handler === 'function') handler(event)
  else if (handler) handler[0](handler[1], event)
}
