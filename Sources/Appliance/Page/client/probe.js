/**
 * Asks the page's own server by plain HTTP, to tell a server that is not reached from a WebSocket that is not let through:
 * of a WebSocket that fails a browser says no more than that.
 *
 * `unreached`: no answer, for want of a network, of the name (DNS), of the port, or because the certificate is not trusted
 * any more, between which a browser does not tell; `foreign`: something else answers, such as the sign-in page of a guest
 * network, or a proxy; `reached`.
 * @returns {Promise<{outcome: 'reached' | 'foreign' | 'unreached', status: number | null}>}
 */
export async function probe(address = 'healthz', patience = PATIENCE) {
    try {
        const answer = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(patience), redirect: 'manual' });
        const { status } = answer;
        if (!answer.ok) return { outcome: 'foreign', status };
        const told = await answer.json().catch(() => null);
        return { outcome: typeof told?.status === 'string' ? 'reached' : 'foreign', status };
    } catch {
        return { outcome: 'unreached', status: null };
    }
}

/** Milliseconds. */
const PATIENCE = 4000;
