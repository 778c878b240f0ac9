// Light, dark, or as the system; what was chosen is kept in this browser.
import { byId } from './dom.js';

const choices = { auto: ['Auto', 'as the system'], light: ['Light', 'light'], dark: ['Dark', 'dark'] };
const system = matchMedia('(prefers-color-scheme: dark)');
let choice = 'auto';

function apply() {
  document.documentElement.dataset.theme = choice === 'auto' ? (system.matches ? 'dark' : 'light') : choice;
  byId('theme').textContent = choices[choice][0];
  byId('theme').title = `Colours: ${choices[choice][1]}`;
  byId('theme').setAttribute('aria-label', `${choices[choice][0]} colours`);
}

export function startTheme() {
  try {
    choice = localStorage.getItem('groupcomm.theme') in choices ? localStorage.getItem('groupcomm.theme') : 'auto';
  } catch {
    // Storage is switched off: nothing is kept.
  }
  byId('theme').addEventListener('click', () => {
    const names = Object.keys(choices);
    choice = names[(names.indexOf(choice) + 1) % names.length];
    apply();
    try {
      localStorage.setItem('groupcomm.theme', choice);
    } catch {
      // As above.
    }
  });
  system.addEventListener('change', apply);
  apply();
}
