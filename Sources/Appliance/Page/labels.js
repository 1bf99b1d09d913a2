import { parts, say } from './catalogue.js';
import { PLATFORM } from './client/keyboard.js';

/**
 * Writes the words that stand on the page from the beginning. In index.html `data-say` is the id of an element's text,
 * and `data-say-label`, `-title` and `-placeholder` are those of the attributes that readers and pointers find.
 */
export function writeLabels(root) {
    for (const element of root.querySelectorAll('[data-say]')) {
        element.replaceChildren(...parts(element.dataset.say, keys()));
    }
    for (const [name, attribute] of ATTRIBUTES) {
        for (const element of root.querySelectorAll(`[data-say-${name}]`)) {
            element.setAttribute(attribute, say(element.getAttribute(`data-say-${name}`)));
        }
    }
    for (const element of root.querySelectorAll('[data-key]')) element.textContent = key(element.dataset.key);
}

/** Keys as they stand in a sentence. */
const keys = () => Object.fromEntries(KEYS.map((name) => {
    const element = document.createElement('kbd');
    element.textContent = key(name);
    return [name, element];
}));

const key = (name) => say(name === 'alt' && PLATFORM === 'mac' ? 'key.option' : `key.${name}`);

const ATTRIBUTES = [['label', 'aria-label'], ['title', 'title'], ['placeholder', 'placeholder']];
const KEYS = ['alt', 'ctrl', 'enter', 'shift', 'tab'];
