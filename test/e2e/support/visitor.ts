import type { BrowserContext, Frame, Page } from 'playwright-core'
import { until } from './product.ts'

/** The launcher stands here, from the corner of the window: 20 px off its edges, 56 px wide. */
const LAUNCHER_PX = 48

/** Somebody on a website with the chat on it, in a browser of their own. */
export class Visitor {
  readonly context: BrowserContext
  readonly website: string
  page: Page

  constructor(context: BrowserContext, page: Page, website: string) {
    this.context = context
    this.page = page
    this.website = website
  }

  /** The launcher cannot be reached by a name from outside (closed shadow root): it is clicked where one sees it. */
  async clicksLauncher(): Promise<void> {
    const size = this.page.viewportSize()
    if (!size) throw new Error('The window has no size.')
    await until(() => this.#hasLauncher(), 'the launcher is on the page')
    await this.page.mouse.click(size.width - LAUNCHER_PX, size.height - LAUNCHER_PX)
  }

  /**
   * What the launcher is called, as assistive technology is told it:
   * the browser's own tree reaches into the shadow.
   */
  async launcher(): Promise<string> {
    const session = await this.context.newCDPSession(this.page)
    const { nodes } = await session.send('Accessibility.getFullAXTree')
    await session.detach()
    const names = nodes.filter(({ role }) => role?.value === 'button').map(({ name }) => String(name?.value ?? ''))
    return names.find((name) => /^(Open|Close) chat/.test(name)) ?? ''
  }

  /** Whether the launcher, or the chat that it opened, is where the keys go. */
  async hasLauncherFocus(): Promise<boolean> {
    return this.page.evaluate(
      () =>
        document.activeElement !== document.body && document.activeElement?.parentElement === document.documentElement,
    )
  }

  async opensChat(): Promise<void> {
    if (this.#chatFrame()) return
    await this.clicksLauncher()
    await this.#composer().then((composer) => composer.waitFor())
  }

  async types(text: string): Promise<void> {
    await this.opensChat()
    await (await this.#composer()).fill(text)
  }

  /** What stands in the composer. */
  async typed(): Promise<string> {
    return (await this.#composer()).inputValue()
  }

  async pressesEnter(): Promise<void> {
    await (await this.#composer()).press('Enter')
  }

  /** Writes, sends, and waits until it is stored: only then it stands in the log. */
  async says(text: string): Promise<void> {
    await this.types(text)
    await this.pressesEnter()
    await this.sees(text)
  }

  async sees(text: string | RegExp): Promise<void> {
    const log = (await this.frame()).getByRole('log', { name: 'Messages' })
    await log.getByText(text, { exact: true }).first().waitFor()
  }

  /** Everything that the chat shows, as text. */
  async reads(): Promise<string> {
    return (await this.frame()).locator('body').innerText()
  }

  /** Messages in the order of the screen, those on their way last. */
  async texts(): Promise<string[]> {
    return (await this.frame()).locator('article .bubble').allInnerTexts()
  }

  /** Writes and sends, without waiting for anything. */
  async writes(text: string): Promise<void> {
    await this.types(text)
    await this.pressesEnter()
  }

  /** Loses its network, or has it again. */
  async losesNetwork(lost = true): Promise<void> {
    await this.context.setOffline(lost)
  }

  async clicks(button: string): Promise<void> {
    await (await this.frame()).getByRole('button', { name: button, exact: true }).click()
  }

  /** The same visitor, in the same browser, once more. */
  async anotherTab(): Promise<Visitor> {
    const tab = new Visitor(this.context, await this.context.newPage(), this.website)
    await tab.page.goto(this.website)
    await tab.opensChat()
    return tab
  }

  async reloads(): Promise<void> {
    await this.page.reload()
    await this.opensChat()
  }

  /** Comes with a clock that can be put forward; before the chat is opened. */
  async bringsClock(): Promise<void> {
    await this.page.clock.install()
    await this.page.reload()
  }

  /** So much time goes by in this browser, and nowhere else. */
  async letsPass(ms: number): Promise<void> {
    await this.page.clock.fastForward(ms)
  }

  async closesTab(): Promise<void> {
    await this.page.close()
  }

  /** In a new tab of the same browser. */
  async comesBack(): Promise<void> {
    this.page = await this.context.newPage()
    await this.page.goto(this.website)
    await this.opensChat()
  }

  /** The document of the chat. */
  async frame(): Promise<Frame> {
    await until(async () => this.#chatFrame() !== undefined, 'the chat is open')
    const frame = this.#chatFrame()
    if (!frame) throw new Error('The chat has gone.')
    return frame
  }

  #chatFrame(): Frame | undefined {
    return this.page.frames().find((frame) => frame.url().includes('/widget/frame'))
  }

  async #hasLauncher(): Promise<boolean> {
    return this.page.evaluate(() => 'foyerLauncher' in window)
  }

  async #composer() {
    return (await this.frame()).getByRole('textbox', { name: 'Message' })
  }
}
