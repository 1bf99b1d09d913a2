import { say } from './catalogue.js';
import { briefly, isolated } from './client/foreign.js';
import { hueOf } from './hue.js';

/** Everybody's pointers over the desk's picture, the button that switches one's own on, and what is said about them. */
export class PointersView {
    #room;
    #at;
    #picture;
    #announce;
    #pointers = new Map();
    #rings = new Set();

    /** @param {{room: Room, at: Record<string, HTMLElement>, picture: Picture, announce: (words: string) => void}} parts */
    constructor({ room, at, picture, announce }) {
        const { pointing } = room;
        this.#room = room;
        this.#at = at;
        this.#picture = picture;
        this.#announce = announce;
        at['point-button'].addEventListener('click', ({ detail }) => {
            pointing.set(!pointing.isOn);
            // Whoever comes by keys goes on with them.
            if (pointing.isOn && detail === 0) at['point-pad'].focus();
        });
        pointing.addEventListener('change', () => this.#renderButton());
        pointing.addEventListener('moved', () => this.#draw());
        pointing.addEventListener('pressed', ({ detail }) => this.#ring(detail));
        pointing.addEventListener('appeared', ({ detail: { person } }) => {
            const name = this.#name(person);
            // Of whoever drives it was said when they began.
            if (name && !room.drivers.has(person)) announce(say('pointing.appeared', { name: briefly(name) }));
        });
        picture.addEventListener('layout', () => this.#draw());
        room.addEventListener('people', () => this.#draw());
        this.#renderButton();
    }

    /** By keys: back to the button. */
    end() {
        this.#room.pointing.set(false);
        this.#at['point-button'].focus();
        this.#announce(say('pointing.off'));
    }

    #renderButton() {
        const { mayPoint, isOn } = this.#room.pointing;
        const at = this.#at;
        const hadFocus = document.activeElement === at['point-pad'] || document.activeElement === at['point-button'];
        for (const id of ['point-button', 'point-help']) at[id].hidden = !mayPoint;
        at['point-pad'].hidden = !isOn;
        at['point-button'].setAttribute('aria-pressed', String(isOn));
        at.room.dataset.pointing = String(isOn);
        // Who must not any more goes on from somewhere.
        if (hadFocus && !mayPoint) at.control.focus();
    }

    #name(person) {
        return this.#room.people.find(({ id }) => id === person)?.name;
    }

    #draw() {
        const { pointing, you } = this.#room;
        const frame = this.#at.pointers.getBoundingClientRect();
        const shown = new Map();
        // Who has left the room points at nothing.
        for (const [person, place] of pointing.others) if (this.#name(person)) shown.set(person, place);
        if (you && pointing.own) shown.set(you.id, pointing.own);
        for (const [person, element] of this.#pointers) {
            if (shown.has(person)) continue;
            element.remove();
            this.#pointers.delete(person);
        }
        for (const [person, { x, y }] of shown) this.#place(this.#pointers.get(person) ?? this.#add(person), x, y, frame);
        for (const ring of this.#rings) this.#place(ring.element, ring.x, ring.y, frame);
    }

    #add(person) {
        const element = document.createElement('div');
        const isOwn = person === this.#room.you?.id;
        element.classList.add('pointer');
        element.classList.toggle('own', isOwn);
        element.dataset.person = person;
        element.dataset.hue = hueOf(person);
        const name = document.createElement('span');
        name.append(isolated(isOwn ? say('pointing.you') : briefly(this.#name(person))));
        element.append(document.createElement('i'), name);
        this.#pointers.set(person, element);
        return element;
    }

    #place(element, x, y, frame) {
        const point = this.#picture.pageAt(x, y);
        element.hidden = !point;
        if (!point) return;
        const [left, top] = [point.x - frame.left, point.y - frame.top];
        const bound = (value, size) => Math.max(0, Math.min(size, value));
        const [shownX, shownY] = [bound(left, frame.width), bound(top, frame.height)];
        // What lies beside the part of the desk that is seen is shown at its edge.
        element.dataset.beyond = String(shownX !== left || shownY !== top);
        element.dataset.side = left > frame.width / 2 ? 'left' : 'right';
        element.dataset.level = top > frame.height - LOW ? 'above' : 'below';
        element.style.transform = `translate(${shownX}px, ${shownY}px)`;
        // Not before: what is new does not glide to its place.
        if (!element.isConnected) this.#at.pointers.append(element);
    }

    #ring({ person, x, y }) {
        if (!this.#name(person)) return;
        const element = document.createElement('div');
        element.className = 'ring';
        element.dataset.person = person;
        element.dataset.hue = hueOf(person);
        element.append(document.createElement('i'));
        const ring = { element, x, y };
        this.#rings.add(ring);
        this.#draw();
        setTimeout(() => {
            element.remove();
            this.#rings.delete(ring);
        }, RING);
    }
}

/** Milliseconds. */
const RING = 1500;
/** CSS pixels above the lower edge where a name finds no room below. */
const LOW = 40;
