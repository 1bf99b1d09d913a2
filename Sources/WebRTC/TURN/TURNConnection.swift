package import Wire

/// What one client of TURN over a stream says, and what it is answered (RFC 8656): at most one allocation, which relays datagrams
/// to and from a few peers that the owner names, and nobody else.
///
/// Call ``handle(_:now:clock:into:)`` with each piece of the stream, ``handleDatagram(_:from:now:into:)`` with what comes from
/// peers, ``handleAllocation(_:now:into:)`` once for each ``TURNOutput/Event/wanted(person:)``, and ``handleTimeout(now:into:)`` when
/// ``pollTimeout()`` is due. After each, do what the output says.
///
/// Who has no allocation within ``allocationTimeout``, or speaks something else, is sent away. Names expire for whoever wants an allocation;
/// who has one keeps it by the name that it was made with, as browsers do, which are told new names and go on with the old one.
package struct TURNConnection: Sendable {
    /// What became of an allocation that was wanted.
    package enum Allocation: Hashable, Sendable {
        /// It has a socket at this port; `peers` are all whom it can be used to reach, at most ``TURNAttributes/mostPeers`` of which
        /// count.
        case made(port: UInt16, peers: [SocketAddress])
        /// 486 (Allocation Quota Reached) or 508 (Insufficient Capacity).
        case refused(UInt16)
    }

    enum State: Sendable {
        case idle
        case wanted(Wish)
        case allocated(TURNAllocation)
        case ended
    }

    /// An Allocate request that is to be answered.
    struct Wish: Sendable {
        var id: STUNTransactionID
        var user: TURNUser
        var family: UInt8
        var lifetime: UInt32
    }

    /// As the client is seen from here.
    let client: SocketAddress
    var state = State.idle
    var authenticator: TURNAuthenticator
    private var reader = TURNFrameReader()
    /// When it is sent away if there is no allocation.
    private var deadline: Instant
    /// Requests refused while there is no allocation.
    private var refusals = 0

    package init(
        _ credentials: TURNCredentials,
        client: SocketAddress,
        random: RandomSource,
        now: Instant
    ) {
        self.client = client
        authenticator = TURNAuthenticator(credentials, random: random, now: now)
        deadline = now + Self.allocationTimeout
    }

    /// Whether the client has proved who it is, and has an allocation.
    package var isAllocated: Bool {
        if case .allocated = state { true } else { false }
    }

    // MARK: The client

    /// Takes the next piece of the stream.
    ///
    /// - Parameter clock: Seconds since 1970, by which names expire.
    package mutating func handle(
        _ bytes: RawSpan,
        now: Instant,
        clock: Int64,
        into output: inout TURNOutput
    ) {
        handleTimeout(now: now, into: &output)
        if case .ended = state { return }
        var reader = reader
        self.reader = TURNFrameReader()
        do throws(TURNFrameReader.Failure) {
            try reader.take(bytes) { frame, body in
                switch frame {
                case .channelData(let number): relay(body, on: number, now: now, into: &output)
                case .message: handleMessage(body, now: now, clock: clock, into: &output)
                }
                if case .ended = state { return false }
                return true
            }
        } catch {
            end(&output)
        }
        self.reader = reader
    }

    private func relay(
        _ datagram: RawSpan,
        on number: UInt16,
        now: Instant,
        into output: inout TURNOutput
    ) {
        guard case .allocated(let allocation) = state, let peer = allocation.peer(on: number, now: now) else {
            output.dropped += 1
            return
        }
        output.append(datagram, for: peer)
    }

    /// Answers a request with an error; too many without an allocation are not waited for.
    mutating func refuse(
        _ refusal: TURNRefusal,
        _ id: STUNTransactionID,
        _ method: UInt16,
        into output: inout TURNOutput
    ) {
        refusal.write(id, method: method, into: &output)
        noteUseless(&output)
    }

    /// Something came that leads nowhere.
    mutating func noteUseless(_ output: inout TURNOutput) {
        guard !isAllocated else { return }
        refusals += 1
        if refusals > Self.mostRefusals { end(&output) }
    }

    // MARK: The allocation

    /// The owner has done what was wanted, or not.
    package mutating func handleAllocation(_ made: Allocation, now: Instant, into output: inout TURNOutput) {
        guard case .wanted(let wish) = state else {
            // It has ended in the meantime.
            output.events.append(.released)
            return
        }
        switch made {
        case .made(let port, let peers):
            state = .allocated(
                TURNAllocation(
                    wish.user,
                    family: wish.family,
                    peers: Array(peers.prefix(TURNAttributes.mostPeers)),
                    until: now + .seconds(Int64(wish.lifetime))
                )
            )
            // Where the socket is really is nobody's business, and no use to anybody.
            let relayed =
                wish.family == 2
                ? SocketAddress(high: 0, low: 1, port: port) : SocketAddress(ipv4: 0x7f00_0001, port: port)
            let client = client
            output.appendMessage { answer in
                answer.appendSTUNHeader(.successResponse, method: TURNMethod.allocate, wish.id)
                answer.appendTURNRelayedAddress(relayed, wish.id)
                answer.appendTURNLifetime(wish.lifetime)
                answer.appendSTUNXORMappedAddress(client, wish.id)
                answer.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: wish.user.key) }
            }
        case .refused(let code):
            state = .idle
            refuse(TURNRefusal(code, to: wish.user), wish.id, TURNMethod.allocate, into: &output)
        }
    }

    /// Lets go of the allocation; the client may make another one.
    mutating func release(now: Instant, into output: inout TURNOutput) {
        state = .idle
        refusals = 0
        deadline = now + Self.allocationTimeout
        output.events.append(.released)
    }

    private mutating func end(_ output: inout TURNOutput) {
        switch state {
        case .ended: return
        case .allocated: output.events.append(.released)
        // The owner is told when it answers.
        case .idle, .wanted: break
        }
        state = .ended
        output.events.append(.ended)
    }

    // MARK: Peers

    /// Takes a datagram from the peer at this place among the allocation's.
    package mutating func handleDatagram(
        _ datagram: RawSpan,
        from peer: Int,
        now: Instant,
        into output: inout TURNOutput
    ) {
        guard case .allocated(let allocation) = state, allocation.expires > now,
            allocation.isPermitted(peer, now: now), datagram.byteCount <= Self.longestDatagram
        else {
            output.dropped += 1
            return
        }
        if let channel = allocation.channel(of: peer, now: now) {
            output.appendChannelData(channel, datagram)
            return
        }
        let id = authenticator.transactionID()
        output.appendMessage { message in
            message.appendSTUNHeader(.indication, method: TURNMethod.data, id)
            message.appendTURNPeerAddress(allocation.address(of: peer), id)
            message.appendTURNData(datagram)
        }
    }

    // MARK: Time

    /// When something is due; `nil` once it has ended.
    package func pollTimeout() -> Instant? {
        switch state {
        case .allocated(let allocation): allocation.expires
        case .idle, .wanted: deadline
        case .ended: nil
        }
    }

    package mutating func handleTimeout(now: Instant, into output: inout TURNOutput) {
        if case .allocated(let allocation) = state, allocation.expires <= now {
            release(now: now, into: &output)
        }
        if !isAllocated, deadline <= now { end(&output) }
    }

    /// What a page has for a whole request.
    package static let allocationTimeout = Interval.seconds(10)
    /// An honest client has one, or two if its nonce has become stale.
    private static let mostRefusals = 16
    /// Bytes; with a header and an address it is still a frame.
    package static let longestDatagram = 1_900
}
