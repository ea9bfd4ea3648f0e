import { createSignal } from 'solid-js'

export type Permission = 'granted' | 'denied' | 'default' | 'unsupported'

const [permission, setPermission] = createSignal(present())

/** What the browser says about notifications; reactive. */
export const notificationPermission = permission

/** Asks the person. To be called on a click only (IB8). */
export async function askForNotifications(): Promise<Permission> {
  if (present() === 'default') await Notification.requestPermission()
  return setPermission(present())
}

function present(): Permission {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported'
}
