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
            if (room.floor.give(person(), this.#terms)) onGiven();
        });
        at['give-beside'].addEventListener('click', () => {
            if (room.drivers.let(person(), this.#terms)) onGiven();
        });
        at['person-stop'].addEventListener('click', () => {
            if (room.drivers.stop(person())) onGiven();
        });
    }

    get #terms() {
        const rights = ['pointer'];
        if (this.#at['give-keyboard'].checked) rights.push('keyboard');
        const seconds = Number(this.#at['give-time'].value);
        return { rights, ...(seconds > 0 && { seconds }) };
    }

    /** @param {number} person @param {Set<string>} rights what the person may do at all */
    render(person, rights) {
        const at = this.#at;
        const [pointer, keyboard] = ['pointer', 'keyboard'].map((right) => rights.has(right));
        at['person-give'].hidden = !this.#room.floor.mayGive || !pointer;
        const { drivers, floor } = this.#room;
        at['give-beside'].hidden = !drivers.hasRoom || drivers.has(person);
        at['person-stop'].hidden = !floor.mayGive || drivers.most === 1 || !drivers.has(person);
        at['give-keyboard'].disabled = !keyboard;
        if (!keyboard) at['give-keyboard'].checked = false;
        for (const option of at['give-time'].options) {
            const count = Number(option.value) / 60;
            const words = count > 0 ? say('give.minutes', { count }) : say('give.open');
            if (option.textContent !== words) option.textContent = words;
        }
    }
}
