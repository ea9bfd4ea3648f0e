import '../ui/tokens.css'
import '../ui/fonts.css'
import '../ui/base.css'
import { render } from 'solid-js/web'
import { keepFocus } from '../ui/keepFocus.ts'
import { watchFocusKeys } from '../ui/tips.ts'
import { App } from './app/App.tsx'
import { applyStoredTheme } from './app/theme.ts'

applyStoredTheme()
watchFocusKeys(document.documentElement)
keepFocus(document)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
render(() => <App />, root)
