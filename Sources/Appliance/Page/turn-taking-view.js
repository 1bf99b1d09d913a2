import { say } from './catalogue.js';
import { TurnTakingOrder } from './turn-taking-order.js';
import { turnWords } from './turn-taking-words.js';

/** What a clinician has turns taken with, below the other switches of control; and what everybody is told of turns. */
export class TurnTakingView {
    #room;
    #at;
    #order;

    /** @param {{room: Room, view: View}} parts */
    constructor({ room, view }) {
        const at = view.elements;
        const { turnTaking, standing } = room;
        this.#room = room;
        this.#at = at;
        // Of whom the room does not tell it judges by itself.
        const may = (id) => ['pointer', 'keyboard'].some((right) => standing.of(id)?.rights.has(right) ?? true);
        this.#order = new TurnTakingOrder(at['turns-order'], may);
        const press = (id, act) => at[id].addEventListener('click', () => act() || view.notice(say('room.unreached')));
        at['turns-button'].addEventListener('click', () => this.#open(at['turns-panel'].hidden));
        at['turns-form'].addEventListener('submit', (event) => {
            event.preventDefault();
            const people = this.#order.chosen;
            if (people.length < 2) return view.notice(say('turns.two'));
            if (!turnTaking.begin(people, Number(at['turns-time'].value))) view.notice(say('room.unreached'));
        });
        press('turns-pass', () => turnTaking.pass());
        press('turns-resume', () => this.resume());
        press('turns-end', () => turnTaking.end());
        const words = () => turnWords(turnTaking, room.people, room.you?.id);
        turnTaking.addEventListener('began', () => view.notice(say('turns.began', { words: words() })));
        turnTaking.addEventListener('resumed', () => view.notice(say('turns.began', { words: words() })));
        turnTaking.addEventListener('paused', () => view.notice(say('turns.paused')));
        turnTaking.addEventListener('ended', () => room.isJoined && view.notice(say('turns.over')));
    }

    /** Whether this person has turns go on that are paused. */
    get mayResume() {
        const { floor, turnTaking } = this.#room;
        return floor.mayGive && turnTaking.isPaused;
    }

    resume() {
        this.#room.control.releaseAll();
        return this.#room.turnTaking.resume();
    }

    render() {
        const { floor, turnTaking, people, you } = this.#room;
        const at = this.#at;
        for (const id of ['turns-button', 'turns-box']) at[id].hidden = !floor.mayGive;
        if (!floor.mayGive) return;
        const { isOn, isPaused, current } = turnTaking;
        at['turns-button'].setAttribute('aria-pressed', String(isOn));
        at['turns-now'].hidden = !isOn;
        write(at['turns-line'], turnWords(turnTaking, people, you?.id));
        // Whoever has just pressed one of them goes on beside it.
        const focused = document.activeElement;
        at['turns-pass'].hidden = isPaused;
        at['turns-pass'].setAttribute('aria-disabled', String(current === null));
        at['turns-resume'].hidden = !isPaused;
        if (['turns-pass', 'turns-resume'].includes(focused?.id) && focused.hidden) at['turns-end'].focus();
        if (focused?.id === 'turns-end' && !isOn) at['turns-button'].focus();
        this.#order.update(people, you?.id);
        write(at['turns-start'], say(isOn ? 'turns.change' : 'turns.start'));
        for (const option of at['turns-time'].options) {
            const count = Number(option.value) / 60;
            write(option, count > 0 ? say('give.minutes', { count }) : say('turns.open'));
        }
    }

    #open(isOpen) {
        this.#at['turns-panel'].hidden = !isOpen;
        this.#at['turns-button'].setAttribute('aria-expanded', String(isOpen));
        if (isOpen) this.#at['turns-panel'].scrollIntoView({ block: 'nearest' });
    }
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
