/**
 * Whom the desk's programs hear, as the room tells it, and what this person asks for about it.
 *
 * Events: `change`.
 */
export class DeskEars extends EventTarget {
    #room;

    /** Whether anybody can be heard in this room, and how many at once. */
    offered = false;
    most = 0;
    /** By id, in the order in which they were chosen. */
    people = [];
    /** `off`, `starting`, `on`, `noServer` or `noSink`. */
    state = 'off';

    /** @param {Room} room */
    constructor(room) {
        super();
        this.#room = room;
        room.addEventListener('message', ({ detail }) => detail.type === 'deskEars' && this.update(detail));
        // What the room has not done is shown as it is.
        room.addEventListener('refusal', ({ detail: { step } }) => step === 'setDeskEars' && this.#changed());
        for (const part of [room, room.standing]) part.addEventListener('change', () => this.#changed());
    }

    /** @param {object | null} told as the room tells it; without it nobody is heard, nor can be */
    update(told) {
        const { offered = false, most = 0, people = [], state = 'off' } = told ?? {};
        Object.assign(this, { offered, most, people, state });
        this.#changed();
    }

    /** Whether this person may say who is heard. */
    get mayChoose() {
        return this.offered && this.#room.isJoined && this.#room.standing.may('soundIn');
    }

    /** Whether this person is heard, so far as is known. */
    get hearsYou() {
        return this.hears(this.#room.you?.id);
    }

    hears(id) {
        return this.people.includes(id);
    }

    /** Who could be heard: their microphone is on. */
    get open() {
        return this.#room.people.filter(({ audio }) => audio === 'on').map(({ id }) => id);
    }

    /** @param {number[]} people whom the desk's programs are to hear; returns whether the room was told */
    choose(people) {
        return this.#room.isJoined && this.#room.signalling.send({ type: 'setDeskEars', people });
    }

    #changed() {
        this.dispatchEvent(new Event('change'));
    }
}
