import { currentLocale, say } from './catalogue.js';
import { DeviceCheck } from './device-check.js';
import { shownText } from './client/foreign.js';

/** What somebody sees who waits to be let in: calm, without anybody's name, and with something to try meanwhile. */
export class WaitView {
    #view;
    #at;
    #room;
    #check;
    #notice = null;

    /** @param {{view: View, room: Room, onLeave: () => void}} parts */
    constructor({ view, room, onLeave }) {
        this.#view = view;
        this.#at = view.elements;
        this.#room = room;
        this.#check = new DeviceCheck({ at: view.elements, signalling: room.signalling });
        this.#at['wait-leave'].addEventListener('click', onLeave);
        room.addEventListener('waiting', ({ detail }) => this.#show(detail));
        room.signalling.addEventListener('change', () => this.#write());
    }

    get isShown() {
        return !this.#at.wait.hidden;
    }

    /** The wait is over, in whatever way. */
    end() {
        this.#notice = null;
        this.#check.stop();
    }

    /** Writes the words, in the language that is chosen. */
    write() {
        this.#write();
        if (this.isShown) this.#check.write();
    }

    #show(notice) {
        const isNew = !this.#notice;
        const hadLine = this.#notice?.line;
        this.#notice = notice;
        if (isNew) {
            this.#view.showWait();
            this.#check.start();
            this.#at['wait-title'].focus();
        }
        this.#write();
        const { line } = notice;
        if (line && line !== hadLine) this.#view.announce(say('wait.said', { line: shownText(line) }));
    }

    #write() {
        if (!this.#notice) return;
        const { since, now, line, at } = this.#notice;
        const isLost = this.#room.signalling.state !== 'open';
        write(this.#at['wait-lead'], say(isLost ? 'wait.lost' : 'wait.lead'));
        // By this device's clock, which its person reads elsewhere too.
        const time = new Date(at - (now - since));
        const hour = new Intl.DateTimeFormat(currentLocale(), { timeStyle: 'short' }).format(time);
        write(this.#at['wait-since'], say('wait.since', { time: hour }));
        this.#at['wait-message'].hidden = !line;
        write(this.#at['wait-line'], shownText(line ?? ''));
    }
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
