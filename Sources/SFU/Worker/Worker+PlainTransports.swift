internal import IO
public import WebRTC
public import Wire

extension Worker {
    // MARK: Plain transports

    /// Makes a transport for a process that speaks RTP and RTCP and nothing else, such as GStreamer or FFmpeg
    /// (mediasoup's `router.createPlainTransport`).
    ///
    /// Without comedia it sends and takes nothing before ``connect(_:to:rtcpPort:srtp:)``. Its producers need SSRCs. A
    /// packet that the peer misses and asks for is sent again in the format of RFC 4588 if the consumer has one;
    /// otherwise as it was, if packets are not sealed.
    ///
    /// - Returns: Where it is; and its key, which the peer needs to open what it sends.
    /// - Throws: ``SFUError/notFound`` if there is no such router; ``SFUError/unsupported(_:)`` for an address that nobody
    ///   can send to, or a suite that is not spoken; ``SystemError`` if the address cannot be bound.
    public func makePlainTransport(
        on router: RouterID,
        options: PlainTransportOptions
    ) throws -> PlainTransportParameters {
        var keys = SystemRandomNumberGenerator()
        let transport = try core.makePlainTransport(on: router, options: options, now: .now(), using: &keys)
        let socket = try openSocket(of: transport, boundTo: options.listenAddress)
        var rtcpAddress: SocketAddress?
        if !options.rtcpMux {
            var address = options.listenAddress
            address.port = options.rtcpPort
            rtcpAddress = try openSocket(of: transport, .rtcp, boundTo: address).localAddress
        }
        return PlainTransportParameters(
            id: transport.id,
            localAddress: socket.localAddress,
            rtcpAddress: rtcpAddress,
            srtp: transport.srtp
        )
    }

    /// Tells a plain or pipe transport where its peer is and with what key it seals (mediasoup's `plainTransport.connect`,
    /// `pipeTransport.connect`).
    ///
    /// Nothing is taken from any other address and port from then on. With comedia the peer's first packet says where it
    /// is: the address is left out, and the call is needed only for the key.
    ///
    /// - Parameters:
    ///   - remote: Where the peer takes RTP, and sends it from.
    ///   - rtcpPort: Where it takes RTCP, and sends it from, at the same address; for a transport without rtcpMux.
    ///   - srtp: The peer's own key, for a transport that seals.
    /// - Throws: ``SFUError/notFound``; ``SFUError/invalidState(_:)`` if it was told before;
    ///   ``SFUError/unsupported(_:)``, in words, for what does not fit the transport's options.
    public func connect(
        _ id: TransportID,
        to remote: SocketAddress?,
        rtcpPort: UInt16? = nil,
        srtp: SRTPParameters? = nil
    ) throws(SFUError) {
        guard let socket = plainSockets.first(where: { $0.transport.id == id }) else { throw .notFound }
        if let pipe = socket.transport as? PipeTransport {
            guard let remote, rtcpPort == nil else {
                throw .unsupported("a pipe has one address, for RTP and RTCP")
            }
            try core.connect(pipe, to: remote, from: socket.localAddress, srtp: srtp, now: .now())
        } else {
            try socket.transport.connect(to: remote, rtcpPort: rtcpPort, srtp: srtp, now: .now())
        }
        finishCall()
    }

    // MARK: Sockets

    /// Opens a socket of a transport that has just been made; if that fails, the transport goes.
    func openSocket(
        of transport: TupleTransport,
        _ port: TransportPort = .rtp,
        boundTo address: SocketAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    ) throws -> PlainSocket {
        do {
            let socket = try PlainSocket(transport, port, boundTo: address)
            try executor.watch(socket.descriptor)
            plainSockets.append(socket)
            return socket
        } catch {
            try core.close(transport.id, now: .now(), into: &queue)
            closeSockets(of: transport.id)
            throw error
        }
    }

    func closeSockets(of id: TransportID) {
        for socket in plainSockets where socket.transport.id == id { executor.unwatch(socket.descriptor) }
        plainSockets.removeAll { $0.transport.id == id }
    }

    // MARK: Direct transports

    /// Makes a transport that ends in this process: what it consumes is handed to `reader` (mediasoup's
    /// `router.createDirectTransport`).
    ///
    /// Recording begins here: ``consume(_:on:options:)`` each producer on such a transport, with the producer's own codecs
    /// as capabilities, and write what the reader is given. A consumer of video begins with a key frame, and after a loss
    /// goes on when the source has repaired it; ``requestKeyFrame(_:)-(ConsumerID)`` asks for another one.
    ///
    /// - Throws: ``SFUError/notFound`` if there is no such router.
    public func makeDirectTransport(on router: RouterID, reader: DirectReader) throws(SFUError) -> TransportID
    {
        try core.makeDirectTransport(on: router, reader: reader, now: .now()).id
    }

    /// Gives a direct transport an RTP packet of one of its producers (mediasoup's `producer.send`).
    ///
    /// - Parameter packet: Header, extensions and payload, at most 1 400 bytes, with the SSRC of an encoding.
    /// - Throws: ``SFUError/notFound``; ``SFUError/unsupported(_:)`` if it is no such packet.
    public func sendRTP(_ packet: [UInt8], on id: TransportID) throws(SFUError) {
        try unsafe core.sendRTP(packet.span.bytes, on: id, now: .now())
        finishCall()
    }

    /// Makes a data producer on a direct transport (mediasoup's `directTransport.produceData`).
    ///
    /// ``send(_:isBinary:on:)-(_,_,DataProducerID)`` sends as it: to whoever reads it here, and through pipes.
    ///
    /// - Throws: ``SFUError/unsupported(_:)`` on any other transport, whose peer opens its channels itself;
    ///   ``SFUError/invalidState(_:)`` if there are too many.
    public func produceData(
        on id: TransportID,
        _ parameters: DataChannelParameters
    ) throws(SFUError) -> DataProducerID {
        try core.produceData(on: id, parameters)
    }

    /// Gives a direct transport a compound RTCP packet (mediasoup's `directTransport.sendRtcp`): sender reports of its
    /// producers; receiver reports, NACK, PLI and FIR about its consumers.
    ///
    /// - Throws: ``SFUError/notFound``; ``SFUError/unsupported(_:)`` if it is malformed (RFC 3550 §6.1).
    public func sendRTCP(_ compound: [UInt8], on id: TransportID) throws(SFUError) {
        try unsafe core.sendRTCP(compound.span.bytes, on: id, now: .now(), into: &queue)
        finishCall()
    }
}
