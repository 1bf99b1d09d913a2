import { say } from './catalogue.js';
import { keysymOf } from './client/keyboard.js';
import { Toolbar } from './toolbar.js';

/**
 * Keys for whoever drives the desk and does not have them: on a tablet, or because the browser or the system keeps them. The panel
 * stays while somebody types, and takes neither the focus nor an on-screen keyboard away from whoever presses it.
 */
export class KeyPanel {
    #at;
    #control;
    #latch;
    #lock;
    #toolbar;
    #labels = [];
    #modifiers = new Map();

    /**
     * @param {{at: Record<string, HTMLElement>, control: Control, latch: LatchedModifiers, lock: KeyboardLock}} parts
     */
    constructor({ at, control, latch, lock }) {
        this.#at = at;
        this.#control = control;
        this.#latch = latch;
        this.#lock = lock;
        this.#build();
        this.#toolbar = new Toolbar(at['panel-keys']);
        for (const one of [at['keys-button'], at['panel-keys']]) {
            one.addEventListener('mousedown', (event) => event.preventDefault());
        }
        at['keys-button'].addEventListener('click', ({ detail }) => {
            this.show(at['key-panel'].hidden);
            // By the keyboard: whoever points goes on where they were.
            if (detail === 0 && this.isShown) this.#toolbar.focus();
        });
        at['key-panel'].addEventListener('keydown', ({ key }) => {
            if (key !== 'Escape') return;
            this.show(false);
            at['keys-button'].focus();
        });
        at['shortcuts-choice'].addEventListener('change', ({ target }) => lock.choose(target.checked));
        latch.addEventListener('change', () => this.#renderModifiers());
        lock.addEventListener('change', () => this.#renderLock());
        this.render();
    }

    get isShown() {
        return !this.#at['key-panel'].hidden;
    }

    show(isShown) {
        if (isShown === this.isShown) return;
        const panel = this.#at['key-panel'];
        if (!isShown) this.#latch.release();
        // What is hidden drops the focus to nowhere.
        if (!isShown && panel.contains(document.activeElement)) this.#at.control.focus();
        panel.hidden = !isShown;
        this.#at['keys-button'].setAttribute('aria-expanded', String(isShown));
    }

    /** @param {boolean} mayType whether this person's keys go to the desk */
    allow(mayType) {
        this.#at['keys-button'].hidden = !mayType;
        if (!mayType) this.show(false);
    }

    render() {
        for (const write of this.#labels) write();
        this.#renderModifiers();
        this.#renderLock();
    }

    #renderLock() {
        this.#at['shortcuts-choice'].checked = this.#lock.isDesks;
        const [ctrl, alt, tab] = ['Control', 'Alt', 'Tab'].map(word);
        const words = say(`shortcuts.${this.#lock.state}`, { ctrl, alt, tab });
        if (this.#at['shortcuts-note'].textContent !== words) this.#at['shortcuts-note'].textContent = words;
    }

    #renderModifiers() {
        for (const [name, button] of this.#modifiers) button.setAttribute('aria-pressed', String(this.#latch.holds(name)));
    }

    #build() {
        const modifiers = MODIFIERS.map((name) => {
            const button = this.#button(() => this.#latch.toggle(name), () => [word(name)]);
            this.#modifiers.set(name, button);
            return button;
        });
        const keys = (names) => names.map((name) => this.#button(() => this.#press(name), () => [sign(name), word(name)]));
        const combinations = COMBINATIONS.map((names) =>
            this.#button(() => this.#combine(names), () => [names.map(word).join('+')]));
        this.#at['panel-keys'].append(
            this.#group('modifiers', modifiers),
            this.#group('combinations', combinations),
            this.#group('named', keys(NAMED)),
            this.#group('functions', keys(FUNCTIONS)),
        );
    }

    #group(name, buttons) {
        const group = document.createElement('div');
        group.role = 'group';
        group.append(...buttons);
        this.#labels.push(() => group.setAttribute('aria-label', say(`keys.${name}`)));
        return group;
    }

    /** @param {() => string[]} words what stands on the button, and how it is called if that says more */
    #button(act, words) {
        const button = document.createElement('button');
        button.type = 'button';
        button.addEventListener('click', act);
        this.#labels.push(() => {
            const [shown, name = shown] = words();
            button.textContent = shown;
            if (name !== shown) button.setAttribute('aria-label', name);
        });
        return button;
    }

    #press(name) {
        this.#latch.use();
        const keysym = deskKeysym(this.#latch.held({ key: name }));
        this.#control.key(true, keysym);
        this.#control.key(false, keysym);
        this.#latch.releaseUsed();
    }

    #combine(names) {
        this.#latch.release();
        const keysyms = names.map((name) => deskKeysym({ key: name }));
        for (const keysym of keysyms) this.#control.key(true, keysym);
        for (const keysym of keysyms.reverse()) this.#control.key(false, keysym);
    }
}

/** On the desk Alt is Alt, whatever this device makes of it. */
const deskKeysym = (event) => keysymOf(event, 'other');
const word = (name) => (/^F\d/.test(name) || name.length === 1 ? name.toUpperCase() : say(`key.${WORDS[name]}`));
const sign = (name) => SIGNS[name] ?? word(name);

// By `KeyboardEvent.key`.
const MODIFIERS = ['Control', 'Alt', 'Shift', 'Meta'];
const NAMED = [
    'Escape', 'Tab', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Insert', 'Delete',
    'PrintScreen', 'ContextMenu',
];
const COMBINATIONS = [['Control', 'Alt', 'Delete'], ['Alt', 'Tab'], ['Control', 'w'], ['Alt', 'F4']];
const FUNCTIONS = Array.from({ length: 12 }, (_, index) => `F${index + 1}`);
const SIGNS = { ArrowLeft: '←', ArrowUp: '↑', ArrowDown: '↓', ArrowRight: '→' };
/** The ends of the ids of their words. */
const WORDS = {
    Control: 'ctrl', Alt: 'alt', Shift: 'shift', Meta: 'super', Escape: 'escape', Tab: 'tab', ArrowLeft: 'left', ArrowUp: 'up',
    ArrowDown: 'down', ArrowRight: 'right', Home: 'home', End: 'end', PageUp: 'pageUp', PageDown: 'pageDown', Insert: 'insert',
    Delete: 'delete', PrintScreen: 'print', ContextMenu: 'menu',
};
