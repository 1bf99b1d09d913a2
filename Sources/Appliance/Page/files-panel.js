import { say } from './catalogue.js';
import { shownName } from './client/foreign.js';
import { changedWords, sizeWords, transferWords } from './files-words.js';
import { Rows } from './files-rows.js';

/** The panel of files: what is on its way, and what the folder on the desk has. */
export class FilesPanel {
    #at;
    #room;
    #files;
    #transfers;
    #entries;

    /** @param {{at: Record<string, HTMLElement>, room: Room, popup: Popup}} parts */
    constructor({ at, room, popup }) {
        this.#at = at;
        this.#room = room;
        this.#files = room.files;
        this.#transfers = new Rows(at['files-transfers-list'], at.files);
        this.#entries = new Rows(at['files-list'], at.files);
        at['files-choose'].addEventListener('click', () => at['files-input'].click());
        at['files-input'].addEventListener('change', () => {
            this.#files.upload([...at['files-input'].files]);
            // The same one may be chosen again.
            at['files-input'].value = '';
        });
        popup.addEventListener('change', () => {
            this.#files.watch(popup.isShown);
            this.render();
        });
        this.#files.addEventListener('change', () => this.render());
        room.addEventListener('people', () => this.render());
        this.render();
    }

    render() {
        const at = this.#at;
        const { isThere, toDesk, fromDesk, transfers } = this.#files;
        at['files-button'].hidden = !isThere && transfers.length === 0;
        if (at['files-button'].hidden) at.files.hidden = true;
        const under = transfers.filter(({ state }) => state !== 'ended').length;
        write(at['files-count'], under > 0 ? String(under) : '');
        if (at.files.hidden) return;
        at['files-put'].hidden = !toDesk;
        at['files-transfers'].hidden = transfers.length === 0;
        at['files-there'].hidden = !fromDesk;
        this.#transfers.update(transfers, ({ id }) => id, (row, one) => this.#writeTransfer(row, one));
        if (fromDesk) this.#renderList();
    }

    #renderList() {
        const at = this.#at;
        const { entries, hasMore } = this.#files;
        this.#renderPeople();
        this.#entries.update(entries ?? [], ({ name }) => name, (row, entry) => this.#writeEntry(row, entry));
        at['files-none'].hidden = entries !== null && entries.length > 0;
        write(at['files-none'], say(entries === null ? 'files.loading' : 'files.none'));
        at['files-more'].hidden = !hasMore;
    }

    /** To whom files can be handed. */
    #renderPeople() {
        const choice = this.#at['files-person'];
        const others = this.#room.people.filter(({ id, outside }) => id !== this.#room.you?.id && !outside);
        this.#at['files-hand'].hidden = !this.#files.hand || others.length === 0;
        const said = JSON.stringify(others.map(({ id, name }) => [id, name]));
        if (choice.dataset.said === said) return;
        choice.dataset.said = said;
        const before = choice.value;
        choice.replaceChildren(...others.map(({ id, name }) => {
            const option = document.createElement('option');
            Object.assign(option, { value: String(id), textContent: name });
            return option;
        }));
        if (others.some(({ id }) => String(id) === before)) choice.value = before;
    }

    #writeTransfer(row, one) {
        const { file, state } = one;
        const name = shownName(file.name);
        const words = transferWords(one, this.#files.limit);
        row.say(name, words);
        row.progress(state === 'ended' || state === 'queued' ? null : file.size > 0 ? file.done / file.size : 0, say('files.progressOf', { name }));
        row.item.dataset.state = state === 'ended' && one.outcome !== 'done' ? 'failed' : state;
        const isOver = state === 'ended';
        row.buttons([{
            id: 'end',
            text: say(isOver ? 'files.dismiss' : 'files.cancel'),
            label: say(isOver ? 'files.dismissName' : 'files.cancelName', { name }),
            act: () => this.#files.cancel(one.id),
        }]);
    }

    #writeEntry(row, entry) {
        const name = shownName(entry.name);
        row.say(name, `${sizeWords(entry.size)} · ${changedWords(entry.changed)}`);
        const take = {
            id: 'take', text: say('files.take'), label: say('files.takeName', { name }), act: () => this.#files.download(entry),
        };
        const hand = {
            id: 'hand', text: say('files.hand'), label: say('files.handName', { name }),
            act: () => this.#files.handTo(Number(this.#at['files-person'].value), entry.name),
        };
        row.buttons(this.#at['files-hand'].hidden ? [take] : [take, hand]);
    }
}

function write(target, text) {
    if (target.textContent !== text) target.textContent = text;
}
