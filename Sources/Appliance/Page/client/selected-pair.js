/**
 * The way that a connection's media takes, an `RTCIceCandidatePairStats`; `undefined` before there is one.
 *
 * Not every pair that works is nominated, and not at once (RFC 8445 §8.1.1): the transport says which is in use.
 * `reports`: what `getStats()` gave. Older Firefox has no report about the transport, and marks the pair itself.
 */
export function selectedPair(reports) {
    const all = [...reports.values()];
    const transport = all.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
    return transport ? reports.get(transport.selectedCandidatePairId)
        : all.find(({ type, selected }) => type === 'candidate-pair' && selected);
}
