internal import IO
internal import Wire

extension Worker {
    /// Announces a stream that a transport will receive.
    ///
    /// - Parameters:
    ///   - parameters: The codecs, extensions and SSRCs (or the mid, or RIDs) as the sender uses them.
    ///   - streamID: The name under which consumers are grouped by default; `nil`: one of its own.
    public func produce(
        on transport: TransportID,
        kind: MediaKind,
        parameters: RTPParameters,
        streamID: String? = nil
    ) throws(SFUError) -> ProducerID {
        try core.produce(on: transport, kind: kind, parameters: parameters, streamID: streamID)
    }

    /// Closes a producer and its consumers.
    public func close(_ id: ProducerID) throws(SFUError) {
        try core.close(id)
    }

    /// Makes a producer drop what it receives.
    public func pause(_ id: ProducerID) throws(SFUError) {
        try core.setPaused(id, true, now: .now())
    }

    /// Whether a producer drops what it receives.
    public func isPaused(_ id: ProducerID) throws(SFUError) -> Bool { try core.producer(id).isPaused }

    public func resume(_ id: ProducerID) throws(SFUError) {
        try core.setPaused(id, false, now: .now())
        finishCall()
    }

    /// Lets nothing more of a producer out to anybody, at once, and forgets all that is kept of it: key frames for those who
    /// come, what could be sent again, what waits for a pacer.
    ///
    /// What comes is dropped before ``release(_:from:)``; then consumers go on with a key frame.
    public func withhold(_ id: ProducerID) throws(SFUError) {
        try core.producer(id).withhold()
    }

    /// Lets a producer go on with what its source has made since a moment.
    ///
    /// - Parameter timestamps: RTP timestamps of that moment, by SSRC (RFC 3550 §5.1); each encoding goes on with its first
    ///   packet that is not older. One that is not named stays withheld.
    public func release(_ id: ProducerID, from timestamps: [UInt32: UInt32]) throws(SFUError) {
        try core.producer(id).release(from: timestamps)
    }

    /// Sends a producer's stream to a transport of the same router.
    ///
    /// Video starts with a key frame, which is asked for.
    public func consume(
        _ producer: ProducerID,
        on transport: TransportID,
        options: ConsumerOptions
    ) throws(SFUError) -> ConsumerParameters {
        let parameters = try core.consume(producer, on: transport, options: options, now: .now())
        finishCall()
        return parameters
    }

    public func close(_ id: ConsumerID) throws(SFUError) {
        try core.close(id)
    }

    /// Stops sending to a consumer.
    ///
    /// After ``resume(_:)-(ConsumerID)`` video goes on with a key frame.
    public func pause(_ id: ConsumerID) throws(SFUError) {
        try core.setPaused(id, true, now: .now())
        finishCall()
    }

    public func resume(_ id: ConsumerID) throws(SFUError) {
        try core.setPaused(id, false, now: .now())
        finishCall()
    }

    /// Chooses the highest layers that a consumer's receiver can use, such as for a small picture.
    ///
    /// By default there is no bound.
    ///
    /// Another encoding is shown from its next key frame on, which is asked for; until then the old one
    /// stays. Fewer temporal layers take effect at once, more as soon as they can be decoded.
    ///
    /// - Parameters:
    ///   - spatial: The index of an encoding, lowest first, or of a spatial layer; what is above the highest
    ///     stands for it.
    ///   - temporal: Likewise; `nil`: the highest.
    public func setPreferredLayers(_ id: ConsumerID, spatial: Int, temporal: Int? = nil) throws(SFUError) {
        try core.setPreferredLayers(id, spatial: spatial, temporal: temporal, now: .now())
        finishCall()
    }

    /// Asks a video producer's source for a key frame; requests close to one another become one.
    public func requestKeyFrame(_ id: ProducerID) throws(SFUError) {
        try core.producer(id).requestKeyFrame(now: .now())
        finishCall()
    }

    /// Asks the source of what a consumer shows for a key frame, as its receiver may with RTCP.
    public func requestKeyFrame(_ id: ConsumerID) throws(SFUError) {
        try core.requestKeyFrame(id, now: .now())
        finishCall()
    }

    /// Says which of a transport's consumers comes first where its path does not carry all.
    ///
    /// - Parameter priority: 1…255, greater first; 100 at the beginning.
    public func setPriority(_ id: ConsumerID, _ priority: Int) throws(SFUError) {
        try core.consumer(id).priority = min(max(priority, 1), 255)
    }
}
