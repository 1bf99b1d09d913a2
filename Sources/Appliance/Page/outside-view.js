import { say } from './catalogue.js';

/** Those who are here by another program than the room's page: who they are, how many watch, and how that ends. */
export class OutsideView {
    #room;
    #note;

    /** @param {{room: Room, at: Record<string, HTMLElement>}} parts */
    constructor({ room, at }) {
        this.#room = room;
        this.#note = at['outside-note'];
    }

    /** What is said of somebody in the list of people; empty for whoever is here by the page. */
    words(id) {
        const outside = this.#room.people.find((person) => person.id === id)?.outside;
        if (!outside) return '';
        return say(outside === 'viewer' ? 'outside.viewer' : 'outside.publisher');
    }

    /** One tap ends it, for whoever may end people's stay. */
    actions({ id, name, outside }) {
        const { signalling, standing } = this.#room;
        if (!outside || !standing.may('remove')) return [];
        const act = () => signalling.send({ type: 'remove', person: id, reason: '' });
        const label = say(outside === 'viewer' ? 'outside.endViewer' : 'outside.endPublisher', { name });
        return [{ id: 'end-outside', text: say('outside.end'), label, act }];
    }

    render() {
        const count = this.#room.people.filter(({ outside }) => outside === 'viewer').length;
        const words = count > 0 ? say('outside.watching', { count }) : '';
        this.#note.hidden = count === 0;
        if (this.#note.textContent !== words) this.#note.textContent = words;
    }
}
