import { say } from './catalogue.js';

/** Gives one person control on terms: with the keyboard or without, and for how long. */
export class GiveControl {
    #room;
    #at;

    /** @param {{room: Room, at: Record<string, HTMLElement>, person: () => number | null, onGiven: () => void}} parts */
    constructor({ room, at, person, onGiven }) {
        this.#room = room;
        this.#at = at;
        at['person-give'].addEventListener('submit', (event) => {
            event.preventDefault();
            const rights = ['pointer'];
            if (at['give-keyboard'].checked) rights.push('keyboard');
            const seconds = Number(at['give-time'].value);
            if (room.floor.give(person(), { rights, ...(seconds > 0 && { seconds }) })) onGiven();
        });
    }

    /** @param {Set<string>} rights what the person may do at all */
    render(rights) {
        const at = this.#at;
        const [pointer, keyboard] = ['pointer', 'keyboard'].map((right) => rights.has(right));
        at['person-give'].hidden = !this.#room.floor.mayGive || !pointer;
        at['give-keyboard'].disabled = !keyboard;
        if (!keyboard) at['give-keyboard'].checked = false;
        for (const option of at['give-time'].options) {
            const count = Number(option.value) / 60;
            const words = count > 0 ? say('give.minutes', { count }) : say('give.open');
            if (option.textContent !== words) option.textContent = words;
        }
    }
}
