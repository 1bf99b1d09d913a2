import { say } from './catalogue.js';
import { isolated } from './client/foreign.js';
import { GiveControl } from './give-control.js';
import { pageStateWords } from './page-state-words.js';

/**
 * What can be done about one person: what they may do, control on terms, their microphone, their view of the desk, and the end of their
 * stay. It opens when somebody asks for it, and stays where it is whatever happens in the room.
 */
export class PersonDialog {
    #room;
    #at;
    #onWatch;
    #person = null;
    #give;

    /**
     * @param {{room: Room, at: Record<string, HTMLElement>, onWatch: (id: number) => void}} parts
     */
    constructor({ room, at, onWatch }) {
        this.#room = room;
        this.#at = at;
        this.#onWatch = onWatch;
        const press = (id, act) => at[id].addEventListener('click', act);
        press('person-close', () => at.person.close());
        // The list from which it was opened has closed meanwhile, and cannot have the focus again.
        at.person.addEventListener('close', () => {
            const focused = document.activeElement;
            if (focused === document.body || !focused.checkVisibility()) at['people-button'].focus();
        });
        press('person-mute', () => room.oversight.mute(this.#person));
        press('person-watch', () => {
            at.person.close();
            onWatch(this.#person);
        });
        press('person-remove', () => this.#confirm(true));
        press('person-keep', () => this.#confirm(false));
        at['person-sure'].addEventListener('submit', (event) => {
            event.preventDefault();
            room.oversight.remove(this.#person, at['person-reason'].value.trim());
            at.person.close();
        });
        at['person-rights'].addEventListener('change', ({ target }) => {
            room.oversight.setRights(this.#person, { [target.name]: target.checked });
        });
        this.#give = new GiveControl({ room, at, person: () => this.#person, onGiven: () => at.person.close() });
        for (const right of RIGHTS) at['person-rights'].append(checkbox(right));
        room.addEventListener('people', () => this.render());
        room.standing.addEventListener('change', () => this.render());
        room.floor.addEventListener('change', () => this.render());
        room.drivers.addEventListener('change', () => this.render());
        // What the room has not done is shown as it is.
        room.addEventListener('refusal', () => this.render());
    }

    open(id) {
        this.#person = id;
        this.#confirm(false);
        this.#at['person-reason'].value = '';
        this.render();
        this.#at.person.showModal();
        this.#at['person-title'].focus();
    }

    render() {
        const at = this.#at;
        const { standing, people, you } = this.#room;
        const person = people.find(({ id }) => id === this.#person);
        if (!person || !standing.isOverseer) {
            if (at.person.open) at.person.close();
            return;
        }
        const { role, rights } = standing.of(this.#person) ?? { role: null, rights: new Set() };
        at['person-title'].replaceChildren(isolated(person.name));
        const words = [role && say(`role.${role}`), ...pageStateWords(standing.page(this.#person))].filter(Boolean);
        write(at['person-words'], words.join(', '));
        const isWithinReach = role !== 'clinician' || standing.isClinician;
        at['person-switches'].hidden = !standing.may('grant') || !isWithinReach;
        for (const input of at['person-rights'].querySelectorAll('input')) {
            input.checked = rights.has(input.name);
            // Nobody gives what they have not.
            input.disabled = !input.checked && !standing.may(input.name);
            write(input.nextSibling, say(`right.${input.name}`));
        }
        this.#give.render(this.#person, rights);
        const isYou = this.#person === you?.id;
        at['person-mute'].hidden = isYou || !standing.may('muteOthers');
        at['person-mute'].disabled = person.audio !== 'on';
        at['person-watch'].hidden = isYou || !standing.may('admit');
        at['person-remove'].hidden = isYou || !standing.may('remove') || !isWithinReach || !at['person-sure'].hidden;
    }

    #confirm(isAsked) {
        const at = this.#at;
        const had = !at['person-sure'].hidden;
        at['person-sure'].hidden = !isAsked;
        this.render();
        if (isAsked) {
            at['person-reason'].focus();
            at['person-sure'].scrollIntoView({ block: 'nearest' });
        }
        if (had && !isAsked && at.person.open) at['person-remove'].focus();
    }
}

function checkbox(right) {
    const [label, input, words] = ['label', 'input', 'span'].map((name) => document.createElement(name));
    Object.assign(input, { type: 'checkbox', name: right });
    label.className = 'check';
    label.append(input, words);
    return label;
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

/** As docs/access.md names them: those that something in the room depends on. */
const RIGHTS = [
    'see', 'hear', 'speak', 'camera', 'chat', 'pointer', 'keyboard', 'clipboardIn', 'clipboardOut', 'fileIn', 'fileOut',
    'admit', 'grant', 'muteOthers', 'remove', 'mask', 'point', 'arrange', 'soundIn', 'watchOutside', 'publishOutside',
];
