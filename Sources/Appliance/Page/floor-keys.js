/**
 * Keys about control that work wherever the focus is, also while keys go to the desk.
 *
 * Control, Alt, Shift and X end control: whoever may takes it from whoever has it, everybody else gives back their own.
 * Alt, Shift and A lead to a question that waits for an answer; from the desk Control, Alt and Shift do.
 */
export class FloorKeys {
    #room;
    #keys;
    #toQuestion;

    /** @param {{room: Room, keys: HTMLElement, toQuestion: () => boolean}} parts `keys`: what types on the desk */
    constructor({ room, keys, toQuestion }) {
        this.#room = room;
        this.#keys = keys;
        this.#toQuestion = toQuestion;
        // Before anybody sends them to the desk.
        addEventListener('keydown', (event) => this.#down(event), { capture: true });
    }

    #down(event) {
        const { altKey, ctrlKey, metaKey, shiftKey, code, target, repeat } = event;
        if (!altKey || !shiftKey || metaKey) return;
        if (ctrlKey && code === 'KeyX') {
            event.preventDefault();
            event.stopImmediatePropagation();
            if (!repeat) this.#end();
        } else if (!ctrlKey && code === 'KeyA' && target !== this.#keys && this.#toQuestion()) {
            event.preventDefault();
        }
    }

    #end() {
        const { control, floor, turns } = this.#room;
        // At once, whenever the room hears of it.
        control.releaseAll();
        if (floor.mayGive) floor.revoke();
        else if (control.mine) turns.toggle();
    }
}
