import { quantity, say } from './catalogue.js';
import { briefly } from './client/foreign.js';

/**
 * The switches of whoever may give control, what is told to those who are to watch, the question for consent, and how long
 * the holder has left. Nothing here takes the focus: keys go on to the desk.
 */
export class FloorView {
    #room;
    #at;
    #view;
    #before = { isWatching: false, isLocked: false };
    #onAnswered;

    /** @param {{room: Room, view: View, onAnswered: () => void}} parts `onAnswered`: the focus has to go somewhere */
    constructor({ room, view, onAnswered }) {
        const at = view.elements;
        const { floor } = room;
        this.#room = room;
        this.#at = at;
        this.#view = view;
        this.#onAnswered = onAnswered;
        const press = (id, act) => at[id].addEventListener('click', () => act() || view.notice(say('room.unreached')));
        press('take-back', () => floor.takeBack());
        press('revoke', () => floor.revoke());
        press('lock-all', () => floor.lock(null, !floor.everybody.locked));
        press('eyes-all', () => floor.watch(null, !floor.everybody.eyesOnMe));
        press('consent-yes', () => floor.question && floor.consent(floor.question.id, true));
        press('consent-no', () => floor.question && floor.consent(floor.question.id, false));
        press('agreed-end', () => floor.agreed.every(({ id }) => floor.consent(id, false)));
        at.consent.addEventListener('keydown', ({ key }) => {
            if (key === 'Escape') onAnswered();
        });
        floor.addEventListener('asked', ({ detail: { person } }) => {
            view.announce(say(room.control.mine ? 'consent.spokenDesk' : 'consent.spoken', { name: briefly(person.name) }));
        });
        room.addEventListener('ending', ({ detail }) => view.notice(say('floor.ending', { count: detail })));
    }

    /** Whether this person is asked for consent. */
    get isAsked() {
        return !this.#at.consent.hidden;
    }

    /** On none of the buttons: Enter, still held down from the desk, must not answer. */
    focus() {
        this.#at.consent.focus();
    }

    /** What can be done about a person in the list of people. */
    actions({ id, name }) {
        const { floor, you, control } = this.#room;
        if (!floor.mayGive || id === you?.id) return [];
        const isLocked = floor.locked.has(id);
        const isWatching = floor.eyesOnMe.has(id);
        const made = [];
        const { drivers } = this.#room;
        const mayBeLet = drivers.hasRoom && !drivers.has(id) && !isLocked;
        if (mayBeLet) {
            made.push({ id: 'beside', text: say('drivers.let'), label: say('drivers.letName', { name }), act: () => this.#tell(drivers.let(id)) });
        }
        if (drivers.most > 1 && drivers.has(id)) {
            made.push({ id: 'stop', text: say('drivers.stop'), label: say('drivers.stopName', { name }), act: () => this.#tell(drivers.stop(id)) });
        }
        if (control.holder?.id !== id && !isLocked) {
            made.push({ id: 'give', text: say('floor.give'), label: say('floor.giveTo', { name }), act: () => this.#give(id) });
        }
        made.push({
            id: 'lock', text: say('floor.lock'), label: say('floor.lockName', { name }), isPressed: isLocked && !isWatching,
            act: () => floor.lock(id, !(isLocked && !isWatching)),
        }, {
            id: 'eyes', text: say('floor.eyes'), label: say('floor.eyesName', { name }), isPressed: isWatching,
            act: () => floor.watch(id, !isWatching),
        });
        return made;
    }

    /** What there is to say about a person as far as control goes. */
    words(id) {
        const { floor } = this.#room;
        if (floor.eyesOnMe.has(id)) return say('person.watching');
        if (this.#room.drivers.others.some((person) => person.id === id)) return say('drivers.person');
        return floor.locked.has(id) ? say('person.locked') : '';
    }

    render() {
        const { floor, control, isJoined } = this.#room;
        const at = this.#at;
        at['floor-tools'].hidden = !floor.mayGive;
        at['take-back'].hidden = !floor.mayGive || !isJoined || control.mine || control.holder === null;
        at.revoke.setAttribute('aria-disabled', String(this.#room.drivers.everybody.length === 0));
        at['lock-all'].setAttribute('aria-pressed', String(floor.everybody.locked));
        at['eyes-all'].setAttribute('aria-pressed', String(floor.everybody.eyesOnMe));
        this.#watch();
        this.#consent();
        this.#time();
    }

    #watch() {
        const { floor } = this.#room;
        const { isWatching, isLocked } = floor;
        const name = floor.presenter ? briefly(floor.presenter.name) : '';
        const words = isWatching ? say(name ? 'watch.eyes' : 'watch.eyesNobody', { name }) : isLocked ? say('watch.locked') : '';
        write(this.#at.watching, words);
        this.#at.watching.hidden = !words;
        this.#at.room.dataset.watch = isWatching ? 'eyes' : isLocked ? 'locked' : 'none';
        const before = this.#before;
        this.#before = { isWatching, isLocked };
        if (isWatching && !before.isWatching) {
            // The desk comes to the front: whatever covers it is put away, except what somebody is writing.
            for (const id of ['people', 'lobby', 'help', 'settings']) {
                if (!this.#at[id].hidden) this.#at[`${id}-button`].click();
            }
            if (!this.#at.chat.hidden && !this.#at['chat-text'].value) this.#at['chat-close'].click();
        }
        if (before.isWatching && !isWatching) this.#view.notice(say('watch.over'));
        else if (before.isLocked && !isLocked) this.#view.notice(say('watch.unlocked'));
    }

    #consent() {
        const { floor } = this.#room;
        const { consent, agreed } = this.#at;
        const { question } = floor;
        const hadFocus = consent.contains(document.activeElement);
        consent.hidden = !question;
        if (question) {
            const name = briefly(question.person.name);
            write(this.#at['consent-line'], say('consent.line', { name }));
            write(this.#at['consent-left'], this.left(question.until));
        } else if (hadFocus) this.#onAnswered();
        // Who drives by this person's leave, and how it is taken back.
        const driver = floor.agreed.find(({ person }) => this.#room.drivers.has(person.id));
        agreed.hidden = !driver;
        if (driver) write(this.#at['agreed-line'], say('consent.agreed', { name: briefly(driver.person.name) }));
    }

    #time() {
        const { floor, control, time } = this.#room;
        const left = (control.mine || control.holder) && floor.until !== null && time !== null ? Math.max(0, floor.until - time) : null;
        const element = this.#at['control-time'];
        element.hidden = left === null;
        if (left !== null) write(element, clock(left));
    }

    /** How long a question waits for its answer, in words; empty where nobody knows. */
    left(until) {
        const { time } = this.#room;
        if (!Number.isFinite(until) || time === null) return '';
        return say('request.left', { count: Math.max(0, Math.ceil((until - time) / 1000)) });
    }

    #tell(isSent) {
        if (!isSent) this.#view.notice(say('room.unreached'));
    }

    #give(id) {
        this.#room.control.releaseAll();
        if (!this.#room.floor.give(id)) this.#view.notice(say('room.unreached'));
    }
}

/** Minutes and seconds. */
function clock(milliseconds) {
    const seconds = Math.ceil(milliseconds / 1000);
    return `${quantity(Math.floor(seconds / 60))}:${quantity(seconds % 60, { minimumIntegerDigits: 2 })}`;
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
