import { say } from './catalogue.js';

/**
 * What is dragged into the window: a browser would open it, in front of the session. Files that are dropped on the desk's picture are
 * put there, if this person may; everything else is refused in words; text may be dropped where there is a field for it.
 */
export class Drops {
    #notice;
    #target;
    #isTold = false;

    /**
     * @param {(words: string) => void} notice
     * @param {{mayDrop: () => boolean, isOn: (event: DragEvent) => boolean,
     *     drop: (files: File[], event: DragEvent) => void}} target who takes files: whether it does at all, and there
     */
    constructor(notice, target) {
        this.#notice = notice;
        this.#target = target;
        // A quick hand drops on what has only been entered.
        addEventListener('dragenter', (event) => this.#judge(event));
        addEventListener('dragover', (event) => this.#judge(event));
        addEventListener('drop', (event) => this.#judge(event, true));
        // Once for each time that something is dragged in.
        addEventListener('dragleave', ({ relatedTarget }) => {
            if (!relatedTarget) this.#isTold = false;
        });
        addEventListener('dragend', () => (this.#isTold = false));
    }

    #judge(event, isDropped = false) {
        const { dataTransfer, target } = event;
        const kinds = [...dataTransfer?.types ?? []];
        const isFile = kinds.includes('Files');
        if (!isFile && kinds.includes('text/plain') && target.closest?.(FIELDS)) return;
        event.preventDefault();
        if (isFile && this.#target.mayDrop() && this.#target.isOn(event)) return this.#take(event, isDropped);
        if (dataTransfer) dataTransfer.dropEffect = 'none';
        // On its way to where it may be dropped there is nothing to say.
        const isOnItsWay = isFile && this.#target.mayDrop() && !isDropped;
        if (!this.#isTold && !isOnItsWay) this.#notice(say(isFile ? 'drop.file' : 'drop.other'));
        this.#isTold = !isDropped && !isOnItsWay;
    }

    #take(event, isDropped) {
        event.dataTransfer.dropEffect = 'copy';
        if (!isDropped) return;
        const items = [...event.dataTransfer.items].filter(({ kind }) => kind === 'file');
        const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory ?? false;
        if (items.some(isFolder)) this.#notice(say('files.folder'));
        const files = items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()).filter(Boolean);
        if (files.length > 0) this.#target.drop(files, event);
    }
}

/** Where text may be dropped: not the field that types on the desk. */
const FIELDS = '#chat-text, #name';
