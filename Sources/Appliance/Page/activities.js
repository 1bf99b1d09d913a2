/**
 * What may be started on the desk and what runs, as the room tells those who may arrange it, and what this person asks for.
 *
 * Events: `change`; `news` (`kind` in `detail`: `running`, `ended`, `failed` or `notStarted` with the `activity`, or `reset` with what
 * became of that in `reset`) when something has happened that was not so when this page heard of it first.
 */
export class Activities extends EventTarget {
    #send;
    #resets = 0;

    /** `{id, name, names, comment, comments, state, status?, signal?}`; `null`: it is not for this person. */
    list = null;
    /** Whether the desk's files are deleted, too, when it is reset. */
    deletesHome = false;
    isResetting = false;

    /** @param {(message: object) => boolean} send */
    constructor(send) {
        super();
        this.#send = send;
    }

    /** @param {object} state as the room tells it */
    update({ list, deletesHome, resetting, reset }) {
        const before = this.list;
        this.list = list ?? [];
        this.deletesHome = Boolean(deletesHome);
        this.isResetting = Boolean(resetting);
        const [known, resets] = [this.#resets, reset?.number ?? 0];
        this.#resets = resets;
        this.dispatchEvent(new Event('change'));
        if (!before) return;
        for (const news of resets > known ? [{ kind: 'reset', reset }] : happened(before, this.list)) {
            this.dispatchEvent(new CustomEvent('news', { detail: news }));
        }
    }

    /** The room is not reached, or this person may not any more. */
    forget() {
        if (!this.list) return;
        this.list = null;
        this.isResetting = false;
        this.dispatchEvent(new Event('change'));
    }

    start(id) {
        return this.#send({ type: 'startActivity', id });
    }

    stop(id) {
        return this.#send({ type: 'stopActivity', id });
    }

    reset() {
        return this.#send({ type: 'resetDesk' });
    }
}

/** What has become of activities between two lists. Pure. */
export function happened(before, after) {
    const states = new Map(before.map(({ id, state }) => [id, state]));
    const news = [];
    for (const activity of after) {
        const [was, is] = [states.get(activity.id), activity.state];
        if (was === undefined || was === is) continue;
        if (is === 'running') news.push({ kind: 'running', activity });
        if (is === 'stopped') news.push({ kind: 'ended', activity });
        if (is === 'failed') news.push({ kind: isStarted(activity) ? 'failed' : 'notStarted', activity });
    }
    return news;
}

const isStarted = ({ status, signal }) => status !== undefined || signal !== undefined;
