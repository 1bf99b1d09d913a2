internal import Wire

/// Requests and indications (RFC 8656 §7 to §12).
extension TURNConnection {
    /// A message that came from somebody who is known, and its parts.
    private struct Request {
        var id: STUNTransactionID
        var method: UInt16
        var attributes: TURNAttributes
        var user: TURNUser
    }

    mutating func handleMessage(
        _ bytes: RawSpan,
        now: Instant,
        clock: Int64,
        into output: inout TURNOutput
    ) {
        guard let message = try? STUNMessage(parsing: bytes),
            let attributes = try? TURNAttributes(of: message, in: bytes)
        else { return noteUseless(&output) }
        switch (message.kind, message.method) {
        case (.request, STUNMessage.binding): tellAddress(message.transactionID, into: &output)
        case (.indication, TURNMethod.send): send(attributes, bytes, now: now, into: &output)
        case (.request, TURNMethod.allocate), (.request, TURNMethod.refresh),
            (.request, TURNMethod.createPermission), (.request, TURNMethod.channelBind):
            let outcome = authenticator.authenticate(
                message,
                attributes,
                bytes,
                holder: holder,
                now: now,
                clock: clock
            )
            let (id, method) = (message.transactionID, message.method)
            switch outcome {
            case .proven(let user):
                handle(
                    Request(id: id, method: method, attributes: attributes, user: user),
                    now: now,
                    into: &output
                )
            case .refused(let refusal): refuse(refusal, id, method, into: &output)
            }
        default: noteUseless(&output)
        }
    }

    /// A binding request needs nothing, and shows whoever asks where they come from.
    private mutating func tellAddress(_ id: STUNTransactionID, into output: inout TURNOutput) {
        let client = client
        output.appendMessage { answer in
            answer.appendSTUNHeader(.successResponse, id)
            answer.appendSTUNXORMappedAddress(client, id)
        }
        noteUseless(&output)
    }

    private func send(
        _ attributes: TURNAttributes,
        _ bytes: RawSpan,
        now: Instant,
        into output: inout TURNOutput
    ) {
        guard case .allocated(let allocation) = state, attributes.unknown.isEmpty,
            attributes.peers.count == 1, let data = attributes.data,
            let peer = allocation.permitted(attributes.peers[0], now: now)
        else {
            output.dropped += 1
            return
        }
        output.append(bytes.extracting(data), for: peer)
    }

    private var holder: TURNUser? {
        if case .allocated(let allocation) = state { allocation.user } else { nil }
    }

    // MARK: What is asked for

    private mutating func handle(_ request: Request, now: Instant, into output: inout TURNOutput) {
        let code: UInt16?
        switch request.method {
        case TURNMethod.allocate: code = allocate(request, into: &output)
        case TURNMethod.refresh: code = refresh(request, now: now, into: &output)
        default: code = permit(request, now: now, into: &output)
        }
        if let code {
            refuse(TURNRefusal(code, to: request.user), request.id, request.method, into: &output)
        }
    }

    /// §7.2.
    private mutating func allocate(_ request: Request, into output: inout TURNOutput) -> UInt16? {
        guard case .idle = state else { return 437 }
        guard let transport = request.attributes.transport else { return 400 }
        guard transport == Self.udp else { return 442 }
        let family = request.attributes.family ?? 1
        guard (1...2).contains(family) else { return 440 }
        state = .wanted(
            Wish(
                id: request.id,
                user: request.user,
                family: family,
                lifetime: Self.lifetime(request.attributes.lifetime)
            )
        )
        output.events.append(.wanted(person: request.user.person))
        return nil
    }

    /// §8.2.
    private mutating func refresh(
        _ request: Request,
        now: Instant,
        into output: inout TURNOutput
    ) -> UInt16? {
        guard case .allocated(var allocation) = state else { return 437 }
        if let family = request.attributes.family, family != allocation.family { return 443 }
        var lifetime: UInt32 = 0
        if request.attributes.lifetime == 0 {
            release(now: now, into: &output)
        } else {
            lifetime = Self.lifetime(request.attributes.lifetime)
            allocation.extend(until: now + .seconds(Int64(lifetime)))
            state = .allocated(allocation)
        }
        succeed(request, into: &output) { $0.appendTURNLifetime(lifetime) }
        return nil
    }

    /// CreatePermission (§10.2) and ChannelBind (§12.2).
    private mutating func permit(
        _ request: Request,
        now: Instant,
        into output: inout TURNOutput
    ) -> UInt16? {
        guard case .allocated(var allocation) = state else { return 437 }
        guard let first = request.attributes.peers.first else { return 400 }
        if request.method == TURNMethod.createPermission {
            if let code = allocation.permit(request.attributes.peers, now: now) { return code }
        } else {
            guard let number = request.attributes.channel else { return 400 }
            if let code = allocation.bind(number, to: first, now: now) { return code }
        }
        state = .allocated(allocation)
        succeed(request, into: &output) { _ in }
        return nil
    }

    private func succeed(
        _ request: Request,
        into output: inout TURNOutput,
        _ more: (inout OutputRawSpan) -> Void
    ) {
        output.appendMessage { answer in
            answer.appendSTUNHeader(.successResponse, method: request.method, request.id)
            more(&answer)
            answer.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: request.user.key) }
        }
    }

    /// Seconds, by what is asked for (§7.2).
    private static func lifetime(_ wanted: UInt32?) -> UInt32 {
        min(max(wanted ?? usualLifetime, usualLifetime), longestLifetime)
    }

    private static let usualLifetime: UInt32 = 600
    private static let longestLifetime: UInt32 = 3_600
    /// UDP's number among the protocols of IP.
    private static let udp: UInt8 = 17
}
