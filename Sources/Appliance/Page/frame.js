/**
 * The page in a frame of another site's page: tells that page how things are, and does what it asks for (docs/embedding.md). Nobody else
 * is told anything: each message goes to the page that holds the frame, if it has one of the origins that the room names
 * (`page.origins`), and is taken from it alone.
 */
export class Frame {
    #client;
    #join;
    #leave;
    /** Whose page it is, once it has said hello. @type {string | null} */
    #origin = null;
    #told = '';

    /**
     * @param {{client: DeskroomClient, join: (name: string) => void, leave: () => void}} parts `join`, `leave`: as if the person did
     */
    constructor({ client, join, leave }) {
        this.#client = client;
        this.#join = join;
        this.#leave = leave;
        if (parent === window) return;
        addEventListener('message', (event) => this.#receive(event));
        for (const type of ['state', 'people', 'desk', 'picture']) client.addEventListener(type, () => this.#tell());
        client.control.addEventListener('change', () => this.#tell());
        client.chat.addEventListener('change', () => this.#tell());
        for (const type of ['refused', 'ended']) {
            client.addEventListener(type, ({ detail: { code, message } }) => this.#send({ type, code, message }));
        }
        client.addEventListener('waiting', () => this.#send({ type: 'waiting' }));
        client.addEventListener('closing', ({ detail }) => this.#send({ type: 'closing', seconds: detail.values?.seconds ?? null }));
    }

    /** What has been asked for. Anything else, and anybody else, is passed over. */
    #receive({ data, origin, source }) {
        if (source !== parent || !allowed().includes(origin) || data === null || typeof data !== 'object') return;
        const { control } = this.#client;
        const { type, name } = data.deskroom === VERSION ? data : {};
        switch (type) {
            case 'hello': return this.#greet(origin);
            case 'join': return typeof name === 'string' && name.trim() && this.#client.state === 'idle' ? this.#join(name.trim()) : null;
            case 'leave': return this.#client.state === 'idle' ? null : this.#leave();
            // What comes of it is in the next `state`, and the page itself tells its person.
            case 'requestControl': return control.request().catch(() => {});
            case 'releaseControl': return control.release();
        }
    }

    #greet(origin) {
        this.#origin = origin;
        this.#told = '';
        this.#send({ type: 'welcome' });
        this.#tell();
    }

    /** How all is, whenever it is something else. */
    #tell() {
        const { state, desk, control, chat, people, picture } = this.#client;
        const facts = {
            type: 'state',
            state,
            people: people.length,
            desk: desk && { state: desk.state, width: desk.width, height: desk.height, isShown: picture !== null },
            control: { isMine: control.isMine, isHeld: control.holder !== null, isWaiting: control.isWaiting },
            unread: chat.unread,
        };
        const text = JSON.stringify(facts);
        if (text === this.#told || this.#origin === null) return;
        this.#told = text;
        this.#send(facts);
    }

    #send(message) {
        if (this.#origin !== null) parent.postMessage({ deskroom: VERSION, ...message }, this.#origin);
    }
}

/** Origins of pages that may hold this one, as the room's server has written them into it. */
const allowed = () => (document.documentElement.dataset.origins ?? '').split(' ').filter(Boolean);

/** Of these messages. */
const VERSION = 1;
