/** Where a room is, from the address of its page or a link that leads into it. */
export class RoomAddress {
    /** What is in the link, if anything. @type {string | null} */
    token;
    /** What the room's own addresses are below: it may have a path that a proxy has given it. @type {URL} */
    base;

    /** @param {string | URL} text `https://rooms.example.org/s/42/`, or a link with `#token=…` */
    constructor(text) {
        const url = new URL(text, location.href);
        this.token = new URLSearchParams(url.hash.slice(1)).get('token');
        this.base = new URL('.', url.origin + url.pathname);
    }

    /** Of the WebSocket. */
    get socket() {
        const url = new URL('room', this.base);
        url.protocol = this.base.protocol === 'https:' ? 'wss:' : 'ws:';
        return url.href;
    }

    /** Where the room says how it does. */
    get health() {
        return new URL('healthz', this.base).href;
    }

    /** Where the room says, to pages of other sites, whether it takes them. */
    get library() {
        return new URL('client/deskroom-client.js', this.base).href;
    }

    /** Whether the page that this runs on is of another site. */
    get isForeign() {
        return this.base.origin !== location.origin;
    }
}
