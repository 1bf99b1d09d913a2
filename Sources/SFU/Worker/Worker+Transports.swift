internal import IO
public import WebRTC
internal import Wire

extension Worker {
    // MARK: Routers

    /// Makes a router: a group of transports whose producers may be consumed by one another.
    public func makeRouter() -> RouterID { core.makeRouter() }

    /// Closes the router and every transport on it.
    public func close(_ router: RouterID) throws(SFUError) {
        try core.close(router, now: .now(), into: &queue)
        finishCall()
    }

    // MARK: WebRTC transports

    /// Makes a transport that waits for a peer's connectivity checks.
    public func makeWebRTCTransport(on router: RouterID) throws(SFUError) -> WebRTCTransportParameters {
        let transport = try core.makeWebRTCTransport(on: router, now: .now())
        return WebRTCTransportParameters(
            id: transport.id,
            iceCredentials: transport.ice.local,
            candidates: reachable,
            fingerprint: fingerprint,
            sctp: SCTPParameters()
        )
    }

    /// Tells a transport who its peer is; the handshake runs once the peer's checks have arrived.
    ///
    /// - Parameters:
    ///   - ice: The peer's own credentials. With them the Worker finds out within a round trip that a router
    ///     has given the peer another address, and without when the peer next checks for consent.
    ///   - sctp: `nil` if the peer has no data channels.
    /// - Throws: `invalidState` if it was told before.
    public func connect(
        _ id: TransportID,
        dtls: DTLSParameters,
        ice: ICECredentials? = nil,
        sctp: SCTPParameters? = SCTPParameters()
    ) throws(SFUError) {
        let now = Instant.now()
        let transport = try core.webRTCTransport(id)
        try transport.connect(dtls, ice: ice, sctp: sctp, now: now, into: &queue)
        core.collect()
        finishCall()
    }

    /// Gives a transport new ICE credentials; the old ones serve until a check with the new ones succeeds.
    public func restartICE(_ id: TransportID) throws(SFUError) -> ICECredentials {
        core.restartICE(try core.webRTCTransport(id))
    }

    /// Takes over the credentials that the peer has told of in a restart, or later than
    /// ``connect(_:dtls:ice:sctp:)``.
    public func setRemoteICE(_ credentials: ICECredentials, of id: TransportID) throws(SFUError) {
        try core.webRTCTransport(id).setRemoteICE(credentials, into: &queue)
        finishCall()
    }

    /// Closes a transport of any kind, with everything on it.
    public func close(_ id: TransportID) throws(SFUError) {
        try core.close(id, now: .now(), into: &queue)
        finishCall()
        closeSockets(of: id)
        for waiter in pipedDataWaiters.keys where waiter.transport == id {
            pipedDataWaiters.removeValue(forKey: waiter)?.resume(returning: nil)
        }
    }

    // MARK: Plain transports

    /// Makes a transport for unprotected RTP and RTCP from this machine, both on one new port of 127.0.0.1.
    ///
    /// It learns its peer from the peer's first packet of a known SSRC
    /// (``produce(on:kind:parameters:streamID:)`` first). Packets from a new port are accepted once the old
    /// one has been silent for 100 ms, so that a restarted process finds its way back; or at once after
    /// ``forgetPeer(of:)``.
    ///
    /// - Parameter key: A secret that the peer's reports carry as their CNAME. With it, a peer is known only by that,
    ///   and packets from any other port are dropped.
    public func makePlainTransport(
        on router: RouterID,
        key: String? = nil
    ) throws -> PlainTransportParameters {
        let transport = try core.makePlainTransport(on: router, key: key)
        let socket = try openSocket(of: transport)
        return PlainTransportParameters(id: transport.id, localAddress: socket.localAddress)
    }

    /// Makes a plain transport accept the next peer at once, as its process was started anew.
    public func forgetPeer(of id: TransportID) throws(SFUError) {
        try core.plainTransport(id).forgetPeer()
    }
}
