import { say } from './catalogue.js';
import { isolated, shownText } from './client/foreign.js';
import { Popup } from './popup.js';

/** The panel in which somebody chooses what of the desk is hidden from others. */
export class PrivacyPanel {
    #at;
    #privacy;
    #popup;
    #onDraw;
    /** As the room has listed them; `null` while it is asked. */
    #windows = null;

    /**
     * @param {{at: Record<string, HTMLElement>, privacy: Privacy, onDraw: () => void}} parts `onDraw`: a rectangle is to be
     *     drawn
     */
    constructor({ at, privacy, onDraw }) {
        this.#at = at;
        this.#privacy = privacy;
        this.#onDraw = onDraw;
        this.#popup = new Popup({ button: at['mask-button'], panel: at.masks });
        this.#popup.addEventListener('change', () => this.#shown());
        at['mask-add'].addEventListener('click', () => {
            this.#popup.show(false);
            this.#onDraw();
        });
        at['curtain-sound'].addEventListener('change', ({ target }) => {
            if (privacy.curtain) privacy.setCurtain(true, target.checked);
        });
        privacy.addEventListener('change', () => this.render());
        privacy.addEventListener('windows', ({ detail }) => {
            this.#windows = detail;
            this.render();
        });
    }

    /** Whether the desk is heard behind the curtain, as this person has chosen. */
    get keepsSound() {
        return this.#at['curtain-sound'].checked;
    }

    close() {
        this.#popup.show(false);
    }

    #shown() {
        if (!this.#popup.isShown) return;
        this.#windows = null;
        this.#privacy.askForWindows();
        this.render();
    }

    render() {
        const privacy = this.#privacy;
        if (!privacy.mayHide) return this.close();
        if (!this.#popup.isShown) return;
        const { rectangles, windows, lost } = privacy.details;
        if (privacy.curtain) this.#at['curtain-sound'].checked = privacy.sound;
        this.#at['mask-add'].disabled = !privacy.canAdd('rectangles');
        const parts = rectangles.map(({ width, height }, index) => {
            const words = say('mask.part', { number: index + 1, width, height });
            return removable([words], words, () => privacy.removeRectangle(index));
        });
        const gone = windows.filter((id) => lost.includes(id)).map((id) => {
            const words = say('mask.lost');
            return removable([words], words, () => privacy.setWindow(id, false));
        });
        fill(this.#at['mask-list'], [...parts, ...gone]);
        this.#at['mask-none'].hidden = parts.length + gone.length > 0;
        const listed = this.#windows ?? [];
        fill(this.#at['window-list'], listed.map((one) => this.#choice(one, windows.includes(one.id))));
        this.#at['window-none'].hidden = listed.length > 0;
        this.#at['window-none'].textContent = say(this.#windows ? 'mask.noWindows' : 'mask.windowsAsked');
    }

    #choice({ id, title }, isHidden) {
        const label = document.createElement('label');
        const box = document.createElement('input');
        Object.assign(box, { type: 'checkbox', checked: isHidden, id: `window-${id}` });
        box.disabled = !isHidden && !this.#privacy.canAdd('windows');
        box.addEventListener('change', () => this.#privacy.setWindow(id, box.checked));
        label.append(box, isolated(shownText(title)));
        label.className = 'check';
        return label;
    }
}

function removable(words, name, act) {
    const text = document.createElement('span');
    text.append(...words);
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', textContent: say('mask.show') });
    button.setAttribute('aria-label', say('mask.showThis', { name }));
    button.addEventListener('click', act);
    const item = document.createElement('div');
    item.append(text, button);
    return item;
}

/** Whoever is in the list with the keyboard stays there. */
function fill(list, contents) {
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const place = controls(list).indexOf(focused);
    list.replaceChildren(...contents.map((content) => {
        const item = document.createElement('li');
        item.append(content);
        return item;
    }));
    if (!focused) return;
    const left = controls(list);
    (left[Math.min(place, left.length - 1)] ?? list.closest('.panel')).focus();
}

const controls = (list) => ['button', 'input'].flatMap((kind) => [...list.getElementsByTagName(kind)]);
